/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "kernel/idmap.h"
#include "kernel/mount.h"
#include "lifecycle/launch.h"

static int joined_namespace(const struct launch *launch, struct error *err)
{
	for (size_t i = 0; i < launch->n_joins; i++) {
		int fd;

		if (!(launch->joins[i].types & CLONE_NEWUSER))
			continue;
		fd = fcntl(launch->joins[i].fd, F_DUPFD_CLOEXEC, 3);
		return fd >= 0 ? fd : error_errno(err, errno, "keep the user namespace");
	}
	return error_set(err, EINVAL, "no user namespace is joined");
}

static int open_namespace(struct launch *launch, const struct mount_idmap *map, struct error *err)
{
	cleanup_free char *uids = NULL;
	cleanup_free char *gids = NULL;
	int proc_fd = lifecycle_proc(launch->l, err);

	TRY(proc_fd);
	if (map->joined)
		return joined_namespace(launch, err);
	TRY(idmap_plan_text(&map->uids, &uids, err));
	TRY(idmap_plan_text(&map->gids, &gids, err));
	return idmap_namespace(proc_fd, uids, gids, err);
}

int launch_idmaps_open(struct launch *launch, struct error *err)
{
	const struct mount_plan *mounts = &launch->plan->mounts;
	int *fds;

	if (!mounts->idmaps.n)
		return 0;
	fds = launch->idmap_fds = malloc(mounts->idmaps.n * sizeof *fds);
	if (!fds)
		return error_errno(err, ENOMEM, "make id maps");
	for (size_t i = 0; i < mounts->idmaps.n; i++)
		fds[i] = -1;
	for (size_t i = 0; i < mounts->idmaps.n; i++) {
		fds[i] = open_namespace(launch, &mounts->idmaps.item[i], err);
		if (fds[i] < 0)
			return error_prefix(err, "id map of a mount: ");
	}
	return 0;
}

int launch_idmaps_set(const struct launch *launch, const struct mount_op *op, int tree,
		      struct error *err)
{
	if (!op->idmap)
		return 0;
	return mount_set_idmap(tree, op->idmap_recursive, launch->idmap_fds[op->idmap - 1], err);
}

/* Init goes through the same operations in the same order. */
int launch_idmaps_set_next(struct launch *launch, int tree, struct error *err)
{
	const struct mount_plan *mounts = &launch->plan->mounts;

	while (launch->next_idmap < mounts->n_early) {
		const struct mount_op *op = &mounts->ops.item[launch->next_idmap++];

		if (!mount_plan_idmap_is_asked(op))
			continue;
		if (launch_idmaps_set(launch, op, tree, err) < 0)
			return error_prefix(err, "%s (%s): ", op->from, op->target);
		return 0;
	}
	return error_set(err, EPROTO, "init asks for an id map that is not planned");
}
