/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Pure arithmetic on paths as text. Nothing here looks at a file system; what a
 * path inside a rootfs means is decided by kernel/rootfs.h alone.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

/*
 * `path` without duplicate and trailing slashes, "." and ".." (which stops at
 * "/"); relative paths are taken below `base`, which is absolute. A new string
 * that the caller frees. Errors: ENOMEM, ENAMETOOLONG (PATH_MAX).
 */
int path_absolute(const char *base, const char *path, char **ret, struct error *err);

/* Is `path` equal to `parent` or below it? Both absolute and normalised. */
bool path_is_below(const char *path, const char *parent);

/* The part behind the last slash; borrowed from `path`. */
const char *path_last(const char *path);

/* Step over slashes to the next component; returns its length, 0 at the end. */
size_t path_next_part(const char **path);
