/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The only look around: what the plan needs to know of the host.
 */
#pragma once

#include "plan/host.h"
#include "base/error.h"

/*
 * Fill in `ret`; its strings live as long as the process, cgroup_mount perhaps in `mount_room`, of
 * PATH_MAX bytes. `controllers` false leaves those out: nothing will be asked of them. Errors: as
 * open(2).
 */
int probe_host(int proc_fd, bool controllers, char *mount_room, struct host *ret,
	       struct error *err);
