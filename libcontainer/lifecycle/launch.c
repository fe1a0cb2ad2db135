/* SPDX-License-Identifier: Apache-2.0 */
#include "lifecycle/launch.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/fd.h"
#include "kernel/mount.h"

enum { LAUNCH_FDS = 16 };

struct launch launch_new(struct lifecycle *l, const struct plan *plan)
{
	return (struct launch){
		.l = l,
		.plan = plan,
		.init = init_new(plan),
		.interrupt_fd = -1,
		.cgroup_fd = -1,
		.container_fd = -1,
		.pidfd = -1,
		.console_fd = -1,
		.stdio = { -1, -1, -1 },
		.sync_fd = -1,
		.net_devices = net_devices_new(&plan->namespaces),
	};
}

static void close_list(int *fds, size_t n)
{
	for (size_t i = 0; fds && i < n; i++)
		cleanup_close_at(&fds[i]);
	free(fds);
}

/* Init's descriptors are copies by now, or were never taken along. */
static void close_init_fds(struct init *init, size_t n_sources)
{
	cleanup_close_at(&init->sync_fd);
	cleanup_close_at(&init->gate_fd);
	cleanup_close_at(&init->rootfs_fd);
	cleanup_close_at(&init->null_fd);
	cleanup_close_at(&init->time_fd);
	cleanup_close_at(&init->late_fd);
	cleanup_close_at(&init->listener_fd);
	for (int i = 0; i < 3; i++)
		cleanup_close_at(&init->stdio[i]);
	close_list(init->source_fds, n_sources);
	*init = init_new(init->plan);
}

void launch_release(struct launch *launch)
{
	close_init_fds(&launch->init, launch->plan->mounts.ops.n);
	for (size_t i = 0; i < launch->n_joins; i++)
		cleanup_close_at(&launch->joins[i].fd);
	cleanup_close_at(&launch->cgroup_fd);
	cleanup_close_at(&launch->interrupt_fd);
	cleanup_close_at(&launch->sync_fd);
	cleanup_close_at(&launch->console_fd);
	for (int i = 0; i < 3; i++)
		cleanup_close_at(&launch->stdio[i]);
	close_list(launch->idmap_fds, launch->plan->mounts.idmaps.n);
	free(launch->filter.filter);
	net_devices_release(&launch->net_devices);
	if (launch->pidfd >= 0) {
		process_kill(launch->pidfd);
		close(launch->pidfd);
	}
	*launch = launch_new(launch->l, launch->plan);
}

static bool needs_host_proc(const struct plan *plan)
{
	return plan->namespaces.unshare & CLONE_NEWTIME || plan->namespaces.net_devices.n;
}

/* What init takes along into a pid namespace where others may be. */
static size_t list_fds(const struct launch *launch, int *ret)
{
	const struct init *init = &launch->init;
	const struct plan *plan = launch->plan;
	const int fds[] = {
		init->sync_fd,	 init->gate_fd,
		init->rootfs_fd, init->null_fd,
		init->time_fd,	 init->listener_fd,
		init->stdio[0],	 init->stdio[1],
		init->stdio[2],	 needs_host_proc(plan) ? init->host_proc_fd : -1,
		init->late_fd,
	};
	size_t n = sizeof fds / sizeof *fds;

	memcpy(ret, fds, sizeof fds);
	for (size_t i = 0; init->source_fds && i < plan->mounts.ops.n; i++)
		ret[n++] = init->source_fds[i];
	for (int fd = 3; fd < 3 + plan->preserve_fds; fd++)
		ret[n++] = fd;
	return n;
}

/* The container's own cgroup and nothing above it: ".." of a detached mount leads nowhere. */
static int detach_cgroup(struct launch *launch, struct error *err)
{
	int tree;

	if (launch->cgroup_fd < 0 || !launch->l->host.privileged)
		return 0;
	tree = mount_clone(launch->cgroup_fd, 0, err);
	TRY(tree);
	close(launch->cgroup_fd);
	launch->cgroup_fd = tree;
	return 0;
}

int launch_start(struct launch *launch, struct error *err)
{
	const struct namespace_plan *namespaces = &launch->plan->namespaces;
	struct process_clone clone = {
		.flags = launch->init.exec ? 0 : namespaces->clone,
		.joins = launch->joins,
		.n_joins = launch->n_joins,
		.drop_groups = launch->plan->process.groups_mode == PROCESS_GROUPS_SET,
		.run = init_run,
		.argument = &launch->init,
	};
	cleanup_free int *keep = NULL;
	int sockets[2];

	TRY(fd_socketpair(sockets, err));
	cleanup_close_at(&launch->sync_fd);
	cleanup_close_at(&launch->init.sync_fd);
	launch->sync_fd = sockets[0];
	launch->init.sync_fd = sockets[1];
	launch->init.state = &launch->state;
	launch->init.filter = launch->filter.filter ? &launch->filter : NULL;
	launch->init.host_proc_fd = lifecycle_proc(launch->l, err);
	TRY(launch->init.host_proc_fd);
	keep = calloc(LAUNCH_FDS + launch->plan->mounts.ops.n + (size_t)launch->plan->preserve_fds,
		      sizeof *keep);
	if (!keep)
		return error_errno(err, ENOMEM, "make the process");
	clone.n_keep = list_fds(launch, keep);
	clone.keep = keep;
	if (launch->n_joins)
		TRY(detach_cgroup(launch, err));
	clone.cgroup_fd = launch->cgroup_fd;
	launch->pidfd = process_clone(&clone, &launch->pid, err);
	TRY(launch->pidfd);
	close_init_fds(&launch->init, launch->plan->mounts.ops.n);
	return 0;
}
