/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel/overlay.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/fsuid.h>
#include <sys/mount.h>
#include <sys/statvfs.h>

#include "base/cleanup.h"
#include "base/str.h"
#include "kernel/capability.h"
#include "kernel/mount.h"
#include "kernel/process.h"
#include "kernel/syscalls.h"

/* What the helper shares with its maker. */
struct job {
	const struct overlay *overlay;
	int proc_fd;
	int mount_fd; /* out; the table of descriptors is shared too */
	struct error error;
};

int overlay_open_layer(int tree, const char *name, struct error *err)
{
	struct open_how how = {
		.flags = O_PATH | O_DIRECTORY | O_CLOEXEC,
		.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS |
			   RESOLVE_NO_XDEV,
	};
	int fd = (int)sys_openat2(tree, name, &how);

	return fd >= 0 ? fd : error_errno(err, errno, "open the layer %s", name);
}

/* The ids of files alone: capabilities that go with them are raised again. */
static int become_owner(const struct overlay *overlay, struct error *err)
{
	if (!overlay->as_owner)
		return 0;
	setfsgid(overlay->gid);
	setfsuid(overlay->uid);
	/* They tell what was, not whether it worked. */
	if ((uid_t)setfsuid((uid_t)-1) != overlay->uid ||
	    (gid_t)setfsgid((gid_t)-1) != overlay->gid)
		return error_set(err, EPERM, "become the owner of the layers, %u:%u", overlay->uid,
				 overlay->gid);
	return capability_raise_effective(err);
}

/* Descriptors all the way, which no path and no separator can come between (Linux 6.13). */
static int mount_detached(const struct overlay *overlay, struct error *err)
{
	static const struct mount_option_pair options[] = { { "index", "off" },
							    { "metacopy", "off" },
							    { "redirect_dir", "nofollow" },
							    { "volatile", NULL } };
	size_t n_fds = overlay->n_lower + 2, n = 0;
	cleanup_free struct mount_option_fd *fds = calloc(n_fds, sizeof *fds);

	if (!fds)
		return error_errno(err, ENOMEM, "mount the overlay");
	for (; n < overlay->n_lower; n++)
		fds[n] = (struct mount_option_fd){ "lowerdir+", overlay->lower[n] };
	if (overlay->upper >= 0) {
		fds[n++] = (struct mount_option_fd){ "upperdir", overlay->upper };
		fds[n++] = (struct mount_option_fd){ "workdir", overlay->work };
	}
	return mount_new_of_fds("overlay", options, overlay->is_volatile ? 4 : 3, fds, n, err);
}

static int overlay_data(const struct overlay *overlay, char **ret, struct error *err)
{
	cleanup_str struct str data = {};

	str_add(&data, "index=off,metacopy=off,redirect_dir=nofollow,lowerdir=");
	for (size_t i = 0; i < overlay->n_lower; i++)
		str_addf(&data, "%s%d", i ? ":" : "", overlay->lower[i]);
	if (overlay->upper >= 0)
		str_addf(&data, ",upperdir=%d,workdir=%d", overlay->upper, overlay->work);
	if (overlay->is_volatile)
		str_add(&data, ",volatile");
	return str_steal(&data, ret, err);
}

/*
 * In a mount namespace of our own: the layers' mounts and then the overlay, one over the other on
 * "/". Its names are those in the directory of our descriptors, so that 128 of them fit into the
 * page that mount(2) takes. "/.." is what stands uppermost on "/".
 */
static int mount_attached(const struct overlay *overlay, int proc_fd, struct error *err)
{
	cleanup_free char *data = NULL;
	int fd;

	TRY(overlay_data(overlay, &data, err));
	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
		return error_errno(err, errno, "cut a mount namespace off from the host");
	for (size_t i = 0; i < overlay->n_trees; i++)
		if (move_mount(overlay->trees[i], "", AT_FDCWD, "/", MOVE_MOUNT_F_EMPTY_PATH) < 0)
			return error_errno(err, errno, "attach the layers' mount");
	if (fchdir(proc_fd) < 0 || chdir("self/fd") < 0)
		return error_errno(err, errno, "enter the directory of descriptors");
	if (mount("overlay", "/", "overlay", 0, data) < 0)
		return error_errno(err, errno, "mount the overlay (the kernel's log may say more)");
	fd = open_tree(AT_FDCWD, "/..", OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);
	return fd >= 0 ? fd : error_errno(err, errno, "take the overlay");
}

static int run_job(void *argument)
{
	struct job *job = argument;
	const struct overlay *overlay = job->overlay;

	if (become_owner(overlay, &job->error) < 0)
		return 1;
	job->mount_fd = overlay->detached ? mount_detached(overlay, &job->error) :
					    mount_attached(overlay, job->proc_fd, &job->error);
	return job->mount_fd < 0;
}

/* An overlay that cannot write to its work directory comes up all the same. */
static int check_writable(int fd, struct error *err)
{
	struct statvfs fs;

	if (fstatvfs(fd, &fs) < 0)
		return error_errno(err, errno, "look at the overlay");
	if (fs.f_flag & ST_RDONLY)
		return error_set(err, EROFS,
				 "the kernel made the overlay read-only: is upper's file system "
				 "writable and no overlay itself, and are the layers owned by ids "
				 "that the map has? (see the kernel's log)");
	return 0;
}

int overlay_mount(const struct overlay *overlay, int proc_fd, struct error *err)
{
	struct job job = { overlay, proc_fd, -1, {} };
	uint64_t flags = CLONE_FILES | (overlay->detached ? 0 : CLONE_NEWNS);
	cleanup_close int fd = -1;

	/* A helper: ids, working directory and namespace are changed in it and nowhere else. */
	TRY(process_call(flags, run_job, &job, err));
	fd = job.mount_fd;
	if (fd < 0) {
		*err = job.error;
		return job.error.code ? -job.error.code :
					error_set(err, EIO, "mount the overlay: helper died");
	}
	if (overlay->upper >= 0)
		TRY(check_writable(fd, err));
	return steal_fd(&fd);
}
