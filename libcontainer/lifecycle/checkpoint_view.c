/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <linux/stat.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "criu/descriptors.h"
#include "criu/external.h"
#include "kernel/procfs.h"
#include "kernel/rootfs.h"
#include "lifecycle/checkpoint.h"

enum { MOUNTINFO_SIZE_MAX = 16 << 20, FDINFO_SIZE_MAX = 1 << 16 };

int checkpoint_view_open(const struct container *container, const struct plan *plan, int proc_fd,
			 struct checkpoint_view *ret, struct error *err)
{
	char path[40];

	ret->plan = plan;
	ret->proc_fd = proc_fd;
	ret->pid = (int)container->record.pid.value;
	snprintf(path, sizeof path, "%d/root", ret->pid);
	ret->root_fd = openat(proc_fd, path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (ret->root_fd < 0)
		return error_errno(err, errno, "open the container's root");
	snprintf(path, sizeof path, "%d/mountinfo", ret->pid);
	return procfs_read(proc_fd, path, MOUNTINFO_SIZE_MAX, &ret->mountinfo, err);
}

void checkpoint_view_release(struct checkpoint_view *view)
{
	cleanup_close_at(&view->root_fd);
	free(view->mountinfo);
}

/* Is it the root of a mount? Then its id. */
static bool find_mount(int fd, uint64_t *ret_id)
{
	struct statx stx;

	if (statx(fd, "", AT_EMPTY_PATH, STATX_MNT_ID, &stx) < 0 || !(stx.stx_mask & STATX_MNT_ID))
		return false;
	*ret_id = stx.stx_mnt_id;
	return stx.stx_attributes & STATX_ATTR_MOUNT_ROOT;
}

/* Which mounts are named, and the path on the host that such a mount is of. */
static const char *source_of(const struct mount_op *op)
{
	switch (op->kind) {
	case MOUNT_OP_BIND:
		return op->source_in_rootfs ? NULL : op->source;
	case MOUNT_OP_CGROUP:
		return op->source;
	case MOUNT_OP_DEVICE:
		return op->device.bind ? op->source : NULL;
	case MOUNT_OP_MASK:
		return "/dev/null";
	default:
		return NULL;
	}
}

static int check_identity(const struct mount_op *op, const char *source, int fd, struct error *err)
{
	int flags = op->source_nofollow || op->copy_symlink ? AT_SYMLINK_NOFOLLOW : 0;
	struct stat here, there;

	if (fstat(fd, &here) < 0)
		return error_errno(err, errno, "%s (%s)", op->from, op->target);
	if (fstatat(AT_FDCWD, source, &there, flags) < 0)
		return error_errno(err, errno, "%s (%s): %s", op->from, op->target, source);
	if (here.st_dev == there.st_dev && here.st_ino == there.st_ino)
		return 0;
	return error_set(err, EINVAL,
			 "%s (%s): what is mounted there is not %s (was that replaced since?)",
			 op->from, op->target, source);
}

bool checkpoint_view_is_covered(const struct mount_plan *mounts, size_t i)
{
	for (size_t k = i + 1; k < mounts->ops.n; k++) {
		enum mount_op_kind kind = mounts->ops.item[k].kind;

		if ((kind == MOUNT_OP_BIND || kind == MOUNT_OP_FILESYSTEM) &&
		    !strcmp(mounts->ops.item[k].target, mounts->ops.item[i].target))
			return true;
	}
	return false;
}

static bool is_directory(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 && S_ISDIR(st.st_mode);
}

static int name_mount(const struct checkpoint_view *view, const struct mount_op *op,
		      struct criu_request *request, struct error *err)
{
	const char *source = source_of(op);
	cleanup_free char *mountpoint = NULL, *external = NULL;
	char key[CRIU_KEY_SIZE] = CRIU_EXTERNAL_NULL;
	cleanup_close int fd = -1;
	uint64_t id;

