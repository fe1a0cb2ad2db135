/* SPDX-License-Identifier: Apache-2.0 */
/* A look at a cgroup without opening its directory: for lists of a thousand. */
#pragma once

/*
 * Is the cgroup at `path` ("/ctr/web1") below the open v2 mount frozen? 1; 0: no, or there
 * is none; -1: not readable (ask cgroup_is_frozen, which says why).
 */
int cgroup_look_frozen(int mount_fd, const char *path);
