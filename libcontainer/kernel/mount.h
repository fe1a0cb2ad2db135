/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The mount API on descriptors: fsopen(2), open_tree(2), mount_setattr(2),
 * move_mount(2), pivot_root(2). No function takes a target path.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

struct mount_option_pair { /* value NULL: a flag */
	const char *key, *value;
};

/* A detached clone of the mount that `fd` (O_PATH) is on; its submounts too. Returns its fd. */
int mount_clone(int fd, int recursive, struct error *err);

/* As mount_clone of a path on the host, with flags AT_SYMLINK_NOFOLLOW or 0. */
int mount_clone_path(const char *path, int recursive, int flags, struct error *err);

/* A detached mount of a new filesystem. Returns its fd. Errors name the kernel's own words. */
int mount_new(const char *fstype, const char *source, const struct mount_option_pair *options,
	      size_t n_options, uint64_t attributes, struct error *err);

/* As mount_new, with parameters that are descriptors set after `options`. */
struct mount_option_fd {
	const char *key;
	int fd;
};
int mount_new_of_fds(const char *fstype, const struct mount_option_pair *options, size_t n_options,
		     const struct mount_option_fd *fds, size_t n_fds, struct error *err);

/* mount_setattr(2) on the mount at `fd`. propagation is MS_* without MS_REC or 0. */
int mount_set_attributes(int fd, int recursive, uint64_t set, uint64_t clear,
			 unsigned long propagation, struct error *err);

/*
 * Show the ids of the detached mount at `fd` as the user namespace maps them. Errors:
 * ENOTSUP (its file system cannot, by name), EPERM.
 */
int mount_set_idmap(int fd, int recursive, int user_namespace_fd, struct error *err);

/* Attach a detached mount to what target_fd (O_PATH) is. */
int mount_attach(int mount_fd, int target_fd, struct error *err);

/* Is `fd` (O_PATH) the root of a mount? 1: yes; 0: no. */
int mount_is_root(int fd, struct error *err);

/*
 * Take the mount at whose root `fd` is out of the tree, with what is mounted below; it goes when
 * its last user has gone. proc_fd is a procfs that shows us.
 */
int mount_detach(int fd, int proc_fd, struct error *err);

/*
 * Make the mount at root_fd the root of the process's mount namespace and drop the old
 * one. The working directory is the new root afterwards. mount_move_root does it for
 * initramfs roots, where pivot_root is refused: chroot into the attached tree (--no-pivot).
 */
int mount_pivot_root(int root_fd, struct error *err);
int mount_move_root(int root_fd, struct error *err);

/*
 * A private, detached procfs of the process's own pid namespace, not reachable by any
 * path: the only /proc that init writes to. Returns its fd.
 */
int mount_private_procfs(struct error *err);
