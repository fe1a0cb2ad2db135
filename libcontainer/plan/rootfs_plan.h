/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A root file system that is an overlay of layers (spec/rootfs.h): which directories, taken
 * from which mounts, shown with which ids, and how this kernel takes them.
 */
#pragma once

#include "base/str.h"
#include "plan/mount_plan.h"
#include "spec/rootfs.h"

struct rootfs_layer {
	char *path;	  /* absolute and normalised; NULL: absent. Owned */
	const char *name; /* below the store; NULL: outside, a mount of its own */
};

struct rootfs_plan {
	char *store; /* NULL: the root file system is the directory root.path. Owned */
	LIST_OF(struct rootfs_layer) lower; /* the topmost first */
	struct rootfs_layer upper, work;
	size_t idmap; /* of every layer, as that of a mount_op */
	uint32_t uid,
		gid; /* the host's ids of 0 on disk: what the overlay does, it does as these */
	bool is_volatile;
	bool nodev; /* a layer's device node is nothing to a container that may make none itself */
	bool detached; /* the kernel takes layers of mounts that are attached nowhere (6.15) */
};

/*
 * Plan what `rootfs`, validated, says; NULL leaves `ret` empty. An id map is added to
 * `mounts`. Release with rootfs_plan_release, also after a failure. Errors: EINVAL, ENOTSUP
 * (not by this user), ENOMEM; they begin with the property.
 */
int rootfs_plan_build(const struct spec_rootfs *rootfs, const struct mount_plan_facts *facts,
		      struct mount_plan *mounts, struct rootfs_plan *ret, struct error *err);
void rootfs_plan_release(struct rootfs_plan *plan);

/* Does the kernel take layers of mounts that are attached nowhere? */
bool rootfs_plan_detached(const struct host *host);

/* Append it as lines of text; nothing when there is none. */
void rootfs_plan_print(const struct rootfs_plan *plan, const struct mount_plan *mounts,
		       struct str *out);
