/* SPDX-License-Identifier: Apache-2.0 */
#include "storage/tree_links.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "kernel/syscalls.h"

#define ROOM_FIRST 256

static struct tree_link *find(struct tree_link *place, size_t room, dev_t device, ino_t inode)
{
	size_t i = (size_t)((inode * 0x9e3779b97f4a7c15ull) >> 20) & (room - 1);

	while (place[i].path && (place[i].inode != inode || place[i].device != device))
		i = (i + 1) & (room - 1);
	return &place[i];
}

/* Never more than half full. */
static int make_room(struct tree_links *links, struct error *err)
{
	size_t room = links->room ? 2 * links->room : ROOM_FIRST;
	struct tree_link *place;

	if (2 * (links->n + 1) <= links->room)
		return 0;
	place = calloc(room, sizeof *place);
	if (!place)
		return error_errno(err, ENOMEM, "remember hard links");
	for (size_t i = 0; i < links->room; i++) {
		struct tree_link *old = &links->place[i];

		if (old->path)
			*find(place, room, old->device, old->inode) = *old;
	}
	free(links->place);
	links->place = place;
	links->room = room;
	return 0;
}

static int make_link(const char *first, int target_root, int target_fd, const char *name,
		     struct error *err)
{
	const struct open_how how = {
		.flags = O_PATH | O_DIRECTORY | O_CLOEXEC,
		.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS,
	};
	const char *slash = strrchr(first, '/');
	cleanup_free char *parent = slash ? strndup(first, (size_t)(slash - first)) : strdup(".");
	cleanup_close int fd = -1;

	if (!parent)
		return error_errno(err, ENOMEM, "link %s", name);
	fd = (int)sys_openat2(target_root, parent, &how);
	if (fd < 0 || linkat(fd, slash ? slash + 1 : first, target_fd, name, 0) < 0)
		return error_errno(err, errno, "link %s to %.300s", name, first);
	return 1;
}

int tree_links_find(struct tree_links *links, const struct stat *st, const char *path,
		    const char **ret_first, struct error *err)
{
	struct tree_link *link;

	TRY(make_room(links, err));
	link = find(links->place, links->room, st->st_dev, st->st_ino);
	*ret_first = link->path;
	if (link->path)
		return 1;
	*link = (struct tree_link){ st->st_dev, st->st_ino, strdup(path) };
	if (!link->path)
		return error_errno(err, ENOMEM, "remember %s", path);
	links->n++;
	return 0;
}

int tree_links_take(struct tree_links *links, const struct stat *st, const char *path,
		    int target_root, int target_fd, const char *name, struct error *err)
{
	const char *first;
	int r = tree_links_find(links, st, path, &first, err);

	return r == 1 ? make_link(first, target_root, target_fd, name, err) : r;
}

void tree_links_release(struct tree_links *links)
{
	for (size_t i = 0; i < links->room; i++)
		free(links->place[i].path);
	free(links->place);
	*links = (struct tree_links){ 0 };
}
