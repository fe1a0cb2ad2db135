/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel/mount.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "kernel/syscalls.h"

int mount_clone(int fd, int recursive, struct error *err)
{
	int tree = open_tree(fd, "",
			     AT_EMPTY_PATH | OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC |
				     (recursive ? AT_RECURSIVE : 0));

	if (tree < 0)
		return error_errno(err, errno, "clone the mount");
	return tree;
}

int mount_clone_path(const char *path, int recursive, int flags, struct error *err)
{
	int tree = open_tree(AT_FDCWD, path,
			     (unsigned)flags | OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC |
				     (recursive ? AT_RECURSIVE : 0));

	if (tree < 0)
		return error_errno(err, errno, "clone the mount of %s", path);
	return tree;
}

/* What the filesystem says of a refused parameter ("e tmpfs: Bad value for 'size'"), or "". */
static void kernel_words(int fs_fd, char *ret, size_t room)
{
	ssize_t n = read(fs_fd, ret, room - 1);

	if (n <= 2) {
		*ret = 0;
		return;
	}
	ret[n] = 0;
	ret[strcspn(ret, "\n")] = 0;
	memmove(ret, ret + 2, strlen(ret) - 1); /* the severity letter and a blank */
}

static int refused(int fs_fd, const char *fstype, const char *what, struct error *err)
{
	int code = errno;
	char words[200];

	kernel_words(fs_fd, words, sizeof words);
	if (*words)
		return error_set(err, code, "%s: %s: %s (%s)", fstype, what, strerror(code), words);
	return error_errno(err, code, "%s: %s", fstype, what);
}

static int set_parameter(int fs_fd, const char *fstype, const struct mount_option_pair *option,
			 struct error *err)
{
	char what[120];
	int r;

	if (option->value)
		r = fsconfig(fs_fd, FSCONFIG_SET_STRING, option->key, option->value, 0);
	else
		r = fsconfig(fs_fd, FSCONFIG_SET_FLAG, option->key, NULL, 0);
	if (r == 0)
		return 0;
	snprintf(what, sizeof what, "option '%s%s%s'", option->key, option->value ? "=" : "",
		 option->value ? option->value : "");
	return refused(fs_fd, fstype, what, err);
}

static int open_type(const char *fstype, struct error *err)
{
	int fs_fd = fsopen(fstype, FSOPEN_CLOEXEC);

	return fs_fd >= 0 ? fs_fd : error_errno(err, errno, "file system type '%s'", fstype);
}

static int create(int fs_fd, const char *fstype, uint64_t attributes, struct error *err)
{
	int fd;

	if (fsconfig(fs_fd, FSCONFIG_CMD_CREATE, NULL, NULL, 0) < 0)
		return refused(fs_fd, fstype, "create", err);
	fd = fsmount(fs_fd, FSMOUNT_CLOEXEC, (unsigned)attributes);
	return fd >= 0 ? fd : refused(fs_fd, fstype, "mount", err);
}

int mount_new(const char *fstype, const char *source, const struct mount_option_pair *options,
	      size_t n_options, uint64_t attributes, struct error *err)
{
	cleanup_close int fs_fd = open_type(fstype, err);

	TRY(fs_fd);
	if (source && fsconfig(fs_fd, FSCONFIG_SET_STRING, "source", source, 0) < 0)
		return refused(fs_fd, fstype, "source", err);
	for (size_t i = 0; i < n_options; i++)
		TRY(set_parameter(fs_fd, fstype, &options[i], err));
	return create(fs_fd, fstype, attributes, err);
}

int mount_new_of_fds(const char *fstype, const struct mount_option_pair *options, size_t n_options,
		     const struct mount_option_fd *fds, size_t n_fds, struct error *err)
{
	cleanup_close int fs_fd = open_type(fstype, err);

	TRY(fs_fd);
	for (size_t i = 0; i < n_options; i++)
		TRY(set_parameter(fs_fd, fstype, &options[i], err));
	for (size_t i = 0; i < n_fds; i++)
		if (fsconfig(fs_fd, FSCONFIG_SET_FD, fds[i].key, NULL, fds[i].fd) < 0)
			return refused(fs_fd, fstype, fds[i].key, err);
	return create(fs_fd, fstype, 0, err);
}

int mount_set_attributes(int fd, int recursive, uint64_t set, uint64_t clear,
			 unsigned long propagation, struct error *err)
{
	struct mount_attr attr = { .attr_set = set, .attr_clr = clear, .propagation = propagation };

	if (mount_setattr(fd, "", AT_EMPTY_PATH | (recursive ? AT_RECURSIVE : 0), &attr,
			  sizeof attr) < 0)
		return error_errno(err, errno, "set mount attributes");
	return 0;
}

