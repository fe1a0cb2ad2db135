/* SPDX-License-Identifier: Apache-2.0 */
/* Unpacking one tar archive into one layer's diff. */
#pragma once

#include <stddef.h>

#include "archive_job.h"
#include "archive_stream.h"

struct archive_unpack {
	struct archive_job *job;
	int source; /* the archive, read from where it stands */
	int root;   /* the empty diff */
	const int *lower;
	size_t n_lower;
	bool whiteouts;	 /* a layer of an image; in other archives such names are refused */
	bool flat_files; /* only files and links, of an archive that holds an image */

	uint64_t entries, bytes, left_out;     /* result */
	struct archive_stream_digests digests; /* result: of all that was read */
};

/*
 * Errors: EINVAL (an entry that may not enter, or what is no archive), EFBIG (limits). On
 * failure the tree is left half-made.
 */
int archive_unpack(struct archive_unpack *unpack, struct error *err);

/* ARCHIVE_UNPACK_TAR. */
int archive_unpack_job(struct archive_job *job, struct error *err);
