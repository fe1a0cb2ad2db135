/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A compressed file on its way to whoever reads the archive in it: decompressed, and hashed both
 * as it lies there (a blob's digest) and as it comes out (a layer's diff id).
 */
#pragma once

#include <nettle/sha2.h>
#include <stdint.h>

#include "base/error.h"
#include "storage/archive.h"

struct archive;

struct archive_stream_digests {
	char stored[ARCHIVE_DIGEST_SIZE];
	char plain[ARCHIVE_DIGEST_SIZE];
	uint64_t stored_size;
};

struct archive_stream {
	int fd;
	struct archive *decompress;
	struct sha256_ctx stored, plain;
	uint64_t stored_size;
	char *stored_block, *plain_block;
};

/* Begin to read `fd` from where it stands. Errors: EINVAL (it cannot be decompressed). */
int archive_stream_open(struct archive_stream *stream, int fd, struct error *err);

/* Let `reader`, on which formats are set already, read what comes out. */
int archive_stream_attach(struct archive_stream *stream, struct archive *reader, struct error *err);

/* Read what is behind the archive's end, and tell the digests. Errors: EFBIG (endless). */
int archive_stream_finish(struct archive_stream *stream, struct archive_stream_digests *ret,
			  struct error *err);

void archive_stream_close(struct archive_stream *stream);
#define cleanup_stream __attribute__((__cleanup__(archive_stream_close)))

/* "sha256:" and the digits of a finished sum. */
void archive_stream_format(struct sha256_ctx *sum, char ret[ARCHIVE_DIGEST_SIZE]);