/* Those that are met in practice; statfs(2) tells numbers only. */
static const char *file_system_name(int fd, char *ret, size_t room)
{
	static const struct {
		unsigned magic;
		const char *name;
	} known[] = {
		{ PROC_SUPER_MAGIC, "proc" },
		{ SYSFS_MAGIC, "sysfs" },
		{ CGROUP2_SUPER_MAGIC, "cgroup2" },
		{ CGROUP_SUPER_MAGIC, "cgroup" },
		{ OVERLAYFS_SUPER_MAGIC, "overlay" },
		{ NFS_SUPER_MAGIC, "nfs" },
		{ FUSE_SUPER_MAGIC, "fuse" },
		{ SMB2_SUPER_MAGIC, "smb" },
		{ DEVPTS_SUPER_MAGIC, "devpts" },
		{ TMPFS_MAGIC, "tmpfs" },
		{ RAMFS_MAGIC, "ramfs" },
		{ NSFS_MAGIC, "nsfs" },
	};
	struct statfs fs = {};

	fstatfs(fd, &fs);
	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (known[i].magic == (unsigned)fs.f_type)
			return known[i].name;
	snprintf(ret, room, "type 0x%x", (unsigned)fs.f_type);
	return ret;
}

int mount_set_idmap(int fd, int recursive, int user_namespace_fd, struct error *err)
{
	struct mount_attr attr = { .attr_set = MOUNT_ATTR_IDMAP,
				   .userns_fd = (uint64_t)user_namespace_fd };
	char room[24];
	int code;

	if (mount_setattr(fd, "", AT_EMPTY_PATH | (recursive ? AT_RECURSIVE : 0), &attr,
			  sizeof attr) == 0)
		return 0;
	code = errno;
	if (code == EINVAL)
		return error_set(
			err, ENOTSUP,
			"the file system (%s)%s cannot be idmapped by this kernel: use one "
			"that can, as ext4, xfs, btrfs and since Linux 6.3 tmpfs, or give "
			"its files to the container's ids",
			file_system_name(fd, room, sizeof room),
			recursive ? ", or one mounted below it," : "");
	if (code == EPERM)
		return error_set(
			err, EPERM,
			"idmap the mount: %s: its file system (%s) belongs to another user "
			"namespace, or the mount is idmapped already",
			strerror(code), file_system_name(fd, room, sizeof room));
	return error_errno(err, code, "idmap the mount");
}

int mount_attach(int mount_fd, int target_fd, struct error *err)
{
	if (move_mount(mount_fd, "", target_fd, "",
		       MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH) < 0)
		return error_errno(err, errno, "attach the mount");
	return 0;
}

int mount_is_root(int fd, struct error *err)
{
	struct statx st;

	if (statx(fd, "", AT_EMPTY_PATH, 0, &st) < 0)
		return error_errno(err, errno, "look for a mount");
	return (st.stx_attributes & STATX_ATTR_MOUNT_ROOT) != 0;
}

/* umount2(2) knows paths alone: the one of the descriptor is found through procfs. */
int mount_detach(int fd, int proc_fd, struct error *err)
{
	cleanup_close int fds = openat(proc_fd, "self/fd", O_PATH | O_DIRECTORY | O_CLOEXEC);
	char name[16];

	if (fds < 0 || fchdir(fds) < 0)
		return error_errno(err, errno, "find the mount");
	snprintf(name, sizeof name, "%d", fd);
	return umount2(name, MNT_DETACH) == 0 ? 0 : error_errno(err, errno, "detach the mount");
}

int mount_pivot_root(int root_fd, struct error *err)
{
	cleanup_close int old_fd = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);

	if (old_fd < 0)
		return error_errno(err, errno, "open the old root");
	if (fchdir(root_fd) < 0)
		return error_errno(err, errno, "enter the new root");
	if (sys_pivot_root(".", ".") < 0)
		return error_errno(err, errno, "pivot_root");
	/* The old root is stacked on the new one now. Where mounts are shared with the host,
	   taking it off would take off the host's as well. */
	TRY(mount_set_attributes(old_fd, 1, 0, 0, MS_SLAVE, err));
	if (fchdir(old_fd) < 0 || umount2(".", MNT_DETACH) < 0)
		return error_errno(err, errno, "detach the old root");
	if (chdir("/") < 0)
		return error_errno(err, errno, "enter /");
	return 0;
}

int mount_move_root(int root_fd, struct error *err)
{
	/* The tree is attached over "/" already: it is enough to look at it. */
	if (fchdir(root_fd) < 0)
		return error_errno(err, errno, "enter the new root");
	if (chroot(".") < 0)
		return error_errno(err, errno, "chroot");
	if (chdir("/") < 0)
		return error_errno(err, errno, "enter /");
	return 0;
}

int mount_private_procfs(struct error *err)
{
	struct error fresh;
	int fd = mount_new("proc", NULL, NULL, 0, 0, &fresh);

	if (fd >= 0)
		return fd;
	/* In a user namespace a new procfs is refused where the host's has mounts over it; a clone
	   without those mounts serves as well. */
	fd = mount_clone_path("/proc", 0, 0, err);
	return fd >= 0 ? fd : error_errno(err, err->code, "a private /proc: %s", fresh.text);
}
