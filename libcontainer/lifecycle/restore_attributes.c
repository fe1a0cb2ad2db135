/* SPDX-License-Identifier: Apache-2.0 */
/*
 * CRIU gives mounts the attributes that its images say, and the root none at all. What the
 * config restricts must not hang on that, so it is set again before anybody runs: only ever
 * more is restricted here.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/stat.h>
#include <sched.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/fd.h"
#include "kernel/mount.h"
#include "kernel/process.h"
#include "kernel/rootfs.h"
#include "lifecycle/restore.h"

struct work {
	const struct launch *launch;
	int socket; /* to the parent: a struct error */
};

static bool is_mount(int fd)
{
	struct statx stx;

	return statx(fd, "", AT_EMPTY_PATH, STATX_TYPE, &stx) == 0 &&
	       stx.stx_attributes & STATX_ATTR_MOUNT_ROOT;
}

/* Those on which the config has put attributes of its own. */
static bool restricts(const struct mount_op *op)
{
	return (op->kind == MOUNT_OP_ATTRIBUTES || op->kind == MOUNT_OP_BIND) &&
	       (op->attr_set || op->attr_set_recursive);
}

static int restrict_one(int root_fd, const struct mount_op *op, struct error *err)
{
	/* Times of access are no restriction, and setting one would need clearing the other. */
	const uint64_t kept = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV |
			      MOUNT_ATTR_NOEXEC | MOUNT_ATTR_NOSYMFOLLOW;
	cleanup_close int fd = rootfs_open(root_fd, op->target, O_PATH, err);

	if (fd == -ENOENT || fd == -ENOTDIR || (fd >= 0 && !is_mount(fd)))
		return 0; /* it was unmounted before the checkpoint */
	TRY(fd);
	TRY(mount_set_attributes(fd, 1, op->attr_set_recursive & kept, 0, 0, err));
	return mount_set_attributes(fd, 0, op->attr_set & kept, 0, 0, err);
}

static int restrict_all(const struct launch *launch, struct error *err)
{
	const struct mount_plan *mounts = &launch->plan->mounts;
	cleanup_close int root_fd = -1;

	if (setns(launch->pidfd, CLONE_NEWNS) < 0)
		return error_errno(err, errno, "enter the mount namespace");
	root_fd = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (root_fd < 0)
		return error_errno(err, errno, "open the container's root");
	for (size_t i = 0; i < mounts->ops.n; i++)
		if (restricts(&mounts->ops.item[i]) &&
		    restrict_one(root_fd, &mounts->ops.item[i], err) < 0)
			return error_prefix(err, "%s (%s): ", mounts->ops.item[i].from,
					    mounts->ops.item[i].target);
	return 0;
}

static int child(void *argument)
{
	struct work *work = argument;
	struct error err = { 0 }, ignored;

	restrict_all(work->launch, &err);
	fd_send(work->socket, &err, sizeof err, NULL, 0, &ignored);
	return 0;
}

int restore_attributes(struct launch *launch, struct error *err)
{
	cleanup_close int ours = -1, theirs = -1, pidfd = -1;
	struct work work = { .launch = launch };
	struct process_clone clone = { .cgroup_fd = -1, .run = child, .argument = &work };
	struct error answer = { 0 };
	size_t len = 0, n_fds;
	int ends[2], status;
	pid_t pid;

	TRY(fd_socketpair(ends, err));
	ours = ends[0];
	work.socket = theirs = ends[1];
	pidfd = process_clone(&clone, &pid, err);
	TRY(pidfd);
	close(steal_fd(&theirs));
	TRY(fd_receive(ours, &answer, sizeof answer, &len, NULL, 0, &n_fds, err));
	TRY(process_wait(pidfd, -1, &status, err));
	if (len != sizeof answer)
		return error_set(err, EIO, "setting the attributes of mounts ended with status %d",
				 status);
	if (answer.code)
		*err = answer;
	return answer.code ? -answer.code : 0;
}
