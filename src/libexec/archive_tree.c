/* SPDX-License-Identifier: Apache-2.0 */
#include "archive_tree.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/list.h"
#include "base/path.h"
#include "kernel/syscalls.h"
#include "storage/tree_file.h"

#define DIRECTORY_FLAGS (O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)

static int open_below(int root, const char *path, int flags)
{
	const struct open_how how = {
		.flags = (unsigned)flags | O_CLOEXEC,
		.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_XDEV,
	};

	return (int)sys_openat2(root, *path ? path : ".", &how);
}

static bool is_whiteout(const struct stat *st)
{
	return S_ISCHR(st->st_mode) && st->st_rdev == makedev(0, 0);
}

int archive_tree_opaque(int dir_fd, struct error *err)
{
	if (fsetxattr(dir_fd, "trusted.overlay.opaque", "y", 1, 0) < 0)
		return error_errno(err, errno, "mark a directory opaque");
	return 0;
}

int archive_tree_remember(struct archive_tree *tree, const char *path,
			  const struct timespec times[2], struct error *err)
{
	struct archive_tree_later *later = list_add(&tree->later);

	if (!later || !(later->path = strdup(path)))
		return error_errno(err, ENOMEM, "remember a directory's times");
	memcpy(later->times, times, sizeof later->times);
	return 0;
}

static int set_attributes(struct archive_tree *tree, const char *path, int from, int to,
			  const struct stat *st, struct error *err)
{
	const struct timespec times[2] = { st->st_mtim, st->st_mtim };
	int r = tree_file_copy_attributes(from, to, st);

	if (r < 0)
		return error_errno(err, -r, "set the attributes of %s", path);
	return archive_tree_remember(tree, path, times, err);
}

/* As the lower layers have it, or as root's with nothing special; never the present time. */
static int set_parent_attributes(struct archive_tree *tree, const char *path, int fd,
				 struct error *err)
{
	static const struct stat plain = { .st_mode = S_IFDIR | 0755 };

	for (size_t i = 0; i < tree->n_lower; i++) {
		cleanup_close int lower = open_below(tree->lower[i], path, DIRECTORY_FLAGS);
		struct stat st;

		if (lower >= 0 && fstat(lower, &st) == 0)
			return set_attributes(tree, path, lower, fd, &st, err);
	}
	return set_attributes(tree, path, fd, fd, &plain, err);
}

/* A directory that an archive names only in the paths of others. Returns it. */
static int make_parent(struct archive_tree *tree, int parent, const char *name, const char *path,
		       struct error *err)
{
	struct archive_place place = { parent, name };
	cleanup_close int fd = archive_tree_directory(&place, err);

	TRY(fd);
	TRY(set_parent_attributes(tree, path, fd, err));
	return steal_fd(&fd);
}

/* One step down: what is there must be a directory; a whiteout gives way to one. */
static int step(struct archive_tree *tree, int parent, const char *name, const char *path,
		struct error *err)
{
	int fd = open_below(parent, name, DIRECTORY_FLAGS);
	struct stat st;

	if (fd >= 0)
		return fd;
	if (errno == ENOENT)
		return make_parent(tree, parent, name, path, err);
	if (fstatat(parent, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && is_whiteout(&st))
		return make_parent(tree, parent, name, path, err);
	return error_set(err, EINVAL, "it goes below %.300s, which is no directory", path);
}

static int walk(struct archive_tree *tree, char *path, struct error *err)
{
	cleanup_close int fd = open_below(tree->root, ".", DIRECTORY_FLAGS);

	if (fd < 0)
		return error_errno(err, errno, "open the root");
	for (char *part = path; *part;) {
		size_t len = strcspn(part, "/");
		char end = part[len];
		int next;

		part[len] = '\0';
		next = step(tree, fd, part, path, err);
		part[len] = end;
		TRY(next);
		close(fd);
		fd = next;
		part += len + (end == '/');
	}
	return steal_fd(&fd);
}

static int open_parent(struct archive_tree *tree, const char *path, size_t len, struct error *err)
{
	char parent[ENTRY_RULE_PATH_MAX];
	int fd;

	memcpy(parent, path, len);
	parent[len] = '\0';
	if (tree->parent >= 0 && !strcmp(parent, tree->parent_path))
		return 0;
	fd = open_below(tree->root, parent, DIRECTORY_FLAGS);
	if (fd < 0)
		fd = walk(tree, parent, err);
	TRY(fd);
	cleanup_close_at(&tree->parent);
	tree->parent = fd;
	memcpy(tree->parent_path, parent, len + 1);
	return 0;
}

int archive_tree_place(struct archive_tree *tree, const char *path, struct archive_place *ret,
		       struct error *err)
{
	const char *last = path_last(path);

