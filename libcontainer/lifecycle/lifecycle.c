/* SPDX-License-Identifier: Apache-2.0 */
#include "lifecycle/lifecycle.h"

#include "kernel/procfs.h"
#include "lifecycle/probe.h"

int lifecycle_proc(struct lifecycle *l, struct error *err)
{
	if (l->proc_fd < 0)
		l->proc_fd = procfs_open(err);
	return l->proc_fd;
}

const struct host *lifecycle_host(struct lifecycle *l, struct error *err)
{
	if (!l->host_probed) {
		int proc_fd = lifecycle_proc(l, err);

		if (proc_fd < 0 || probe_host(proc_fd, l->cgroup_manager != CGROUP_MANAGER_DISABLED,
					      l->cgroup_mount, &l->host, err) < 0)
			return NULL;
		l->host_probed = true;
	}
	return &l->host;
}
