/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the program that reads archives says at its end, of what it has unpacked. It has read
 * what strangers wrote, so this is checked as if they had written it.
 */
#pragma once

#include "spec/template.h"

struct spec_archive_layer {
	char *digest;  /* of the tree */
	char *diff_id; /* of the uncompressed archive */
	struct optional_uint entries, size, left_out;
};

struct spec_archive_report {
	LIST_OF(struct spec_archive_layer) layers; /* the lowest first, as layers/0, 1... */
	char *digest;				   /* of all */
	char *architecture;
	struct spec_template_process *process;
};

extern const struct json_schema spec_archive_report_schema;
