/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel/rootfs.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/path.h"
#include "kernel/syscalls.h"

/* A rename anywhere on the host can make openat2 give up for now; an attacker must not make us
   give up for good, nor keep us here. */
enum { TRIES = 128 };

static int open_in_root(int root_fd, const char *path, int flags, mode_t mode, unsigned resolve)
{
	struct open_how how = {
		.flags = (unsigned)(flags | O_CLOEXEC | (flags & O_PATH ? 0 : O_NOCTTY)),
		.mode = flags & O_CREAT ? mode : 0,
		.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS | resolve,
	};
	int fd = -1;

	for (int i = 0; i < TRIES; i++) {
		fd = (int)sys_openat2(root_fd, *path ? path : "/", &how);
		if (fd >= 0 || (errno != EAGAIN && errno != EINTR))
			break;
	}
	return fd >= 0 ? fd : -errno;
}

static int failed(int r, const char *path, struct error *err)
{
	if (r == -ENOSYS)
		return error_set(err, ENOSYS, "open %s in the rootfs: needs Linux 5.14 (openat2)",
				 path);
	return error_errno(err, -r, "open %s in the rootfs", path);
}

int rootfs_open(int root_fd, const char *path, int flags, struct error *err)
{
	int fd = open_in_root(root_fd, path, flags, 0, 0);

	return fd >= 0 ? fd : failed(fd, path, err);
}

int rootfs_open_nofollow(int root_fd, const char *path, int flags, struct error *err)
{
	cleanup_close int fd = open_in_root(root_fd, path, flags | O_NOFOLLOW, 0, 0);
	struct stat st;

	if (fd < 0)
		return failed(fd, path, err);
	/* With O_PATH the link itself is opened rather than refused. */
	if (fstat(fd, &st) < 0)
		return error_errno(err, errno, "stat %s in the rootfs", path);
	if (S_ISLNK(st.st_mode))
		return error_set(err, ELOOP, "%s in the rootfs is a symbolic link", path);
	return steal_fd(&fd);
}

int rootfs_open_exact(int root_fd, const char *path, int flags, struct error *err)
{
	int fd = open_in_root(root_fd, path, flags, 0, RESOLVE_NO_SYMLINKS);

	if (fd == -ELOOP)
		return error_set(err, ELOOP,
				 "%s in the rootfs is reached through a symbolic link: "
				 "name where that leads",
				 path);
	return fd >= 0 ? fd : failed(fd, path, err);
}

/* As many as the kernel follows: more is a loop of dangling links. */
enum { LINKS_MAX = 40 };

/*
 * A dangling link stands where `path` continues after its first `n` bytes: put the link's text in
 * the place of its name. Only text changes here; the kernel resolves it, from the root.
 */
static int splice_link(int parent, char *path, size_t start, size_t end, struct error *err)
{
	char text[PATH_MAX], name[NAME_MAX + 1], joined[PATH_MAX];
	ssize_t n;

	memcpy(name, path + start, end - start);
	name[end - start] = 0;
	n = readlinkat(parent, name, text, sizeof text - 1);
	if (n < 0)
		return error_errno(err, errno, "read the link %s", name);
	text[n] = 0;
	if (snprintf(joined, sizeof joined, "%.*s%s%s", *text == '/' ? 0 : (int)start, path, text,
		     path + end) >= (int)sizeof joined)
		return error_errno(err, ENAMETOOLONG, "follow the link %s", name);
	strcpy(path, joined);
	return 0;
}

/*
 * Make the missing components of `path`: 0, or 1 when a dangling link had to be put into its text
 * and the walk begins anew. Each prefix is resolved from the root by the kernel, so ".." and links
 * cannot lead out; what is made is a single name in a directory held open.
 */
