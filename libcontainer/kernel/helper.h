/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ctr's own programs, which do what needs a heavy library (src/libexec). They are where ctr
 * was installed to look for them, or beside a ctr that was started by its path, as in a
 * build directory; never in PATH.
 */
#pragma once

#include "base/error.h"

/* The path of `name` ("ctr-systemd"); the caller frees. Errors: ENOENT, ENOMEM. */
int helper_find(const char *name, char **ret, struct error *err);
