/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tmpcopyup: a new tmpfs begins with what its target held. The tmpfs is not attached
 * yet and nobody else can write to it; the source is only read, one name at a time
 * and never through a link.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sendfile.h>

#include "base/cleanup.h"
#include "init/steps.h"

enum { DEPTH_MAX = 128 };

static int copy_directory(int from_fd, int to_fd, unsigned depth, struct error *err);

static int copy_data(int from, int to, off_t size, const char *name, struct error *err)
{
	while (size > 0) {
		ssize_t n = sendfile(to, from, NULL, (size_t)size);

		if (n < 0 && errno != EINTR)
			return error_errno(err, errno, "copy %s", name);
		if (n == 0)
			break; /* it has become shorter */
		size -= n > 0 ? n : 0;
	}
	return 0;
}

/* Owner before mode: a change of owner clears the set-id bits. */
static int take_owner(int fd, const struct stat *st, const char *name, struct error *err)
{
	if (fchown(fd, st->st_uid, st->st_gid) < 0 && errno != EPERM && errno != EINVAL)
		return error_errno(err, errno, "copy %s", name);
	if (fchmod(fd, st->st_mode & 07777) < 0)
		return error_errno(err, errno, "copy %s", name);
	return 0;
}

static int copy_file(int from_fd, int to_fd, const char *name, const struct stat *st,
		     struct error *err)
{
	cleanup_close int from =
		openat(from_fd, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	cleanup_close int to = -1;
	struct stat opened;

	if (from < 0 || fstat(from, &opened) < 0)
		return error_errno(err, errno, "copy %s", name);
	if (!S_ISREG(opened.st_mode) || opened.st_ino != st->st_ino)
		return error_set(err, EAGAIN, "copy %s: it was exchanged meanwhile", name);
	to = openat(to_fd, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (to < 0)
		return error_errno(err, errno, "copy %s", name);
	TRY(copy_data(from, to, st->st_size, name, err));
	return take_owner(to, st, name, err);
}

static int copy_link(int from_fd, int to_fd, const char *name, const struct stat *st,
		     struct error *err)
{
	char text[4096];
	ssize_t n = readlinkat(from_fd, name, text, sizeof text - 1);

	if (n < 0)
		return error_errno(err, errno, "copy %s", name);
	text[n] = 0;
	if (symlinkat(text, to_fd, name) < 0)
		return error_errno(err, errno, "copy %s", name);
	if (fchownat(to_fd, name, st->st_uid, st->st_gid, AT_SYMLINK_NOFOLLOW) < 0 &&
	    errno != EPERM && errno != EINVAL)
		return error_errno(err, errno, "copy %s", name);
	return 0;
}

static int copy_subdirectory(int from_fd, int to_fd, const char *name, const struct stat *st,
			     unsigned depth, struct error *err)
{
	cleanup_close int from =
		openat(from_fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	cleanup_close int to = -1;

	if (from < 0 || mkdirat(to_fd, name, 0700) < 0)
		return error_errno(err, errno, "copy %s", name);
	to = openat(to_fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (to < 0)
		return error_errno(err, errno, "copy %s", name);
	TRY(copy_directory(from, to, depth + 1, err));
	return take_owner(to, st, name, err);
}

static int copy_entry(int from_fd, int to_fd, const char *name, unsigned depth, struct error *err)
{
	struct stat st;

	if (fstatat(from_fd, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return error_errno(err, errno, "copy %s", name);
	if (S_ISDIR(st.st_mode))
		return copy_subdirectory(from_fd, to_fd, name, &st, depth, err);
	if (S_ISREG(st.st_mode))
		return copy_file(from_fd, to_fd, name, &st, err);
	if (S_ISLNK(st.st_mode))
		return copy_link(from_fd, to_fd, name, &st, err);
	if (mknodat(to_fd, name, st.st_mode, st.st_rdev) < 0 && errno != EPERM)
		return error_errno(err, errno, "copy %s", name);
	return 0;
}

DEFINE_CLEANUP(DIR *, closedir)

static int copy_directory(int from_fd, int to_fd, unsigned depth, struct error *err)
{
	int fd = openat(from_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	cleanup_with(closedir) DIR *dir = fd >= 0 ? fdopendir(fd) : NULL;
	struct dirent *entry;

	if (!dir)
		return error_errno(err, errno, "read the directory to copy up");
	if (depth > DEPTH_MAX)
		return error_set(err, ELOOP, "copy up: directories nest deeper than %d", DEPTH_MAX);
	while ((entry = readdir(dir)))
		if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, ".."))
			TRY(copy_entry(fd, to_fd, entry->d_name, depth, err));
	return 0;
}

int copy_up_tree(int from_fd, int to_fd, struct error *err)
{
	if (copy_directory(from_fd, to_fd, 0, err) < 0)
		return error_prefix(err, "tmpcopyup: ");
	return 0;
}
