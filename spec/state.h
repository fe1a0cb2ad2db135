/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The state document (runtime.md#state): what `ctr state` prints and hooks read on
 * standard input. Beyond the spec: rootfs, created and owner, as runc has them.
 */
#pragma once

#include "base/json.h"
#include "spec/config.h"

struct spec_state {
	char *oci_version;
	char *id;
	char *status; /* creating created running paused stopped */
	struct optional_int pid;
	char *bundle;
	char *rootfs;
	char *created; /* RFC 3339, UTC */
	char *owner;
	LIST_OF(struct json_pair) annotations;
};

extern const struct json_schema spec_state_schema;

/* The message to a seccomp agent (config-linux.md#containerprocessstate). */
struct spec_container_process_state {
	char *oci_version;
	LIST_OF(char *) fds;
	struct optional_int pid;
	char *metadata;
	struct spec_state *state;
};

extern const struct json_schema spec_container_process_state_schema;
