/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Host paths are looked up here, before the clone, with the caller's own privilege; init
 * gets descriptors. A caller who may not clone mounts leaves that to init, which may in
 * its own user namespace.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/fd.h"
#include "kernel/mount.h"
#include "kernel/namespace.h"
#include "lifecycle/launch.h"

/* A tree cloned from the host is still its peer: mounts would travel both ways. */
static int cut_propagation(const struct mount_plan *mounts, int tree, struct error *err)
{
	unsigned long propagation = mounts->parent_propagation & ~(unsigned long)MS_REC;

	if (propagation == MS_SHARED)
		return 0;
	return mount_set_attributes(tree, 1, 0, 0, propagation, err);
}

static int open_tree_of(const struct mount_plan *mounts, const char *path, int recursive, int flags,
			struct error *err)
{
	cleanup_close int tree = mount_clone_path(path, recursive, flags, err);

	TRY(tree);
	TRY(cut_propagation(mounts, tree, err));
	return steal_fd(&tree);
}

static bool has_host_source(const struct mount_op *op)
{
	switch (op->kind) {
	case MOUNT_OP_BIND:
		return !op->source_in_rootfs;
	case MOUNT_OP_CGROUP:
		return op->source != NULL;
	case MOUNT_OP_DEVICE:
		return op->device.bind;
	default:
		return false;
	}
}

int launch_sources_open(struct launch *launch, struct error *err)
{
	const struct mount_plan *mounts = &launch->plan->mounts;
	int *fds = launch->init.source_fds = malloc((mounts->ops.n + 1) * sizeof *fds);

	if (!fds)
		return error_errno(err, ENOMEM, "open mount sources");
	for (size_t i = 0; i < mounts->ops.n; i++)
		fds[i] = -1;
	for (size_t i = 0; launch->l->host.privileged && i < mounts->ops.n; i++) {
		const struct mount_op *op = &mounts->ops.item[i];
		int flags = op->source_nofollow || op->copy_symlink ? AT_SYMLINK_NOFOLLOW : 0;

		if (!has_host_source(op))
			continue;
		fds[i] = open_tree_of(mounts, op->source, op->recursive, flags, err);
		if (fds[i] < 0 || launch_idmaps_set(launch, op, fds[i], err) < 0)
			return error_prefix(err, "%s (%s): ", op->from, op->target);
	}
	return 0;
}

static int open_rootfs(struct launch *launch, struct error *err)
{
	const struct mount_plan *mounts = &launch->plan->mounts;
	bool layers = launch->plan->layers.store;

	if (!mounts->mount_namespace || !launch->l->host.privileged)
		return 0;
	launch->init.rootfs_fd = layers ? launch_rootfs_open(launch, err) :
					  open_tree_of(mounts, launch->plan->rootfs, 1, 0, err);
	if (launch->init.rootfs_fd < 0)
		return error_prefix(err, "%s: ", layers ? SPEC_ROOTFS_ANNOTATION : "root.path");
	launch->init.null_fd = mount_clone_path("/dev/null", 0, 0, err);
	TRY(launch->init.null_fd);
	return cut_propagation(mounts, launch->init.null_fd, err);
}

/* All are opened before any is entered: entering one may hide the others' paths. */
static int open_joins(struct launch *launch, struct error *err)
{
	const struct namespace_plan *namespaces = &launch->plan->namespaces;

	for (size_t i = 0; i < namespaces->join.n; i++) {
		const struct namespace_join *join = &namespaces->join.item[i];
		int fd = namespace_open(join->path, join->type, err);

		if (fd < 0)
			return error_prefix(err, "%s.path: ", join->from);
		if (join->type == CLONE_NEWTIME)
			launch->init.time_fd = fd;
		else
			launch->joins[launch->n_joins++] = (struct process_join){ fd, join->type };
	}
	return 0;
}

/* CAP_SYS_ADMIN may type into any terminal that it has open, whoever's session that is. */
static int check_keeps_terminal(const struct plan *plan, struct error *err)
{
	if (!(plan->process.capabilities.bounding & 1ull << CAP_SYS_ADMIN) ||
	    plan->namespaces.present & CLONE_NEWUSER)
		return 0;
	return error_set(
		err, EINVAL,
		"process.capabilities: a detached process with CAP_SYS_ADMIN could type "
		"into the caller's terminal: redirect its standard input, output and error");
}

static int open_null(struct launch *launch, struct error *err)
{
	for (int i = 0; i < 3; i++) {
		int fd = open("/dev/null", O_RDWR | O_CLOEXEC);

		if (fd < 0)
			return error_errno(err, errno, "open /dev/null");
		launch->init.stdio[i] = fd;
	}
	return 0;
}

/*
 * Nobody can relay for a detached container; in the foreground a process without a terminal
 * of its own gets pipes rather than the caller's terminal, into which it could type.
 */
static int open_stdio(struct launch *launch, struct error *err)
{
	int ends[2];

	if (launch->plan->process.terminal)
		return 0;
	if (launch->silent)
		return open_null(launch, err);
	for (int i = 0; i < 3; i++) {
		if (!isatty(i))
			continue;
		if (!launch->foreground) {
			TRY(check_keeps_terminal(launch->plan, err));
			continue;
		}
		if (pipe2(ends, O_CLOEXEC) < 0)
			return error_errno(err, errno, "make pipes");
		launch->init.stdio[i] = ends[i > 0];
		launch->stdio[i] = ends[i == 0];
	}
	return 0;
}

static int open_listener(struct launch *launch, struct error *err)
{
	const struct seccomp_plan *seccomp = &launch->plan->seccomp;

	if (!seccomp->present || !seccomp->notify)
		return 0;
	launch->init.listener_fd = fd_connect(SOCK_STREAM, seccomp->listener_path, 5000, err);
	if (launch->init.listener_fd < 0)
		return error_prefix(err, "linux.seccomp.listenerPath: ");
	return 0;
}

/*
 * What is promised must be there. A gap may have been filled by a descriptor of ours, and ours
 * are close-on-exec, which none that we have inherited can be.
 */
int launch_check_preserved(int n, struct error *err)
{
	for (int fd = 3; fd < 3 + n; fd++)
		if (fcntl(fd, F_GETFD) != 0)
			return error_set(err, EBADF, "--preserve-fds: descriptor %d is not open",
					 fd);
	return 0;
}

int launch_fds_open(struct launch *launch, struct error *err)
{
	TRY(open_joins(launch, err));
	if (!launch->init.exec) {
		TRY(launch_idmaps_open(launch, err));
		TRY(open_rootfs(launch, err));
		TRY(launch_sources_open(launch, err));
	}
	TRY(open_stdio(launch, err));
	return open_listener(launch, err);
}
