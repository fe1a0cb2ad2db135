/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Container images as they lie on disk: the documents of an OCI image layout (image-spec
 * image-index.md, manifest.md, config.md), and manifest.json of docker save. Only what is
 * needed to unpack one; labels and annotations are not taken over.
 */
#pragma once

#include "base/json.h"

/* The tag of an entry of an index. */
#define SPEC_IMAGE_REF_NAME "org.opencontainers.image.ref.name"

struct spec_image_platform {
	char *architecture, *os;
};

struct spec_image_descriptor {
	char *media_type;
	char *digest;
	struct optional_uint size;
	struct spec_image_platform *platform;
	LIST_OF(struct json_pair) annotations;
};

struct spec_image_index {
	LIST_OF(struct spec_image_descriptor) manifests;
};

struct spec_image_manifest {
	struct spec_image_descriptor *config;
	LIST_OF(struct spec_image_descriptor) layers;
	LIST_OF(struct spec_image_descriptor) manifests; /* then it is a nested index */
};

struct spec_image_process {
	char *user, *working_dir, *stop_signal;
	LIST_OF(char *) env;
	LIST_OF(char *) entrypoint;
	LIST_OF(char *) cmd;
};

struct spec_image_rootfs {
	LIST_OF(char *) diff_ids;
};

struct spec_image_config {
	char *architecture, *os;
	struct spec_image_process *config;
	struct spec_image_rootfs *rootfs;
};

/* manifest.json of docker save is an array; it is read as {"images": ...}. */
struct spec_image_saved {
	char *config;
	LIST_OF(char *) tags;
	LIST_OF(char *) layers;
};
struct spec_image_archive {
	LIST_OF(struct spec_image_saved) images;
};

extern const struct json_schema spec_image_index_schema, spec_image_manifest_schema,
	spec_image_config_schema, spec_image_archive_schema;

/*
 * Which of an index's entries has the tag, for this architecture? `tag` NULL: any. Returns its
 * number. Errors: ENOENT (none; names those there are), EINVAL (several, say which).
 */
int spec_image_choose(const struct spec_image_descriptor *manifests, size_t n, const char *tag,
		      const char *architecture, struct error *err);

/* The same among the images of docker save, where a tag is "name:tag" or only its end. */
int spec_image_choose_saved(const struct spec_image_archive *archive, const char *tag,
			    struct error *err);
