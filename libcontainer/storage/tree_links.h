/* SPDX-License-Identifier: Apache-2.0 */
/* Which file of the source already stands where in the target: hard links stay together. */
#pragma once

#include <stddef.h>
#include <sys/stat.h>

#include "base/error.h"

struct tree_link {
	dev_t device;
	ino_t inode;
	char *path; /* below the target's root; NULL: an empty place */
};

/* A zeroed struct is an empty table. */
struct tree_links {
	struct tree_link *place;
	size_t n, room; /* room is a power of two */
};

/*
 * 1: a file with this inode has been seen, at `*ret_first`, which is the table's; 0: it is the
 * first, and `path` is remembered.
 */
int tree_links_find(struct tree_links *links, const struct stat *st, const char *path,
		    const char **ret_first, struct error *err);

/*
 * 1: a file with this inode has been copied, and `name` in `target_fd` is a link to it now;
 * 0: it is the first, and `path` is remembered.
 */
int tree_links_take(struct tree_links *links, const struct stat *st, const char *path,
		    int target_root, int target_fd, const char *name, struct error *err);

void tree_links_release(struct tree_links *links);
#define cleanup_tree_links __attribute__((__cleanup__(tree_links_release)))
