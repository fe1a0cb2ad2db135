/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The program ctr-archive, which reads what strangers wrote: archives, image layouts, and the
 * content of files for their digests. It runs apart, confined (src/libexec), and gets all it
 * needs as descriptors:
 *
 *	0	what it reads
 *	3	the socket on which it says how far it is, and how it ended
 *	4	the directory below which it writes
 *	5	the operation's lock, which it keeps for as long as it lives
 *
 * It ends when the process that started it ends.
 */
#pragma once

#include <stdint.h>

#include "base/error.h"
#include "storage/tree_copy.h"

#define ARCHIVE_SOURCE_FD 0
#define ARCHIVE_SOCKET_FD 3
#define ARCHIVE_TARGET_FD 4
#define ARCHIVE_LOCK_FD	  5

#define ARCHIVE_REPORT_FILE "report.json" /* spec/archive_report.h, in the target */
#define ARCHIVE_DIGEST_SIZE 80

enum archive_mode {
	ARCHIVE_DIGEST,	      /* of the tree at source */
	ARCHIVE_UNPACK_TAR,   /* one root file system, to layers/0/diff below the target */
	ARCHIVE_UNPACK_IMAGE, /* an OCI layout, or an archive of one or from docker save */
};

enum archive_message_kind {
	ARCHIVE_PROGRESS,
	ARCHIVE_END,
	ARCHIVE_ERROR,
};

struct archive_message {
	uint32_t kind; /* enum archive_message_kind */
	struct tree_progress progress;
	char digest[ARCHIVE_DIGEST_SIZE]; /* ARCHIVE_DIGEST's */
	struct error error;
};

struct archive_run {
	enum archive_mode mode;
	int source_fd;
	int target_fd;			 /* -1: none */
	int lock_fd;			 /* -1: none */
	const char *reference;		 /* an image's tag; NULL: the only one */
	uint64_t max_bytes, max_entries; /* 0: no limit */
	void (*tell)(void *data, const struct tree_progress *progress);
	void *tell_data;

	struct tree_progress progress;	  /* result */
	char digest[ARCHIVE_DIGEST_SIZE]; /* result */
};

/* Run it to its end. Errors: its own; ENOENT (it is not installed). */
int archive_run(struct archive_run *run, struct error *err);

/* The names of the modes, as its first argument. */
extern const char *const archive_modes[];
