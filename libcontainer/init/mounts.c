/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "init/steps.h"
#include "init/sync.h"
#include "kernel/device.h"
#include "kernel/mount.h"
#include "kernel/rootfs.h"

/* Wants privilege over the host, so the parent does it. */
static int set_idmap(const struct init *init, int fd, const struct mount_op *op, struct error *err)
{
	return op->idmap ? sync_ask(init->sync_fd, PHASE_IDMAP, fd, NULL, err) : 0;
}

/* The source of a bind as a detached tree: the parent's, or opened now that its turn has come. */
static int open_source(struct init *init, const struct mount_op *op, size_t i, struct error *err)
{
	cleanup_close int fd = -1;
	cleanup_close int tree = -1;
	int flags = op->source_nofollow || op->copy_symlink ? AT_SYMLINK_NOFOLLOW : 0;

	if (init->source_fds[i] >= 0)
		return steal_fd(&init->source_fds[i]);
	if (!op->source_in_rootfs)
		return mount_clone_path(op->source, op->recursive, flags, err);
	fd = rootfs_open(init->root_fd, op->source + strlen(init->plan->rootfs),
			 O_PATH | (flags ? O_NOFOLLOW : 0), err);
	TRY(fd);
	tree = mount_clone(fd, op->recursive, err);
	TRY(tree);
	TRY(set_idmap(init, tree, op, err));
	return steal_fd(&tree);
}

/* Where a mount goes: made, when missing, as what is mounted there. */
static int open_target(struct init *init, const struct mount_op *op, bool directory,
		       struct error *err)
{
	struct error missing;
	int fd;

	if (op->real_directory || op->target_nofollow) {
		fd = rootfs_open_nofollow(init->root_fd, op->target,
					  O_PATH | (directory ? O_DIRECTORY : 0), &missing);
		if (fd >= 0)
			return fd;
		if (missing.code != ENOENT)
			return error_set(err, missing.code, "must be a %s, not a symbolic link: %s",
					 directory ? "directory" : "file", missing.text);
	}
	if (directory)
		return rootfs_make_directory(init->root_fd, op->target, 0755, err);
	return rootfs_make_file(init->root_fd, op->target, 0755, err);
}

static int set_attributes(int fd, const struct mount_op *op, struct error *err)
{
	uint64_t later = op->late_readonly ? MOUNT_ATTR_RDONLY : 0;

	if (op->attr_set_recursive || op->attr_clear_recursive)
		TRY(mount_set_attributes(fd, 1, op->attr_set_recursive, op->attr_clear_recursive, 0,
					 err));
	if ((op->attr_set & ~later) || op->attr_clear)
		TRY(mount_set_attributes(fd, 0, op->attr_set & ~later, op->attr_clear, 0, err));
	return 0;
}

/* After attaching: propagation words, in their order. */
static int set_propagation(int fd, const struct mount_op *op, struct error *err)
{
	for (size_t i = 0; i < op->propagation.n; i++)
		TRY(mount_set_attributes(fd, !!(op->propagation.item[i] & MS_REC), 0, 0,
					 op->propagation.item[i] & ~(unsigned long)MS_REC, err));
	return 0;
}

/* By descriptor: a path may lead elsewhere by the time it is taken back. */
static int attach(struct init *init, const struct mount_op *op, int mount_fd, int target_fd,
		  struct error *err)
{
	TRY(mount_attach(mount_fd, target_fd, err));
	if (!init->attached_fds)
		return 0;
	init->attached_fds[op - init->plan->mounts.ops.item] = fcntl(mount_fd, F_DUPFD_CLOEXEC, 3);
	return 0;
}

static int copy_symlink(struct init *init, const struct mount_op *op, int source_fd,
			struct error *err)
{
	cleanup_close int parent = -1;
	char text[4096];
	const char *name;
	ssize_t n = readlinkat(source_fd, "", text, sizeof text - 1);

	if (n < 0)
		return error_errno(err, errno, "read the link %s", op->source);
	text[n] = 0;
	parent = rootfs_open_parent(init->root_fd, op->target, &name, err);
	TRY(parent);
	return device_make_link(parent, name, text, err);
}

static int apply_bind(struct init *init, const struct mount_op *op, size_t i, struct error *err)
{
	cleanup_close int source = open_source(init, op, i, err);
	cleanup_close int target = -1;
	struct stat st;

	TRY(source);
	if (fstat(source, &st) < 0)
		return error_errno(err, errno, "stat %s", op->source);
	if (S_ISLNK(st.st_mode) && op->copy_symlink)
		return copy_symlink(init, op, source, err);
	target = open_target(init, op, S_ISDIR(st.st_mode), err);
	TRY(target);
	/* Before it is attached: nobody ever sees it with other attributes. */
	TRY(set_attributes(source, op, err));
	TRY(attach(init, op, source, target, err));
	return set_propagation(source, op, err);
}

/* A tmpfs takes the mode of the directory it covers, unless the config says otherwise. */
static bool wants_mode(const struct mount_op *op)
{
	for (size_t i = 0; i < op->parameters.n; i++)
		if (!strcmp(op->parameters.item[i].key, "mode"))
			return false;
	return !strcmp(op->fstype, "tmpfs");
}

enum { PARAMETERS_MAX = 64 };

