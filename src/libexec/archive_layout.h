/* SPDX-License-Identifier: Apache-2.0 */
/* The files of an image: blobs by their digest, verified, and documents. */
#pragma once

#include <stddef.h>

#include "base/error.h"
#include "base/json.h"
#include "spec/image.h"

struct archive_layout {
	int dir; /* with index.json or manifest.json; -1: not open */
};

/* Is there such a file in it? */
bool archive_layout_has(const struct archive_layout *layout, const char *name);

/* Open a file by its name in the layout; a link in it may lead to another in it. */
int archive_layout_open(const struct archive_layout *layout, const char *name, struct error *err);

/* Open a blob. Errors: ENOTSUP (no sha256 digest), ENOENT. */
int archive_layout_open_blob(const struct archive_layout *layout, const char *digest,
			     struct error *err);

/*
 * Read a document. `digest` is what it must have, NULL: none is known. `wrap` is put in front
 * of the text and "}" behind it, NULL: nothing. Errors: EINVAL, EBADMSG (the digest).
 */
int archive_layout_read(int fd, const char *name, const char *digest, const char *wrap,
			const struct json_schema *schema, void *ret, struct error *err);

/* As archive_layout_read of a blob. */
int archive_layout_read_blob(const struct archive_layout *layout, const char *digest,
			     const struct json_schema *schema, void *ret, struct error *err);