static int make_missing(int root_fd, char *path, mode_t mode, struct error *err)
{
	cleanup_close int parent = open_in_root(root_fd, "/", O_PATH | O_DIRECTORY, 0, 0);
	size_t start = strspn(path, "/");

	while (parent >= 0 && path[start]) {
		size_t end = start + strcspn(path + start, "/");
		char prefix[PATH_MAX];
		struct stat st;
		int next;

		if (end - start > NAME_MAX)
			return error_errno(err, ENAMETOOLONG, "a component of the path");
		memcpy(prefix, path, end);
		prefix[end] = 0;
		next = open_in_root(root_fd, prefix, O_PATH | O_DIRECTORY, 0, 0);
		if (next == -ENOENT) {
			if (fstatat(parent, prefix + start, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
			    S_ISLNK(st.st_mode)) {
				TRY(splice_link(parent, path, start, end, err));
				return 1;
			}
			if (mkdirat(parent, prefix + start, mode) < 0 && errno != EEXIST)
				return error_errno(err, errno, "make the directory %s", prefix);
			next = open_in_root(root_fd, prefix, O_PATH | O_DIRECTORY, 0, 0);
		}
		close(parent);
		parent = next;
		start = end + strspn(path + end, "/");
	}
	return parent >= 0 ? 0 : error_errno(err, -parent, "open");
}

static int make_all_missing(int root_fd, const char *path, mode_t mode, struct error *err)
{
	char text[PATH_MAX];
	int r = 1;

	if (strlen(path) >= sizeof text)
		return error_errno(err, ENAMETOOLONG, "make a directory in the rootfs");
	strcpy(text, path);
	for (int links = 0; r > 0 && links <= LINKS_MAX; links++)
		r = make_missing(root_fd, text, mode, err);
	if (r > 0)
		r = error_errno(err, ELOOP, "follow its links");
	if (r < 0)
		return error_prefix(err, "%s in the rootfs: ", path);
	return rootfs_open(root_fd, text, O_PATH | O_DIRECTORY, err);
}

int rootfs_make_directory(int root_fd, const char *path, mode_t mode, struct error *err)
{
	int fd = open_in_root(root_fd, path, O_PATH | O_DIRECTORY, 0, 0);

	if (fd >= 0)
		return fd;
	if (fd != -ENOENT)
		return failed(fd, path, err);
	return make_all_missing(root_fd, path, mode, err);
}

int rootfs_open_parent(int root_fd, const char *path, const char **ret_name, struct error *err)
{
	const char *name = path_last(path);
	char parent[PATH_MAX];

	if (!*name || !strcmp(name, ".") || !strcmp(name, ".."))
		return error_set(err, EINVAL, "%s in the rootfs does not name a file", path);
	if ((size_t)(name - path) >= sizeof parent)
		return error_errno(err, ENAMETOOLONG, "%s in the rootfs", path);
	memcpy(parent, path, (size_t)(name - path));
	parent[name - path] = 0;
	*ret_name = name;
	return rootfs_make_directory(root_fd, parent, 0755, err);
}

int rootfs_make_file(int root_fd, const char *path, mode_t mode, struct error *err)
{
	int fd = open_in_root(root_fd, path, O_PATH, 0, 0);
	cleanup_close int parent = -1;
	cleanup_close int made = -1;
	const char *name;

	if (fd >= 0)
		return fd;
	if (fd != -ENOENT)
		return failed(fd, path, err);
	parent = rootfs_open_parent(root_fd, path, &name, err);
	TRY(parent);
	made = openat(parent, name, O_CREAT | O_EXCL | O_WRONLY | O_NOFOLLOW | O_CLOEXEC, mode);
	if (made < 0 && errno == EEXIST) /* a dangling link: its target is made, inside the root */
		made = open_in_root(root_fd, path, O_CREAT | O_WRONLY, mode, 0);
	if (made < 0)
		return error_errno(err, errno, "make the file %s in the rootfs", path);
	close(steal_fd(&made));
	return rootfs_open(root_fd, path, O_PATH, err);
}
