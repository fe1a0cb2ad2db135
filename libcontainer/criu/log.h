/* SPDX-License-Identifier: Apache-2.0 */
/* What CRIU's log says. Pure. */
#pragma once

#include <stddef.h>

/*
 * The last error that says more than that the whole has failed, without its time and its
 * place in CRIU's source: "mnt: Can't open ...". "" when there is none.
 */
void criu_log_last_error(const char *log, char *ret, size_t room);
