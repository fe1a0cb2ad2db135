/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Groups of the resctrl filesystem: who shares which part of the caches and of the memory
 * bandwidth (Documentation/arch/x86/resctrl.rst). A path is relative to the tree; "" is its
 * root, the default group.
 */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

#include "base/error.h"

/* Where the kernel has its mount point for it. */
#define RESCTRL_PATH "/sys/fs/resctrl"

/* The tree. Returns the descriptor. Errors: ENOTSUP (it is not mounted). */
int resctrl_open(struct error *err);

/* Is there a group? 1: yes, 0: no. */
int resctrl_exists(int tree_fd, const char *path);

/* Errors: EEXIST, ENOSPC (the hardware has no more). */
int resctrl_make(int tree_fd, const char *path, struct error *err);

/* Its processes fall back to the group above. Absent is fine. */
int resctrl_remove(int tree_fd, const char *path, struct error *err);

/* Write one line of a group's schemata, such as "L3:0=7f0;1=1f"; the error has the kernel's words. */
int resctrl_write_schema(int tree_fd, const char *path, const char *line, struct error *err);

/* Has the group what the line asks for? Errors: EINVAL (it has not). */
int resctrl_check_schema(int tree_fd, const char *path, const char *line, struct error *err);

/* The same for the text of a schemata file: numbers count, and not how they are written. */
bool resctrl_matches(const char *schemata, const char *line);

/* Put a process, as the caller's pid namespace counts, into a group. */
int resctrl_add_process(int tree_fd, const char *path, pid_t pid, struct error *err);
