/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "command.h"
#include "output.h"
#include "progress.h"
#include "quantity.h"

struct import_options {
	const char *rootfs, *tar, *oci;
	bool from_host;
	const char *max_size;
	int max_entries;
	enum output_format format;
};

/* clang-format off */
#define I struct import_options
static const struct command_option options[] = {
	{ 0, "from-host", FILLS_FLAG(I, from_host), NULL,
	  "this machine's software, without its secrets", NULL },
	{ 0, "rootfs", FILLS_STRING(I, rootfs), "DIR",
	  "a directory with a root file system", NULL },
	{ 0, "tar", FILLS_STRING(I, tar), "FILE",
	  "a tar archive, also gzip, xz or zstd; - for standard input", NULL },
	{ 0, "oci", FILLS_STRING(I, oci), "LAYOUT[:TAG]",
	  "an OCI image layout or an archive of one, or of docker save", NULL },
	{ 0, "max-size", FILLS_STRING(I, max_size), "SIZE",
	  "refuse more file data, with K, M, G or T (default: 64G)", NULL },
	{ 0, "max-entries", FILLS_NUMBER(I, max_entries), "N",
	  "refuse more entries (default: 4000000)", NULL },
	{ 'f', "format", FILLS_CHOICE(I, format), "table|json",
	  "print the name, or the template's document (default: table)", output_formats },
};
#undef I
/* clang-format on */

static const struct import_options defaults = { .format = OUTPUT_TABLE };

const struct command_syntax cmd_template_import_syntax = {
	COMMAND_OPTIONS(options),	    COMMAND_DEFAULTS(defaults), .arguments = "NAME",
	.needs = "a name for the template", .max_arguments = 1,
};

/* A colon in the last component separates the tag; what is before it goes to `path`. */
static void split_reference(const char *given, char *path, size_t room,
			    struct ctr_template_import_options *ret)
{
	const char *slash = strrchr(given, '/'), *colon = strchr(slash ? slash : given, ':');

	snprintf(path, room, "%.*s", colon ? (int)(colon - given) : (int)strlen(given), given);
	ret->path = path;
	ret->reference = colon ? colon + 1 : NULL;
}

static int take_source(const struct import_options *given, char *path, size_t room,
		       struct ctr_template_import_options *ret, struct ctr_error *err)
{
	if (!!given->rootfs + !!given->tar + !!given->oci + given->from_host != 1)
		return command_invalid(err, "template import: wants one of --from-host, --rootfs, "
					    "--tar and --oci");
	ret->source = given->rootfs ? CTR_TEMPLATE_ROOTFS :
		      given->tar    ? CTR_TEMPLATE_TAR :
		      given->oci    ? CTR_TEMPLATE_IMAGE :
				      CTR_TEMPLATE_HOST;
	ret->path = given->rootfs ? given->rootfs : given->tar;
	if (given->oci)
		split_reference(given->oci, path, room, ret);
	return 0;
}

static int print_result(struct ctr_runtime *runtime, const char *name,
			const struct import_options *given, struct ctr_error *err)
{
	char *document = NULL;
	int result;

	if (given->format != OUTPUT_JSON) {
		output_plain(stdout, name);
		putchar('\n');
		return 0;
	}
	result = ctr_template_info(runtime, name, &document, err);
	if (result == 0)
		output_document(stdout, document);
	return result;
}

int cmd_template_import(struct ctr_runtime *runtime, const struct command_line *line,
			struct ctr_error *err)
{
	const struct import_options *given = line->options;
	struct ctr_template_import_options library = { .size = sizeof library };
	struct progress progress = progress_begin(line->arguments[0]);
	int64_t max_bytes = 0;
	char path[4096];
	int result = take_source(given, path, sizeof path, &library, err);

	if (result < 0)
		return result;
	if (given->max_size && (!quantity_bytes(given->max_size, &max_bytes) || max_bytes <= 0))
		return command_invalid(err, "template import: invalid --max-size \"%.200s\"",
				       given->max_size);
	library.max_bytes = (uint64_t)max_bytes;
	library.max_entries = (uint64_t)given->max_entries;
	library.tell = progress_tell;
	library.tell_data = &progress;
	result = ctr_template_import(runtime, line->arguments[0], &library, err);
	progress_end(&progress);
	return result < 0 ? result : print_result(runtime, line->arguments[0], given, err);
}
