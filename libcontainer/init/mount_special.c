/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "base/cleanup.h"
#include "base/path.h"
#include "init/steps.h"
#include "kernel/device.h"
#include "kernel/mount.h"
#include "kernel/pty.h"
#include "kernel/rootfs.h"

static bool is_device(int fd, mode_t type, unsigned major, unsigned minor)
{
	struct stat st;

	return fstat(fd, &st) == 0 && (st.st_mode & S_IFMT) == type &&
	       (type == S_IFIFO || st.st_rdev == makedev(major, minor));
}

/*
 * One superblock serves all: the first mount is attached, the others are clones of it. (A
 * clone of a mount that is not attached yet needs Linux 6.15.)
 */
static int attach_or_clone(int *source_fd, bool attached, int target_fd, struct error *err)
{
	cleanup_close int clone = -1;

	if (!attached)
		return mount_attach(*source_fd, target_fd, err);
	clone = mount_clone(*source_fd, 0, err);
	TRY(clone);
	return mount_attach(clone, target_fd, err);
}

static int hide_directory(struct mounts_hidden *hidden, int target_fd, struct error *err)
{
	static const struct mount_option_pair empty[] = { { "nr_blocks", "1" },
							  { "nr_inodes", "1" },
							  { "mode", "755" } };
	bool attached = hidden->directory_fd >= 0;

	if (!attached) {
		hidden->directory_fd = mount_new("tmpfs", "tmpfs", empty, 3,
						 MOUNT_ATTR_RDONLY | MOUNT_ATTR_NODEV |
							 MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC,
						 err);
		TRY(hidden->directory_fd);
	}
	return attach_or_clone(&hidden->directory_fd, attached, target_fd, err);
}

static int hide_file(struct mounts_hidden *hidden, int target_fd, struct error *err)
{
	/* The real one: a container's own /dev/null could be anything. */
	if (!is_device(hidden->null_fd, S_IFCHR, 1, 3))
		return error_set(err, ENODEV, "the host's /dev/null is not the null device");
	TRY(attach_or_clone(&hidden->null_fd, hidden->null_attached, target_fd, err));
	hidden->null_attached = true;
	return 0;
}

int mount_special_mask(struct init *init, const struct mount_op *op, struct mounts_hidden *hidden,
		       struct error *err)
{
	cleanup_close int target = rootfs_open(init->root_fd, op->target, O_PATH, err);
	struct stat st;

	if (op->optional && (target == -ENOENT || target == -ENOTDIR))
		return 0;
	TRY(target);
	if (fstat(target, &st) < 0)
		return error_errno(err, errno, "stat");
	if (S_ISDIR(st.st_mode))
		return hide_directory(hidden, target, err);
	return hide_file(hidden, target, err);
}

int mount_special_bind_device(struct init *init, const struct mount_op *op, int source_fd,
			      struct error *err)
{
	cleanup_close int target = -1;

	if (!is_device(source_fd, op->device.type, op->device.major, op->device.minor))
		return error_set(err, ENODEV, "the host's %s is not the device %u:%u", op->source,
				 op->device.major, op->device.minor);
	target = rootfs_make_file(init->root_fd, op->target, 0666, err);
	TRY(target);
	return mount_attach(source_fd, target, err);
}

int mount_special_parent(struct init *init, const char *target, struct mounts_parent *parent,
			 const char **ret_name, struct error *err)
{
	const char *name = path_last(target);
	size_t n = (size_t)(name - target);
	int fd;

	if (parent->fd >= 0 && n < sizeof parent->path && !strncmp(parent->path, target, n) &&
	    !parent->path[n]) {
		*ret_name = name;
		return parent->fd;
	}
	fd = rootfs_open_parent(init->root_fd, target, ret_name, err);
	TRY(fd);
	cleanup_close_at(&parent->fd);
	/* Too long to remember: "" is nobody's directory. */
	snprintf(parent->path, sizeof parent->path, "%.*s", n < sizeof parent->path ? (int)n : 0,
		 target);
	parent->fd = fd;
	return fd;
}

int mount_special_device(struct init *init, const struct mount_op *op, struct mounts_parent *parent,
			 struct error *err)
{
	const char *name;
	int fd = mount_special_parent(init, op->target, parent, &name, err);

	TRY(fd);
	return device_make(fd, name, op->device.type | op->device.mode,
			   makedev(op->device.major, op->device.minor), op->device.uid,
			   op->device.gid, op->device.keep, err);
}

int mount_special_console(struct init *init, const struct mount_op *op, struct error *err)
{
	cleanup_close int slave = -1;
	cleanup_close int target = -1;

	TRY(terminal_open(init, err));
	slave = mount_clone(init->slave_fd, 0, err);
	TRY(slave);
	target = rootfs_make_file(init->root_fd, op->target, 0600, err);
	TRY(target);
	return mount_attach(slave, target, err);
}
