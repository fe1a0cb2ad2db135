/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Copying a directory tree with everything that a layer may carry (entry_rule.h): owners,
 * modes, times, attributes, ACLs, hard links, holes. File data is shared with the source
 * where the file system can (FICLONE), else copied. No link is followed and no mount is
 * crossed; where one begins its directory stays empty.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>

#include "base/error.h"

struct tree_progress {
	uint64_t entries;
	uint64_t bytes;	 /* of file data, as the files are long */
	uint64_t shared; /* of those, without a copy */
};

enum tree_choice {
	TREE_TAKE,
	TREE_LEAVE_OUT,
	TREE_TAKE_EMPTY, /* the directory without what is in it */
};

struct tree_copy {
	/*
	 * NULL: everything. `path` is below the source, without a slash in front.
	 */
	enum tree_choice (*choose)(const void *data, const char *path, const struct stat *st);
	const void *choose_data;
	bool crosses_mounts; /* else a directory that is a mount stays empty */
	/* NULL: nothing. Called from time to time. */
	void (*tell)(void *data, const struct tree_progress *progress);
	void *tell_data;
	uint64_t max_bytes, max_entries; /* 0: no limit */

	struct tree_progress progress; /* result */
	uint64_t left_out;	       /* devices and sockets */
};

/*
 * Copy what is in `source_fd` into the empty directory `target_fd`, which gets its owner,
 * mode, times and attributes too. On failure the target is left half-made.
 * Errors: EFBIG (a limit), EINVAL (an entry that may not enter), as the system calls.
 */
int tree_copy(struct tree_copy *copy, int source_fd, int target_fd, struct error *err);
