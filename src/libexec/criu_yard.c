/* SPDX-License-Identifier: Apache-2.0 */
#include "criu_yard.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "kernel/mount.h"
#include "kernel/namespace.h"

static int cut_off(struct error *err)
{
	cleanup_close int root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);

	if (root < 0)
		return error_errno(err, errno, "open /");
	TRY(namespace_unshare(CLONE_NEWNS, err));
	/* The descriptor is of the old namespace's root. */
	close(steal_fd(&root));
	root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (root < 0)
		return error_errno(err, errno, "open /");
	return mount_set_attributes(root, 1, 0, 0, MS_SLAVE, err);
}

/* A fresh tmpfs, so that nothing but us decides what the names below it are. */
static int cover(const char *place, struct error *err)
{
	static const struct mount_option_pair mode[] = { { "mode", "700" } };
	cleanup_close int target = open(place, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	cleanup_close int tmpfs = -1;

	if (target < 0)
		return error_errno(err, errno, "open %s", place);
	tmpfs = mount_new("tmpfs", "ctr", mode, 1, MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV, err);
	TRY(tmpfs);
	TRY(mount_attach(tmpfs, target, err));
	return steal_fd(&tmpfs);
}

static int attach(int place_fd, const char *name, int tree, struct error *err)
{
	cleanup_close int target = -1;
	struct stat st;
	int r;

	if (fstat(tree, &st) < 0)
		return error_errno(err, errno, "%s", name);
	if (S_ISDIR(st.st_mode))
		r = mkdirat(place_fd, name, 0700);
	else
		r = mknodat(place_fd, name, S_IFREG | 0600, 0);
	if (r < 0)
		return error_errno(err, errno, "make %s", name);
	target = openat(place_fd, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	if (target < 0)
		return error_errno(err, errno, "open %s", name);
	return mount_attach(tree, target, err);
}

/* CRIU mounts in its working directory, which has to be of this namespace for that. */
static int reopen_work(const struct criu_request *request, struct error *err)
{
	cleanup_close int fd = open(request->work, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int given = (int)request->work_fd.value;
	struct stat here, there;

	if (fd < 0 || fstat(fd, &here) < 0 || fstat(given, &there) < 0)
		return error_errno(err, errno, "open %s", request->work);
	if (here.st_dev != there.st_dev || here.st_ino != there.st_ino)
		return error_set(err, EBUSY, "%s was replaced meanwhile", request->work);
	return dup3(fd, given, O_CLOEXEC) < 0 ? error_errno(err, errno, "open %s", request->work) :
						0;
}

int criu_yard_enter(const struct criu_request *request, struct error *err)
{
	cleanup_close int place = -1;

	if (!request->place || !request->root_fd.set)
		return error_set(err, EINVAL, "a restore needs a place and a root");
	TRY(cut_off(err));
	TRY(reopen_work(request, err));
	place = cover(request->place, err);
	TRY(place);
	TRY(attach(place, "root", (int)request->root_fd.value, err));
	for (size_t i = 0; i < request->trees.n; i++)
		TRY(attach(place, request->trees.item[i].key, (int)request->trees.item[i].fd.value,
			   err));
	return 0;
}
