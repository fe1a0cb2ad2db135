/* SPDX-License-Identifier: Apache-2.0 */
/* Files that the command line names, read whole. */
#pragma once

#include "ctr.h"

/*
 * The text of the file at `path` ("-": standard input) in `*ret`, which the caller frees.
 * `command` is for errors. Errors: EINVAL (a NUL in it, over 16 MiB), as fopen(3).
 */
int read_text(const char *command, const char *path, char **ret, struct ctr_error *err);
