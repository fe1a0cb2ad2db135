/* SPDX-License-Identifier: Apache-2.0 */
#include "base/private_dir.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"

#define DIRECTORY_FLAGS (O_RDONLY | O_DIRECTORY | O_CLOEXEC)

/* Every missing directory down to the last component of `path`. */
static int make_directories(const char *what, const char *path, struct error *err)
{
	char copy[PATH_MAX];

	strcpy(copy, path);
	for (char *p = copy + 1;; p++) {
		char c = *p;

		if (c != '/' && c != '\0')
			continue;
		*p = '\0';
		if (mkdir(copy, 0700) < 0 && errno != EEXIST)
			return error_errno(err, errno, "make the %s %s", what, copy);
		if (c == '\0')
			return 0;
		*p = c;
	}
}

/* A symlink that someone else made could send us into any directory of ours. */
static int check_link(const char *what, const char *path, struct error *err)
{
	struct stat st;

	if (lstat(path, &st) < 0 || !S_ISLNK(st.st_mode))
		return 0;
	if (st.st_uid != 0 && st.st_uid != geteuid())
		return error_set(err, EPERM, "%s %s is a symlink of uid %u: use a directory", what,
				 path, st.st_uid);
	return 0;
}

static int check_directory(int fd, const char *what, const char *path, struct error *err)
{
	struct stat st, top;

	if (fstat(fd, &st) < 0 || stat("/", &top) < 0)
		return error_errno(err, errno, "stat the %s %s", what, path);
	if (st.st_dev == top.st_dev && st.st_ino == top.st_ino)
		return error_set(err, EPERM, "%s %s is the root directory: use one of its own",
				 what, path);
	if (st.st_uid != geteuid())
		return error_set(err, EPERM, "%s %s belongs to uid %u, not to us (uid %u)", what,
				 path, st.st_uid, geteuid());
	if (st.st_mode & 022)
		return error_set(err, EPERM,
				 "%s %s can be written by others (mode %04o): chmod go-w it", what,
				 path, st.st_mode & 07777);
	return 0;
}

/* A copy without trailing slashes, behind which a symlink could hide. */
static int copy_path(const char *what, const char *path, char **ret, struct error *err)
{
	size_t len = strlen(path);

	if (path[0] != '/')
		return error_set(err, EINVAL, "%s %s is not an absolute path", what, path);
	if (len >= PATH_MAX)
		return error_set(err, ENAMETOOLONG, "%s: path of %zu bytes is too long", what, len);
	while (len > 1 && path[len - 1] == '/')
		len--;
	*ret = strndup(path, len);
	return *ret ? 0 : error_errno(err, ENOMEM, "open the %s", what);
}

int private_dir_open(const char *what, const char *path, bool create, char **ret_path,
		     struct error *err)
{
	cleanup_free char *clean = NULL;
	cleanup_close int fd = -1;

	TRY(copy_path(what, path, &clean, err));
	TRY(check_link(what, clean, err));
	fd = open(clean, DIRECTORY_FLAGS);
	if (fd < 0 && errno == ENOENT && create) {
		TRY(make_directories(what, clean, err));
		fd = open(clean, DIRECTORY_FLAGS);
	}
	if (fd < 0)
		return error_errno(err, errno, "open the %s %s", what, clean);
	TRY(check_directory(fd, what, clean, err));
	*ret_path = steal_ptr(&clean);
	return steal_fd(&fd);
}
