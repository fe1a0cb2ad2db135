/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "init/steps.h"
#include "kernel/mount.h"

/* The namespace is a copy of the host's: cut it off before anything is mounted in it. */
static int cut_propagation(const struct mount_plan *mounts, int old_root_fd, struct error *err)
{
	unsigned long propagation = mounts->parent_propagation & ~(unsigned long)MS_REC;

	TRY(mount_set_attributes(old_root_fd, 1, 0, 0, propagation, err));
	/* Even where the container shares mounts with the host, the new root must not be one. */
	if (propagation == MS_SHARED)
		TRY(mount_set_attributes(old_root_fd, 0, 0, 0, MS_PRIVATE, err));
	return 0;
}

/* As a mere directory: for exec the parent has opened it. */
static int open_rootfs(struct init *init, struct error *err)
{
	if (init->rootfs_fd < 0)
		init->rootfs_fd = open(init->plan->rootfs, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (init->rootfs_fd < 0)
		return error_errno(err, errno, "root.path (%s)", init->plan->rootfs);
	init->root_fd = init->rootfs_fd;
	return 0;
}

/* A link may have led there, or a bundle whose directories were exchanged meanwhile. */
static int check_not_host_root(const struct init *init, int old_root_fd, struct error *err)
{
	struct stat rootfs, host;

	if (fstat(init->rootfs_fd, &rootfs) < 0 || fstat(old_root_fd, &host) < 0)
		return error_errno(err, errno, "stat the rootfs");
	if (rootfs.st_dev == host.st_dev && rootfs.st_ino == host.st_ino)
		return error_set(err, EINVAL, "root.path: %s is the host's root directory",
				 init->plan->rootfs);
	return 0;
}

int root_attach(struct init *init, struct error *err)
{
	const struct mount_plan *mounts = &init->plan->mounts;
	cleanup_close int old_root_fd = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);

	if (!mounts->mount_namespace)
		return open_rootfs(init, err);
	if (old_root_fd < 0)
		return error_errno(err, errno, "open /");
	if (cut_propagation(mounts, old_root_fd, err) < 0)
		return error_prefix(err, "cut / off from the host (%s): ",
				    err->code == EINVAL ? "it is no mount point: run ctr outside "
							  "the chroot" :
							  "linux.rootfsPropagation");
	if (init->null_fd < 0) {
		init->null_fd = mount_clone_path("/dev/null", 0, 0, err);
		TRY(init->null_fd);
	}
	if (init->rootfs_fd < 0) {
		init->rootfs_fd = mount_clone_path(init->plan->rootfs, 1, 0, err);
		TRY(init->rootfs_fd);
	}
	TRY(check_not_host_root(init, old_root_fd, err));
	/* pivot_root wants a root that is not shared. */
	TRY(mount_set_attributes(init->rootfs_fd, 0, 0, 0, MS_PRIVATE, err));
	/* Over "/": no host path needs to be looked up, and pivot_root takes it from there. */
	if (mount_attach(init->rootfs_fd, old_root_fd, err) < 0)
		return error_prefix(err, "root.path (%s): ", init->plan->rootfs);
	init->root_fd = init->rootfs_fd;
	return 0;
}

int root_enter(struct init *init, struct error *err)
{
	TRY(open_rootfs(init, err));
	if (fchdir(init->root_fd) < 0 || chroot(".") < 0)
		return error_errno(err, errno, "enter the container's root");
	return 0;
}

int root_pivot(struct init *init, struct error *err)
{
	unsigned long propagation = init->plan->mounts.root_propagation;

	if (!init->plan->mounts.mount_namespace)
		return root_enter(init, err);
	if (init->plan->no_pivot)
		TRY(mount_move_root(init->root_fd, err));
	else
		TRY(mount_pivot_root(init->root_fd, err));
	if (!propagation)
		return 0;
	if (mount_set_attributes(init->root_fd, !!(propagation & MS_REC), 0, 0,
				 propagation & ~(unsigned long)MS_REC, err) < 0)
		return error_prefix(err, "linux.rootfsPropagation: ");
	return 0;
}
