/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What must be written to a cgroup file to have again what it said before a write.
 */
#pragma once

#include "plan/cgroup_plan.h"

/*
 * The write that takes back `write`, from the file's text before it. Files with a line a device
 * (io.max) get that device's line back, or the kernel's words for none. Returns 1 with `*ret`,
 * whose strings are the caller's; 0: nothing is known to take it back. Errors: ENOMEM.
 */
int resource_undo_build(const struct cgroup_write *write, const char *former,
			struct cgroup_write *ret, struct error *err);

/* A file that a write to `file` changes too, in the kernel; NULL: none. */
const char *resource_undo_companion(const char *file);
