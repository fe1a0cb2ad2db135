/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A root file system of layers: one clone of the store's mount, idmapped, in which each layer is
 * opened; those elsewhere are clones of their own; then the overlay, attached nowhere.
 */
#include <errno.h>
#include <stdlib.h>
#include <sys/mount.h>

#include "base/cleanup.h"
#include "base/list.h"
#include "kernel/mount.h"
#include "kernel/overlay.h"
#include "lifecycle/launch.h"

struct fds {
	int *item;
	size_t n;
};

static void close_fds(struct fds *fds)
{
	for (size_t i = 0; i < fds->n; i++)
		cleanup_close_at(&fds->item[i]);
	free(fds->item);
	*fds = (struct fds){};
}
#define cleanup_fds __attribute__((__cleanup__(close_fds)))

static int keep(struct fds *fds, int *fd, struct error *err)
{
	int *slot = list_add(fds);

	if (!slot)
		return error_errno(err, ENOMEM, "open layers");
	*slot = steal_fd(fd);
	return 0;
}

/* Private: what happens to it must not travel to the mount that it is a clone of. */
static int open_tree_of(const struct launch *launch, const char *path, struct error *err)
{
	const struct rootfs_plan *plan = &launch->plan->layers;
	cleanup_close int tree = mount_clone_path(path, 0, 0, err);

	TRY(tree);
	TRY(mount_set_attributes(tree, 0, 0, 0, MS_PRIVATE, err));
	if (plan->idmap && mount_set_idmap(tree, 0, launch->idmap_fds[plan->idmap - 1], err) < 0)
		return error_prefix(err, "%s: ", path);
	return steal_fd(&tree);
}

static int open_lower(const struct launch *launch, const struct rootfs_layer *layer,
		      struct fds *trees, struct fds *lower, struct error *err)
{
	cleanup_close int fd = -1;
	cleanup_close int tree = -1;

	if (layer->name) {
		fd = overlay_open_layer(trees->item[0], layer->name, err);
		TRY(fd);
		return keep(lower, &fd, err);
	}
	tree = open_tree_of(launch, layer->path, err);
	TRY(tree);
	fd = overlay_open_layer(tree, ".", err);
	TRY(fd);
	TRY(keep(trees, &tree, err));
	return keep(lower, &fd, err);
}

static int open_layers(const struct launch *launch, struct fds *trees, struct fds *lower,
		       struct error *err)
{
	const struct rootfs_plan *plan = &launch->plan->layers;
	cleanup_close int store = open_tree_of(launch, plan->store, err);

	TRY(store);
	TRY(keep(trees, &store, err));
	for (size_t i = 0; i < plan->lower.n; i++)
		if (open_lower(launch, &plan->lower.item[i], trees, lower, err) < 0)
			return error_prefix(err, "lower[%zu]: ", i);
	return 0;
}

int launch_rootfs_open(struct launch *launch, struct error *err)
{
	const struct rootfs_plan *plan = &launch->plan->layers;
	cleanup_fds struct fds trees = {};
	cleanup_fds struct fds lower = {};
	cleanup_close int upper = -1;
	cleanup_close int work = -1;
	cleanup_close int fd = -1;
	int proc_fd = lifecycle_proc(launch->l, err);

	TRY(proc_fd);
	TRY(open_layers(launch, &trees, &lower, err));
	if (plan->upper.path) {
		upper = overlay_open_layer(trees.item[0], plan->upper.name, err);
		TRY(upper);
		work = overlay_open_layer(trees.item[0], plan->work.name, err);
		TRY(work);
	}
	fd = overlay_mount(&(struct overlay){ .lower = lower.item,
					      .n_lower = lower.n,
					      .upper = upper,
					      .work = work,
					      .trees = trees.item,
					      .n_trees = trees.n,
					      .as_owner = plan->idmap != 0,
					      .uid = plan->uid,
					      .gid = plan->gid,
					      .is_volatile = plan->is_volatile,
					      .detached = plan->detached },
			   proc_fd, err);
	TRY(fd);
	/* Before it is attached: nobody ever sees it otherwise. */
	if (plan->nodev)
		TRY(mount_set_attributes(fd, 0, MOUNT_ATTR_NODEV, 0, 0, err));
	return steal_fd(&fd);
}
