/* SPDX-License-Identifier: Apache-2.0 */
#include "archive_stream.h"

#include <archive.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define BLOCK	 (64 << 10)
#define TAIL_MAX (UINT64_C(64) << 20) /* padding behind an archive's end */

void archive_stream_format(struct sha256_ctx *sum, char ret[ARCHIVE_DIGEST_SIZE])
{
	uint8_t bytes[SHA256_DIGEST_SIZE];
	int len = sprintf(ret, "sha256:");

	sha256_digest(sum, sizeof bytes, bytes);
	for (size_t i = 0; i < sizeof bytes; i++)
		len += sprintf(ret + len, "%02x", bytes[i]);
}

static la_ssize_t read_stored(struct archive *archive, void *data, const void **ret)
{
	struct archive_stream *s = data;
	ssize_t n;

	do
		n = read(s->fd, s->stored_block, BLOCK);
	while (n < 0 && errno == EINTR);
	if (n < 0) {
		archive_set_error(archive, errno, "read");
		return -1;
	}
	sha256_update(&s->stored, (size_t)n, (const uint8_t *)s->stored_block);
	s->stored_size += (uint64_t)n;
	*ret = s->stored_block;
	return n;
}

static la_ssize_t read_plain(struct archive *archive, void *data, const void **ret)
{
	struct archive_stream *s = data;
	la_ssize_t n = archive_read_data(s->decompress, s->plain_block, BLOCK);

	if (n < 0) {
		archive_set_error(archive, EINVAL, "%s", archive_error_string(s->decompress));
		return -1;
	}
	sha256_update(&s->plain, (size_t)n, (const uint8_t *)s->plain_block);
	*ret = s->plain_block;
	return n;
}

static int failed(struct archive *archive, struct error *err)
{
	const char *why = archive_error_string(archive);

	return error_set(err, EINVAL, "it cannot be read as a tar archive: %.200s",
			 why ? why : "it is damaged");
}

int archive_stream_open(struct archive_stream *s, int fd, struct error *err)
{
	struct archive_entry *entry;
	int r;

	s->fd = fd;
	sha256_init(&s->stored);
	sha256_init(&s->plain);
	s->stored_block = malloc(BLOCK);
	s->plain_block = malloc(BLOCK);
	s->decompress = archive_read_new();
	if (!s->stored_block || !s->plain_block || !s->decompress)
		return error_errno(err, ENOMEM, "read the archive");
	archive_read_support_format_raw(s->decompress);
	archive_read_support_format_empty(s->decompress);
	archive_read_support_filter_gzip(s->decompress);
	archive_read_support_filter_xz(s->decompress);
	archive_read_support_filter_zstd(s->decompress);
	if (archive_read_open(s->decompress, s, NULL, read_stored, NULL) != ARCHIVE_OK)
		return failed(s->decompress, err);
	r = archive_read_next_header(s->decompress, &entry);
	return r == ARCHIVE_OK || r == ARCHIVE_EOF ? 0 : failed(s->decompress, err);
}

int archive_stream_attach(struct archive_stream *s, struct archive *reader, struct error *err)
{
	if (archive_read_open(reader, s, NULL, read_plain, NULL) != ARCHIVE_OK)
		return failed(reader, err);
	return 0;
}

int archive_stream_finish(struct archive_stream *s, struct archive_stream_digests *ret,
			  struct error *err)
{
	const void *block;
	uint64_t tail = 0;
	la_ssize_t n;

	while ((n = read_plain(s->decompress, s, &block)) > 0)
		if ((tail += (uint64_t)n) > TAIL_MAX)
			return error_set(err, EFBIG, "what is behind its end does not end");
	if (n < 0)
		return failed(s->decompress, err);
	while ((n = read_stored(s->decompress, s, &block)) > 0)
		if ((tail += (uint64_t)n) > TAIL_MAX)
			return error_set(err, EFBIG, "what is behind its end does not end");
	if (n < 0)
		return failed(s->decompress, err);
	archive_stream_format(&s->stored, ret->stored);
	archive_stream_format(&s->plain, ret->plain);
	ret->stored_size = s->stored_size;
	return 0;
}

void archive_stream_close(struct archive_stream *s)
{
	archive_read_free(s->decompress);
	free(s->stored_block);
	free(s->plain_block);
}