static int new_filesystem(const struct mount_op *op, int target, struct error *err)
{
	struct mount_option_pair options[PARAMETERS_MAX];
	uint64_t later = op->late_readonly ? MOUNT_ATTR_RDONLY : 0;
	size_t n = 0;
	struct stat st;
	char mode[8];

	if (op->parameters.n >= PARAMETERS_MAX)
		return error_set(err, E2BIG, "more than %d options", PARAMETERS_MAX - 1);
	for (; n < op->parameters.n; n++)
		options[n] = (struct mount_option_pair){ op->parameters.item[n].key,
							 op->parameters.item[n].value };
	if (wants_mode(op) && fstat(target, &st) == 0) {
		snprintf(mode, sizeof mode, "%o", st.st_mode & 07777);
		options[n++] = (struct mount_option_pair){ "mode", mode };
	}
	return mount_new(op->fstype, op->source, options, n, op->attr_set & ~later, err);
}

static int apply_filesystem(struct init *init, const struct mount_op *op, struct error *err)
{
	cleanup_close int target = open_target(init, op, true, err);
	cleanup_close int fd = -1;

	TRY(target);
	fd = new_filesystem(op, target, err);
	TRY(fd);
	if (op->copy_up)
		TRY(copy_up_tree(target, fd, err));
	TRY(set_idmap(init, fd, op, err));
	if (op->attr_set_recursive || op->attr_clear_recursive)
		TRY(mount_set_attributes(fd, 1, op->attr_set_recursive, op->attr_clear_recursive, 0,
					 err));
	TRY(attach(init, op, fd, target, err));
	return set_propagation(fd, op, err);
}

/* A fresh cgroup2 shows the new namespace's root; without one the host's directory is bound. */
static int apply_cgroup(struct init *init, const struct mount_op *op, size_t i, struct error *err)
{
	if (op->source)
		return apply_bind(init, op, i, err);
	return apply_filesystem(init, op, err);
}

static int apply_attributes(struct init *init, const struct mount_op *op, struct error *err)
{
	cleanup_close int fd = rootfs_open(init->root_fd, op->target, O_PATH, err);

	TRY(fd);
	TRY(set_attributes(fd, op, err));
	return set_propagation(fd, op, err);
}

static int apply_readonly(struct init *init, const struct mount_op *op, struct error *err)
{
	cleanup_close int target = rootfs_open(init->root_fd, op->target, O_PATH, err);
	cleanup_close int tree = -1;

	if (op->optional && (target == -ENOENT || target == -ENOTDIR))
		return 0;
	TRY(target);
	tree = mount_clone(target, 1, err);
	TRY(tree);
	TRY(mount_set_attributes(tree, 0, MOUNT_ATTR_RDONLY, 0, 0, err));
	return mount_attach(tree, target, err);
}

static int apply_symlink(struct init *init, const struct mount_op *op, struct mounts_parent *parent,
			 struct error *err)
{
	const char *name;
	int fd = mount_special_parent(init, op->target, parent, &name, err);

	TRY(fd);
	return device_make_link(fd, name, op->source, err);
}

static void close_parent(struct mounts_parent *parent)
{
	cleanup_close_at(&parent->fd);
	parent->fd = -1;
}

static int apply_directory(struct init *init, const struct mount_op *op, struct error *err)
{
	cleanup_close int fd = rootfs_make_directory(init->root_fd, op->target, 0755, err);

	TRY(fd);
	return 0;
}

static int apply_device(struct init *init, const struct mount_op *op, size_t i,
			struct mounts_parent *parent, struct error *err)
{
	cleanup_close int source = -1;

	if (!op->device.bind)
		return mount_special_device(init, op, parent, err);
	source = open_source(init, op, i, err);
	TRY(source);
	return mount_special_bind_device(init, op, source, err);
}

struct round { /* what operations of one round share */
	struct mounts_hidden hidden;
	struct mounts_parent parent;
};

static int apply(struct init *init, size_t i, struct round *round, struct error *err)
{
	const struct mount_op *op = &init->plan->mounts.ops.item[i];

	/* A mount may cover the directory that is held open. */
	if (op->kind != MOUNT_OP_DEVICE && op->kind != MOUNT_OP_SYMLINK)
		close_parent(&round->parent);
	switch (op->kind) {
	case MOUNT_OP_BIND:
		return apply_bind(init, op, i, err);
	case MOUNT_OP_FILESYSTEM:
		return apply_filesystem(init, op, err);
	case MOUNT_OP_CGROUP:
		return apply_cgroup(init, op, i, err);
	case MOUNT_OP_ATTRIBUTES:
		return apply_attributes(init, op, err);
	case MOUNT_OP_READONLY:
		return apply_readonly(init, op, err);
	case MOUNT_OP_MASK:
		return mount_special_mask(init, op, &round->hidden, err);
	case MOUNT_OP_DEVICE:
		return apply_device(init, op, i, &round->parent, err);
	case MOUNT_OP_SYMLINK:
		return apply_symlink(init, op, &round->parent, err);
	case MOUNT_OP_DIRECTORY:
		return apply_directory(init, op, err);
	case MOUNT_OP_CONSOLE:
		return mount_special_console(init, op, err);
	}
	return error_set(err, EINVAL, "unknown kind of operation");
}

int mounts_apply(struct init *init, size_t first, size_t last, struct error *err)
{
	struct round round = { .hidden = { -1, steal_fd(&init->null_fd), false }, .parent.fd = -1 };
	int r = 0;

	for (size_t i = first; r >= 0 && i < last; i++) {
		const struct mount_op *op = &init->plan->mounts.ops.item[i];

		r = apply(init, i, &round, err);
		if (r < 0)
			error_prefix(err, "%s (%s): ", op->from, op->target);
	}
	close_parent(&round.parent);
	cleanup_close_at(&round.hidden.directory_fd);
	/* Not yet attached: the next round of operations may need it. */
	if (!round.hidden.null_attached)
		init->null_fd = steal_fd(&round.hidden.null_fd);
	cleanup_close_at(&round.hidden.null_fd);
	return r;
}