	if (!source)
		return 0;
	fd = rootfs_open(view->root_fd, op->target, O_PATH, err);
	/* Unmounted since, or never there: masks may be missing. */
	if (fd == -ENOENT || fd == -ENOTDIR || (fd >= 0 && !find_mount(fd, &id)))
		return 0;
	TRY(fd);
	if (op->kind == MOUNT_OP_MASK && is_directory(fd))
		return 0;
	TRY(check_identity(op, source, fd, err));
	if ((op->kind != MOUNT_OP_MASK && criu_external_key(op->target, key, err) < 0) ||
	    criu_external_mountpoint(view->mountinfo, id, &mountpoint, err) < 0 ||
	    criu_external_mount(mountpoint, key, &external, err) < 0)
		return error_prefix(err, "%s (%s): ", op->from, op->target);
	return criu_request_add_external(request, external, err);
}

int checkpoint_view_mounts(const struct checkpoint_view *view, struct criu_request *request,
			   struct error *err)
{
	const struct mount_plan *mounts = &view->plan->mounts;

	for (size_t i = 0; i < mounts->ops.n; i++)
		if (!checkpoint_view_is_covered(mounts, i))
			TRY(name_mount(view, &mounts->ops.item[i], request, err));
	return 0;
}

int checkpoint_view_namespaces(const struct checkpoint_view *view, struct criu_request *request,
			       struct error *err)
{
	const struct namespace_plan *namespaces = &view->plan->namespaces;

	for (size_t i = 0; i < namespaces->join.n; i++) {
		uint64_t type = namespaces->join.item[i].type;
		const char *name = type == CLONE_NEWNET ? "net" : "pid";
		char path[40], text[80];
		struct stat st;

		if (type != CLONE_NEWNET && type != CLONE_NEWPID)
			continue;
		snprintf(path, sizeof path, "%d/ns/%s", view->pid, name);
		if (fstatat(view->proc_fd, path, &st, 0) < 0)
			return error_errno(err, errno, "%s", namespaces->join.item[i].from);
		snprintf(text, sizeof text, "%s[%llu]:%s", name, (unsigned long long)st.st_ino,
			 type == CLONE_NEWNET ? CRIU_EXTERNAL_NET : CRIU_EXTERNAL_PID);
		TRY(criu_request_add_external(request, text, err));
	}
	return 0;
}

/* "mnt_id:\t12" */
static uint64_t mount_id_of(const struct checkpoint_view *view, int number)
{
	cleanup_free char *text = NULL;
	struct error ignored;
	const char *found;
	char path[48];

	snprintf(path, sizeof path, "%d/fdinfo/%d", view->pid, number);
	if (procfs_read(view->proc_fd, path, FDINFO_SIZE_MAX, &text, &ignored) < 0)
		return 0;
	found = strstr(text, "mnt_id:");
	return found ? strtoull(found + strlen("mnt_id:"), NULL, 10) : 0;
}

/* A file or device that no mount of the container's shows has to be handed in again. */
static bool is_from_outside(const struct checkpoint_view *view, const struct stat *st, uint64_t id)
{
	cleanup_free char *mountpoint = NULL;
	struct error ignored;

	return (S_ISREG(st->st_mode) || S_ISCHR(st->st_mode)) &&
	       criu_external_mountpoint(view->mountinfo, id, &mountpoint, &ignored) == -ENOENT;
}

static int describe(const struct checkpoint_view *view, int number, char *ret, size_t room,
		    struct criu_request *request, struct error *err)
{
	char path[48];
	struct stat st;
	ssize_t n;

	*ret = 0;
	snprintf(path, sizeof path, "%d/fd/%d", view->pid, number);
	n = readlinkat(view->proc_fd, path, ret, room - 1);
	if (n < 0)
		return errno == ENOENT ? 0 : error_errno(err, errno, "descriptor %d", number);
	ret[n] = 0;
	if (fstatat(view->proc_fd, path, &st, 0) < 0 ||
	    !is_from_outside(view, &st, mount_id_of(view, number)))
		return 0;
	snprintf(ret, room, "file[%llx:%llx]",
		 (unsigned long long)mount_id_of(view, number), (unsigned long long)st.st_ino);
	return criu_request_add_external(request, ret, err);
}

int checkpoint_view_descriptors(const struct checkpoint_view *view, struct criu_request *request,
				char **ret, struct error *err)
{
	struct criu_descriptors list = { 0 };
	char texts[3][4096], *items[3];

	list.items.item = items;
	list.items.n = 3;
	for (int i = 0; i < 3; i++) {
		TRY(describe(view, i, texts[i], sizeof texts[i], request, err));
		items[i] = texts[i];
	}
	return criu_descriptors_encode(&list, ret, err);
}
