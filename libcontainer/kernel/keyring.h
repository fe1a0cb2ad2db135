/* SPDX-License-Identifier: Apache-2.0 */
/* Session keyrings (session-keyring(7)). */
#pragma once

#include "base/error.h"

/*
 * Join a new session keyring of our own. Kernels without keyrings are fine. Errors:
 * EDQUOT: the caller should say --no-new-keyring.
 */
int keyring_join_new(const char *name, struct error *err);
