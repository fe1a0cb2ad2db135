/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Making cgroup directories step by step, from one that is open downwards.
 */
#pragma once

#include <stdbool.h>

#include "base/error.h"

/*
 * Open the cgroup at `path` below top_fd; what is missing is made, and removed again
 * on failure. `controllers` (words separated by blanks, or NULL) are enabled in
 * every cgroup on the way but the last. The path has no "." and "..".
 * Returns an O_DIRECTORY descriptor; `*ret_made` says whether the last one is new.
 */
int cgroup_make(int top_fd, const char *path, const char *controllers, bool *ret_made,
		struct error *err);
