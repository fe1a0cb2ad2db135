/* SPDX-License-Identifier: Apache-2.0 */
#include "storage/storage_probe.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <linux/magic.h>
#include <linux/mount.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/quota.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "kernel/idmap.h"
#include "kernel/mount.h"

#ifndef PRJQUOTA
#define PRJQUOTA 2
#endif

static int make_file(int dir, const char *name)
{
	return openat(dir, name, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
}

/* Each try: 0, or -errno. */

static int try_layers(int dir)
{
	struct statfs fs;

	if (fstatfs(dir, &fs) < 0)
		return -errno;
	return fs.f_type == OVERLAYFS_SUPER_MAGIC ? -ELOOP : 0;
}

static int try_types(int dir)
{
	int fd = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *stream = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;
	int r = stream ? 0 : -errno;

	while (stream && (entry = readdir(stream)))
		if (entry->d_type == DT_UNKNOWN)
			r = -EOPNOTSUPP;
	if (stream)
		closedir(stream);
	else if (fd >= 0)
		close(fd);
	return r;
}

static int try_attributes(int dir)
{
	return fsetxattr(dir, "trusted.overlay.opaque", "y", 1, 0) < 0 ? -errno : 0;
}

static int try_whiteout(int dir)
{
	cleanup_close int fd = make_file(dir, "hidden");

	if (fd < 0 || renameat2(dir, "hidden", dir, "moved", RENAME_WHITEOUT) < 0)
		return -errno;
	return 0;
}

static int try_unnamed(int dir)
{
	cleanup_close int fd = openat(dir, ".", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

	return fd < 0 ? -errno : 0;
}

static int try_reflink(int dir)
{
	static const char block[4096];
	cleanup_close int from = make_file(dir, "from");
	cleanup_close int to = make_file(dir, "to");

	if (from < 0 || to < 0 || write(from, block, sizeof block) != sizeof block ||
	    ioctl(to, FICLONE, from) < 0)
		return -errno;
	return 0;
}

/* It must be there for the file system, and enforced on this mount. */
static int try_quota(int dir)
{
	char information[256];

	if (syscall(SYS_quotactl_fd, dir, QCMD(Q_GETINFO, PRJQUOTA), 0, information) < 0)
		return -errno;
	return 0;
}

static int try_idmap(int dir)
{
	cleanup_close int proc = open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
	cleanup_close int namespace = -1;
	cleanup_close int mount = -1;
	struct error ignored = { 0 };
	int r;

	namespace = idmap_namespace(proc, "0 100000 65536\n", "0 100000 65536\n", &ignored);
	if (namespace < 0)
		return namespace;
	mount = mount_clone(dir, 0, &ignored);
	if (mount < 0)
		return mount;
	r = mount_set_idmap(mount, 0, namespace, &ignored);
	return r < 0 ? r : 0;
}

static const struct {
	struct storage_check check;
	int (*try)(int dir);
} probes[] = {
	{ { .name = "layers",
	    .what = "layers can be stacked on it",
	    .remedy = "the store is on an overlay itself, as in a container: put it on a volume",
	    .needed = true },
	  try_layers },
	{ { .name = "d_type",
	    .what = "directories tell what is in them",
	    .remedy = "on xfs make it with ftype=1 (mkfs.xfs -n ftype=1)",
	    .needed = true },
	  try_types },
	{ { .name = "xattr",
	    .what = "overlayfs can mark directories",
	    .remedy = "use ext4, xfs or btrfs, as root",
	    .needed = true },
	  try_attributes },
	{ { .name = "whiteout",
	    .what = "a server can remove what its template has",
	    .remedy = "use ext4, xfs or btrfs",
	    .needed = true },
	  try_whiteout },
	{ { .name = "tmpfile",
	    .what = "files can be copied up in one step",
	    .remedy = "use ext4, xfs or btrfs",
	    .needed = true },
	  try_unnamed },
	{ { .name = "idmap",
	    .what = "one layer serves servers with different ids",
	    .remedy = "needs Linux 5.19, and ext4, xfs or btrfs",
	    .needed = true },
	  try_idmap },
	{ { .name = "reflink",
	    .what = "copies share their data",
	    .remedy = "put the store on xfs (mkfs.xfs -m reflink=1) or btrfs; without, files are "
		      "copied" },
	  try_reflink },
	{ { .name = "project-quota",
	    .what = "the disk space of a server can be limited",
	    .remedy = "mount xfs with prjquota; ext4 with prjquota after tune2fs -O project,quota; "
		      "without, there are no disk limits" },
	  try_quota },
};

static void run(int dir, struct storage_check ret[STORAGE_CHECKS_MAX])
{
	for (size_t i = 0; i < sizeof probes / sizeof *probes; i++) {
		int r = probes[i].try(dir);

		ret[i] = probes[i].check;
		ret[i].found = r == 0;
		if (r < 0)
			snprintf(ret[i].detail, sizeof ret[i].detail, "%s", strerror(-r));
	}
}

/* In the trash, so that gc clears up after a kill. */
int storage_probe(const struct storage *storage, struct storage_check ret[STORAGE_CHECKS_MAX],
		  struct error *err)
{
	char id[STORAGE_ID_SIZE], path[STORAGE_PATH_MAX];
	cleanup_close int dir = -1;

	TRY(storage_new_id(id, err));
	TRY(storage_path(path, err, "trash/%s.probe", id));
	TRY(storage_make_directory(storage, path, err));
	dir = storage_openat(storage, path, O_RDONLY | O_DIRECTORY, err);
	TRY(dir);
	run(dir, ret);
	TRY(file_remove_tree(storage->fd, path, err));
	return sizeof probes / sizeof *probes;
}
