/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The digest of a tree: SHA-256 of its entries in the order of their paths, each with all that
 * a layer carries. The same for a tree and its faithful copy, another for every change.
 *
 *	"ctr-tree 1\n", then for each entry, numbers in decimal, texts ended by NUL:
 *	path, type (one of d f l p c), mode, uid, gid, seconds, nanoseconds of its change,
 *	f: size, SHA-256 of the data; or "=" and the path of the first of its hard links
 *	l: target
 *	d f: name, length, value of each attribute, sorted by name; their number
 *
 * Entries of a directory are in the order of their names' bytes, and follow it at once.
 */
#pragma once

#include <stddef.h>

#include "archive_job.h"

/* Of the tree at `fd`, as "sha256:..." Counts to the job. */
int archive_digest_tree(struct archive_job *job, int fd, char ret[ARCHIVE_DIGEST_SIZE],
			struct error *err);

/* Of the `n` digests of a chain, the lowest first; of one it is that one itself. */
void archive_digest_chain(const char *const *digests, size_t n, char ret[ARCHIVE_DIGEST_SIZE]);

/* ARCHIVE_DIGEST. */
int archive_digest_job(struct archive_job *job, struct error *err);
