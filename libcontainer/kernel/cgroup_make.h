/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Making cgroup directories step by step, from one that is open downwards.
 */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

#include "base/error.h"

/*
 * Open the cgroup at `path` below top_fd; what is missing is made, and removed again
 * on failure. `controllers` (words separated by blanks, or NULL) are enabled in
 * every cgroup on the way but the last. The path has no "." and "..".
 * Returns an O_DIRECTORY descriptor; `*ret_made` says whether the last one is new.
 */
int cgroup_make(int top_fd, const char *path, const char *controllers, bool *ret_made,
		struct error *err);

/*
 * Let a user divide the cgroup: the directory and the files that /sys/kernel/cgroup/delegate names
 * become its own, none that sets a limit (cgroup_delegate.c). Errors: as chown(2).
 */
int cgroup_delegate(int cgroup_fd, uid_t uid, gid_t gid, struct error *err);
