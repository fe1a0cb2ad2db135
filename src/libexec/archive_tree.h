/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The directory that is unpacked into. Every entry is reached anew, below the root's
 * descriptor and through no link, so that no entry can lead a later one astray.
 *
 * Documented results: an entry of the same name takes the place of an earlier one, a directory
 * only takes another's attributes; what would replace a directory that is not empty, or goes
 * below something that is no directory, is refused.
 */
#pragma once

#include <sys/types.h>
#include <time.h>

#include "base/error.h"
#include "base/json.h"
#include "storage/entry_rule.h"

/* Times of directories are set last: every entry in them changes them. */
struct archive_tree_later {
	char *path; /* "." is the root */
	struct timespec times[2];
};

struct archive_tree {
	int root;
	/*
	 * What stands below this layer, the uppermost first: where an archive leaves a parent
	 * directory out, it is made with the attributes that it has there.
	 */
	const int *lower;
	size_t n_lower;
	/* The last parent, which most often is the next one too. */
	int parent;
	char parent_path[ENTRY_RULE_PATH_MAX];
	LIST_OF(struct archive_tree_later) later;
};

/* Where an entry goes: a directory of the tree, which the tree closes, and a name in it. */
struct archive_place {
	int parent;
	const char *name;
};

/* The place of `path` (entry_rule_path's, not ""), its parents made where they are missing. */
int archive_tree_place(struct archive_tree *tree, const char *path, struct archive_place *ret,
		       struct error *err);

/*
 * Make way for an entry of another type than a directory. 1: it was a whiteout. Errors:
 * ENOTEMPTY.
 */
int archive_tree_clear(const struct archive_place *place, struct error *err);

/* The directory itself, made or taken. Returns a descriptor for its attributes. */
int archive_tree_directory(const struct archive_place *place, struct error *err);

/* Hide the name; an entry of this layer that has it stays, and hides by itself. */
int archive_tree_whiteout(struct archive_tree *tree, const char *path,
			  const struct archive_place *place, struct error *err);

/* Hide what lower layers have in the directory. */
int archive_tree_opaque(int dir_fd, struct error *err);

/* Link to an earlier entry. Errors: EINVAL (there is none, or it cannot be linked). */
int archive_tree_link(struct archive_tree *tree, const char *target,
		      const struct archive_place *place, struct error *err);

/* Remember the times of the directory at `path` for archive_tree_finish; the last word holds. */
int archive_tree_remember(struct archive_tree *tree, const char *path,
			  const struct timespec times[2], struct error *err);

/* Set what was remembered, where it is a directory still. */
int archive_tree_finish(struct archive_tree *tree, struct error *err);

void archive_tree_release(struct archive_tree *tree);
#define cleanup_archive_tree __attribute__((__cleanup__(archive_tree_release)))
