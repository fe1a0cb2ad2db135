/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Writing user namespaces' maps (user_namespaces(7), newuidmap(1)).
 */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

#include "base/error.h"

/* Write /proc/PID/setgroups "deny" when asked, then the map files. Errors: EPERM, EINVAL. */
int idmap_write(int proc_fd, pid_t pid, const char *uid_map, const char *gid_map,
		bool deny_setgroups, struct error *err);

/* The same through /usr/bin/newuidmap and newgidmap; fails with what they said. */
int idmap_write_with_helper(pid_t pid, const char *uid_map, const char *gid_map,
			    struct error *err);

/*
 * A user namespace with these maps that nobody is in, for mount_set_idmap. Returns its
 * descriptor, which keeps it. Needs CAP_SETUID and CAP_SETGID, as idmap_write does.
 */
int idmap_namespace(int proc_fd, const char *uid_map, const char *gid_map, struct error *err);
