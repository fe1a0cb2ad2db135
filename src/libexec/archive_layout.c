/* SPDX-License-Identifier: Apache-2.0 */
#include "archive_layout.h"

#include <errno.h>
#include <fcntl.h>
#include <nettle/sha2.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "archive_stream.h"
#include "base/cleanup.h"
#include "base/fd.h"
#include "base/str.h"
#include "kernel/syscalls.h"
#include "storage/storage.h"

#define DOCUMENT_MAX (4 << 20) /* as registries have it */

static int open_below(const struct archive_layout *layout, const char *name)
{
	const struct open_how how = {
		.flags = O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC,
		.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS | RESOLVE_NO_XDEV,
	};

	return (int)sys_openat2(layout->dir, name, &how);
}

bool archive_layout_has(const struct archive_layout *layout, const char *name)
{
	cleanup_close int fd = open_below(layout, name);

	return fd >= 0;
}

int archive_layout_open(const struct archive_layout *layout, const char *name, struct error *err)
{
	int fd = open_below(layout, name);

	return fd < 0 ? error_errno(err, errno, "open %.200s of the image", name) : fd;
}

int archive_layout_open_blob(const struct archive_layout *layout, const char *digest,
			     struct error *err)
{
	char path[ARCHIVE_DIGEST_SIZE + sizeof "blobs/sha256/"];

	if (!storage_is_digest(digest))
		return error_set(err, ENOTSUP,
				 "digest \"%.100s\" of the image: wants sha256: and 64 "
				 "of 0-9 a-f",
				 digest);
	snprintf(path, sizeof path, "blobs/sha256/%s", digest + strlen("sha256:"));
	return archive_layout_open(layout, path, err);
}

static int check_digest(const char *text, size_t len, const char *digest, struct error *err)
{
	char is[ARCHIVE_DIGEST_SIZE];
	struct sha256_ctx sum;

	sha256_init(&sum);
	sha256_update(&sum, len, (const uint8_t *)text);
	archive_stream_format(&sum, is);
	if (strcmp(is, digest) != 0)
		return error_set(err, EBADMSG, "its digest is %s, not %s", is, digest);
	return 0;
}

int archive_layout_read(int fd, const char *name, const char *digest, const char *wrap,
			const struct json_schema *schema, void *ret, struct error *err)
{
	cleanup_free char *text = NULL;
	cleanup_free char *document = NULL;
	size_t len;
	int r;

	TRY(fd_read_all(fd, name, DOCUMENT_MAX, &text, &len, err));
	r = digest ? check_digest(text, len, digest, err) : 0;
	if (r == 0 && strlen(text) != len)
		r = error_set(err, EINVAL, "it has a NUL");
	if (r == 0)
		r = str_printf(&document, err, "%s%s%s", wrap ? wrap : "", text, wrap ? "}" : "");
	if (r == 0)
		r = json_decode(schema, document, strlen(document), ret, err);
	return r < 0 ? error_prefix(err, "%.100s of the image: ", name) : 0;
}

int archive_layout_read_blob(const struct archive_layout *layout, const char *digest,
			     const struct json_schema *schema, void *ret, struct error *err)
{
	cleanup_close int fd = archive_layout_open_blob(layout, digest, err);

	TRY(fd);
	return archive_layout_read(fd, digest, digest, NULL, schema, ret, err);
}
