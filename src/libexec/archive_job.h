/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ctr-archive: reads what strangers wrote, apart from ctr and confined. storage/archive.h says
 * how it is started and what it answers; ctr itself never links libarchive.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "storage/archive.h"

/* What it was started for. */
struct archive_job {
	enum archive_mode mode;
	const char *reference; /* an image's tag; NULL: none was given */
	uint64_t max_bytes, max_entries;
	int source, target; /* descriptors from which nothing above can be reached */

	struct tree_progress progress;
	char digest[ARCHIVE_DIGEST_SIZE];
};

/* Count, tell the parent from time to time, and stop at the limits. Errors: EFBIG. */
int archive_job_count(struct archive_job *job, uint64_t entries, uint64_t bytes, struct error *err);
