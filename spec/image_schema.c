/* SPDX-License-Identifier: Apache-2.0 */
/* The documents of images as tables. */
#include "spec/image.h"

/* clang-format off */
static SCHEMA(spec_image_platform,
	STRING(spec_image_platform, architecture, "architecture"),
	STRING(spec_image_platform, os, "os"));

static SCHEMA(spec_image_descriptor,
	STRING(spec_image_descriptor, media_type, "mediaType"),
	NEEDS_STRING(spec_image_descriptor, digest, "digest"),
	UINT(spec_image_descriptor, size, "size"),
	OBJECT(spec_image_descriptor, platform, "platform", spec_image_platform),
	MAP(spec_image_descriptor, annotations, "annotations"));

SCHEMA(spec_image_index,
	OBJECTS(spec_image_index, manifests, "manifests", spec_image_descriptor));

SCHEMA(spec_image_manifest,
	OBJECT(spec_image_manifest, config, "config", spec_image_descriptor),
	OBJECTS(spec_image_manifest, layers, "layers", spec_image_descriptor),
	OBJECTS(spec_image_manifest, manifests, "manifests", spec_image_descriptor));

static SCHEMA(spec_image_process,
	STRING(spec_image_process, user, "User"),
	STRING(spec_image_process, working_dir, "WorkingDir"),
	STRING(spec_image_process, stop_signal, "StopSignal"),
	STRINGS(spec_image_process, env, "Env"),
	STRINGS(spec_image_process, entrypoint, "Entrypoint"),
	STRINGS(spec_image_process, cmd, "Cmd"));

static SCHEMA(spec_image_rootfs,
	STRINGS(spec_image_rootfs, diff_ids, "diff_ids"));

SCHEMA(spec_image_config,
	STRING(spec_image_config, architecture, "architecture"),
	STRING(spec_image_config, os, "os"),
	OBJECT(spec_image_config, config, "config", spec_image_process),
	OBJECT(spec_image_config, rootfs, "rootfs", spec_image_rootfs));

static SCHEMA(spec_image_saved,
	NEEDS_STRING(spec_image_saved, config, "Config"),
	STRINGS(spec_image_saved, tags, "RepoTags"),
	STRINGS(spec_image_saved, layers, "Layers"));

SCHEMA(spec_image_archive,
	OBJECTS(spec_image_archive, images, "images", spec_image_saved));
/* clang-format on */
