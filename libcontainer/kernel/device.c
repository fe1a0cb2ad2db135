/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel/device.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/cleanup.h"

#define MODE_MASK 07777

static int check_name(const char *name, struct error *err)
{
	if (!*name || strchr(name, '/') || strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
		return error_set(err, EINVAL, "make device %s: not a file name", name);
	return 0;
}

static int same_device(const struct stat *st, mode_t type_and_mode, dev_t number)
{
	mode_t type = type_and_mode & S_IFMT;

	return (st->st_mode & S_IFMT) == type && (type == S_IFIFO || st->st_rdev == number);
}

/* Make the node; 0 new, 1 there was one. */
static int make_node(int dir_fd, const char *name, mode_t type_and_mode, dev_t number,
		     struct error *err)
{
	/* The mode is right from the beginning, so no chmod has to find the node again. */
	mode_t mask = umask(0);
	int result = mknodat(dir_fd, name, type_and_mode, number);
	int code = errno;

	umask(mask);
	if (result == 0 || code == EEXIST)
		return result < 0;
	return error_errno(err, code, "make device %s (%u:%u)", name, major(number), minor(number));
}

/* What was made is looked at by descriptor: the directory may be shared with others. */
static int finish_node(int fd, const char *name, mode_t mode, uid_t uid, gid_t gid,
		       struct error *err)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return error_errno(err, errno, "stat device %s", name);
	if ((st.st_uid != uid || st.st_gid != gid) &&
	    fchownat(fd, "", uid, gid, AT_EMPTY_PATH | AT_SYMLINK_NOFOLLOW) < 0)
		return error_errno(err, errno, "change owner of device %s to %u:%u", name, uid,
				   gid);
	if ((st.st_mode & MODE_MASK) != (mode & MODE_MASK))
		return error_set(err, EPERM, "make device %s: the file system made its mode %o",
				 name, st.st_mode & MODE_MASK);
	return 0;
}

int device_make(int dir_fd, const char *name, mode_t type_and_mode, dev_t number, uid_t uid,
		gid_t gid, int keep, struct error *err)
{
	cleanup_close int fd = -1;
	struct stat st;
	int existed;

	TRY(check_name(name, err));
	existed = make_node(dir_fd, name, type_and_mode, number, err);
	TRY(existed);
	if (existed && !keep)
		return error_errno(err, EEXIST, "make device %s", name);
	fd = openat(dir_fd, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st) < 0)
		return error_errno(err, errno, "open device %s", name);
	if (!same_device(&st, type_and_mode, number))
		return error_set(err, EEXIST, "make device %s: another file is in its place", name);
	return existed ? 0 : finish_node(fd, name, type_and_mode, uid, gid, err);
}

int device_make_link(int dir_fd, const char *name, const char *text, struct error *err)
{
	TRY(check_name(name, err));
	if (symlinkat(text, dir_fd, name) < 0 && errno != EEXIST)
		return error_errno(err, errno, "make link %s to %s", name, text);
	return 0;
}
