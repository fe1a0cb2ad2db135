/* SPDX-License-Identifier: Apache-2.0 */
#include "init/graft.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/fd.h"
#include "base/path.h"
#include "init/steps.h"
#include "kernel/mount.h"
#include "kernel/process.h"
#include "kernel/rootfs.h"

bool graft_is_mount(const struct mount_op *op)
{
	return strncmp(op->from, "mounts[", strlen("mounts[")) == 0;
}

/* Is there something at `target` that a mount would cover? Else a mount point will be made. */
static bool has_target(const struct init *init, const char *target)
{
	struct error ignored;
	cleanup_close int fd = rootfs_open(init->root_fd, target, O_PATH, &ignored);

	return fd >= 0;
}

/*
 * What stands on top at `target`, if that is a mount. Through no link: the path has been checked as
 * it is written.
 */
static int open_mounted(const struct init *init, const char *target, struct error *err)
{
	cleanup_close int fd = rootfs_open_exact(init->root_fd, target, O_PATH, err);
	int r;

	TRY(fd);
	r = mount_is_root(fd, err);
	TRY(r);
	if (!r)
		return error_set(err, EINVAL, "%s: nothing is mounted there", target);
	return steal_fd(&fd);
}

/*
 * The mount point that was made: the last component alone, as empty as it was made, and through no
 * link that may have come into the path since.
 */
static void remove_target(const struct init *init, const char *target)
{
	const char *name = path_last(target);
	cleanup_free char *path = strndup(target, (size_t)(name - target));
	struct error ignored;
	cleanup_close int parent = -1;
	struct stat st;

	if (path)
		parent = rootfs_open_exact(init->root_fd, path, O_PATH | O_DIRECTORY, &ignored);
	if (parent < 0 || fstatat(parent, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return;
	if (S_ISDIR(st.st_mode))
		unlinkat(parent, name, AT_REMOVEDIR);
	else if (S_ISREG(st.st_mode) && st.st_size == 0)
		unlinkat(parent, name, 0);
}

static void take_back(struct init *init, size_t i, bool made)
{
	struct error ignored;

	if (init->attached_fds[i] >= 0)
		mount_detach(init->attached_fds[i], init->host_proc_fd, &ignored);
	if (made)
		remove_target(init, init->plan->mounts.ops.item[i].target);
}

static int attach_all(struct init *init, bool *made, struct error *err)
{
	const struct mount_plan *mounts = &init->plan->mounts;

	for (size_t i = 0; i < mounts->ops.n; i++) {
		const struct mount_op *op = &mounts->ops.item[i];

		if (!graft_is_mount(op))
			continue;
		made[i] = !has_target(init, op->target);
		if (mounts_apply(init, i, i + 1, err) == 0)
			continue;
		for (size_t k = i + 1; k-- > 0;)
			take_back(init, k, made[k]);
		return -err->code;
	}
	return 0;
}

/* The child ends soon: what it has open needs no closing. */
static int attach(struct init *init, struct error *err)
{
	size_t n = init->plan->mounts.ops.n;
	cleanup_free bool *made = calloc(n + 1, sizeof *made);
	cleanup_free int *fds = calloc(n + 1, sizeof *fds);
	int r;

	if (!made || !fds)
		return error_errno(err, ENOMEM, "add mounts");
	for (size_t i = 0; i < n; i++)
		fds[i] = -1;
	init->attached_fds = fds;
	r = attach_all(init, made, err);
	init->attached_fds = NULL;
	return r;
}

/* All are looked at before the first goes. */
static int detach(const struct graft *graft, struct error *err)
{
	const struct init *init = &graft->init;

	for (size_t i = 0; i < graft->n_targets; i++) {
		cleanup_close int fd = open_mounted(init, graft->targets[i], err);

		TRY(fd);
	}
	for (size_t i = graft->n_targets; i-- > 0;) {
		cleanup_close int fd = open_mounted(init, graft->targets[i], err);

		TRY(fd);
		TRY(mount_detach(fd, init->host_proc_fd, err));
	}
	return 0;
}

static int work(struct graft *graft, struct error *err)
{
	struct init *init = &graft->init;

	init->root_fd = init->rootfs_fd;
	TRY(identity_enter_user_namespace(init, err));
	return graft->targets ? detach(graft, err) : attach(init, err);
}

int graft_run(void *argument)
{
	struct graft *graft = argument;
	struct error err = {}, ignored;

	umask(0);
	work(graft, &err);
	if (fd_send(graft->result_fd, &err, sizeof err, NULL, 0, &ignored) < 0)
		return 1;
	return err.code != 0;
}
