/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel/cgroup_walk.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/list.h"
#include "base/str.h"

/* The names of one cgroup's children and how many of them were taken. */
struct level {
	struct strv children;
	size_t next;
};

struct walk {
	LIST_OF(struct level) levels;
	int fd; /* the cgroup of the last level */
};

static void walk_release(struct walk *walk)
{
	for (size_t i = 0; i < walk->levels.n; i++)
		strv_release(&walk->levels.item[i].children);
	free(walk->levels.item);
	if (walk->fd >= 0)
		close(walk->fd);
}

static void close_directory(DIR **dir)
{
	if (*dir)
		closedir(*dir);
}

static int list_children(int fd, struct strv *ret, struct error *err)
{
	cleanup_close int copy = openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	__attribute__((__cleanup__(close_directory))) DIR *dir = NULL;
	struct dirent *entry;

	if (copy < 0)
		return errno == ENOENT ? 0 : error_errno(err, errno, "open cgroup");
	dir = fdopendir(copy);
	if (!dir)
		return error_errno(err, errno, "read cgroup directory");
	steal_fd(&copy);
	while ((entry = readdir(dir)))
		if (entry->d_type == DT_DIR && strcmp(entry->d_name, ".") != 0 &&
		    strcmp(entry->d_name, "..") != 0)
			TRY(strv_add(ret, entry->d_name, err));
	return 0;
}

/* Take over `fd` as the new lowest level. */
static int descend(struct walk *walk, int fd, const struct cgroup_visitor *visitor,
		   struct error *err)
{
	struct level *level;

	if (walk->fd >= 0)
		close(walk->fd);
	walk->fd = fd;
	level = list_add(&walk->levels);
	if (!level)
		return error_errno(err, ENOMEM, "walk cgroups");
	if (visitor->enter)
		TRY(visitor->enter(fd, visitor->data, err));
	return list_children(fd, &level->children, err);
}

/* Back to the parent. ".." is sound here: cgroup2 directories cannot be moved. */
static int ascend(struct walk *walk, const struct cgroup_visitor *visitor, struct error *err)
{
	struct level *level;
	int parent;

	strv_release(&walk->levels.item[--walk->levels.n].children);
	if (!walk->levels.n)
		return 0;
	parent = openat(walk->fd, "..", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (parent < 0)
		return error_errno(err, errno, "open parent cgroup");
	close(walk->fd);
	walk->fd = parent;
	level = &walk->levels.item[walk->levels.n - 1];
	if (!visitor->leave)
		return 0;
	return visitor->leave(parent, level->children.item[level->next - 1], visitor->data, err);
}

int cgroup_walk(int top_fd, const struct cgroup_visitor *visitor, struct error *err)
{
	__attribute__((__cleanup__(walk_release))) struct walk walk = { .fd = -1 };
	int fd = openat(top_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return errno == ENOENT ? 0 : error_errno(err, errno, "open cgroup");
	TRY(descend(&walk, fd, visitor, err));
	while (walk.levels.n) {
		struct level *level = &walk.levels.item[walk.levels.n - 1];

		if (level->next == level->children.n) {
			TRY(ascend(&walk, visitor, err));
			continue;
		}
		fd = openat(walk.fd, level->children.item[level->next++],
			    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		if (fd >= 0)
			TRY(descend(&walk, fd, visitor, err));
		else if (errno != ENOENT)
			return error_errno(err, errno, "open cgroup %s",
					   level->children.item[level->next - 1]);
	}
	return 0;
}
