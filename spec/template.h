/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The store's own documents: templates/NAME/template.json, layers/ID/layer.json, and the
 * part of every other document that says which layers it needs.
 */
#pragma once

#include "base/json.h"

/* What the process of a server made from the template is when nobody says otherwise. */
struct spec_template_process {
	LIST_OF(char *) args;
	LIST_OF(char *) env;
	char *user; /* as an image says it: a name or number, with a group behind a colon */
	char *cwd;
	char *stop_signal;
};

/* What is known of the software in it. */
struct spec_template_system {
	char *distribution; /* ID of os-release(5) */
	char *version;	    /* VERSION_ID */
	char *architecture;
	char *init;
	char *package_manager;
};

struct spec_template {
	char *name;
	char *created;		/* RFC 3339 */
	char *source;		/* rootfs tar image host */
	char *digest;		/* of the layers' digests, in their order */
	char *parent;		/* the template that it was derived from; NULL: none */
	LIST_OF(char *) layers; /* ids, the lowest first */
	struct optional_uint entries, size;
	struct spec_template_system *system;
	struct spec_template_process *process;
	LIST_OF(char *) scrub; /* what makes one machine of many alike: made anew in each */
};

struct spec_layer {
	char *id;
	char *created;
	char *digest;  /* of the tree, sha256; NULL: not computed yet */
	char *diff_id; /* of the archive it was in; NULL: none */
	struct optional_uint entries, size, left_out;
};

/* Of the template that a server was made from. */
struct spec_references_template {
	char *name;
};

struct spec_references {
	struct spec_references_template *template_;
	LIST_OF(char *) layers;
};

extern const struct json_schema spec_template_schema, spec_template_system_schema,
	spec_template_process_schema, spec_layer_schema, spec_references_schema;
