/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Container images: an OCI image layout (image-spec image-layout.md), a tar archive of one,
 * or what docker save writes. Every digest is verified: a manifest's and a config's before
 * they are read, a layer's while it is.
 */
#pragma once

#include "archive_job.h"

/* ARCHIVE_UNPACK_IMAGE: each layer to a diff of its own. */
int archive_image_job(struct archive_job *job, struct error *err);