	TRY(open_parent(tree, path, last == path ? 0 : (size_t)(last - path) - 1, err));
	*ret = (struct archive_place){ tree->parent, last };
	return 0;
}

int archive_tree_clear(const struct archive_place *place, struct error *err)
{
	struct stat st;

	if (fstatat(place->parent, place->name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return errno == ENOENT ? 0 : error_errno(err, errno, "stat %s", place->name);
	if (unlinkat(place->parent, place->name, S_ISDIR(st.st_mode) ? AT_REMOVEDIR : 0) == 0)
		return is_whiteout(&st);
	if (errno == ENOTEMPTY)
		return error_set(err, ENOTEMPTY, "it would replace a directory that is not empty");
	return error_errno(err, errno, "replace %s", place->name);
}

/* Where a whiteout was, the directory hides what the whiteout hid. */
int archive_tree_directory(const struct archive_place *place, struct error *err)
{
	cleanup_close int fd = open_below(place->parent, place->name, DIRECTORY_FLAGS);
	int was_whiteout;

	if (fd >= 0)
		return steal_fd(&fd);
	was_whiteout = archive_tree_clear(place, err);
	TRY(was_whiteout);
	if (mkdirat(place->parent, place->name, 0700) < 0)
		return error_errno(err, errno, "make the directory %s", place->name);
	fd = open_below(place->parent, place->name, DIRECTORY_FLAGS);
	if (fd < 0)
		return error_errno(err, errno, "open %s", place->name);
	if (was_whiteout)
		TRY(archive_tree_opaque(fd, err));
	return steal_fd(&fd);
}

/* In a lower layer, or in none: then there is nothing to hide. */
static bool is_below(const struct archive_tree *tree, const char *path)
{
	for (size_t i = 0; i < tree->n_lower; i++) {
		cleanup_close int fd = open_below(tree->lower[i], path, O_PATH | O_NOFOLLOW);

		if (fd >= 0)
			return true;
	}
	return false;
}

int archive_tree_whiteout(struct archive_tree *tree, const char *path,
			  const struct archive_place *place, struct error *err)
{
	static const struct timespec never[2];
	struct stat st;

	if (fstatat(place->parent, place->name, &st, AT_SYMLINK_NOFOLLOW) == 0) {
		cleanup_close int fd = -1;

		if (!S_ISDIR(st.st_mode))
			return 0;
		fd = open_below(place->parent, place->name, DIRECTORY_FLAGS);
		return fd < 0 ? error_errno(err, errno, "open %s", place->name) :
				archive_tree_opaque(fd, err);
	}
	if (!is_below(tree, path))
		return 0;
	if (mknodat(place->parent, place->name, S_IFCHR, makedev(0, 0)) < 0 ||
	    utimensat(place->parent, place->name, never, AT_SYMLINK_NOFOLLOW) < 0)
		return error_errno(err, errno, "hide %s", place->name);
	return 0;
}

int archive_tree_link(struct archive_tree *tree, const char *target,
		      const struct archive_place *place, struct error *err)
{
	const char *last = path_last(target);
	cleanup_free char *parent = strndup(target, (size_t)(last - target));
	cleanup_close int fd = -1;
	struct stat st;

	if (!parent)
		return error_errno(err, ENOMEM, "link %s", place->name);
	fd = open_below(tree->root, parent, DIRECTORY_FLAGS);
	if (!*last || fd < 0 || fstatat(fd, last, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return error_set(err, EINVAL, "it is a link to %.200s, which is no earlier entry",
				 target);
	if (S_ISDIR(st.st_mode) || is_whiteout(&st))
		return error_set(err, EINVAL, "it is a link to %.200s, which cannot be linked",
				 target);
	TRY(archive_tree_clear(place, err));
	if (linkat(fd, last, place->parent, place->name, 0) < 0)
		return error_set(err, EINVAL, "it is a link to %.200s: %s", target,
				 strerror(errno));
	return 0;
}

int archive_tree_finish(struct archive_tree *tree, struct error *err)
{
	for (size_t i = 0; i < tree->later.n; i++) {
		const struct archive_tree_later *later = &tree->later.item[i];
		cleanup_close int fd = open_below(tree->root, later->path, DIRECTORY_FLAGS);

		if (fd >= 0 && futimens(fd, later->times) < 0)
			return error_errno(err, errno, "set the times of %.300s", later->path);
	}
	return 0;
}

void archive_tree_release(struct archive_tree *tree)
{
	for (size_t i = 0; i < tree->later.n; i++)
		free(tree->later.item[i].path);
	free(tree->later.item);
	cleanup_close_at(&tree->parent);
}
