/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>
#include <stdio.h>

#include "command.h"
#include "output.h"
#include "progress.h"

struct gc_options {
	struct ctr_gc_options library;
	enum output_format format;
};

/* clang-format off */
static const struct command_option options[] = {
	{ 'n', "dry-run", FILLS_FLAG(struct gc_options, library.dry_run), NULL,
	  "only say what would go", NULL },
	{ 'f', "format", FILLS_CHOICE(struct gc_options, format), "table|json",
	  "form of the list (default: table)", output_formats },
};
/* clang-format on */

static const struct gc_options defaults = { .library.size = sizeof defaults.library };

const struct command_syntax cmd_gc_syntax = {
	COMMAND_OPTIONS(options),
	COMMAND_DEFAULTS(defaults),
	.max_arguments = 0,
};

static void print_json(const struct ctr_garbage *garbage, size_t n)
{
	putchar('[');
	for (size_t i = 0; i < n; i++) {
		fputs(i ? ",\n  {\"path\": " : "\n  {\"path\": ", stdout);
		output_json_string(stdout, garbage[i].path);
		fputs(", \"why\": ", stdout);
		output_json_string(stdout, garbage[i].why);
		printf(", \"bytes\": %" PRIu64 "}", garbage[i].bytes);
	}
	puts(n ? "\n]" : "]");
}

static void print_lines(const struct ctr_garbage *garbage, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		char bytes[16];

		progress_format_bytes(garbage[i].bytes, bytes);
		output_plain(stdout, garbage[i].path);
		if (garbage[i].bytes)
			printf(" (%s)", bytes);
		fputs(": ", stdout);
		output_plain(stdout, garbage[i].why);
		putchar('\n');
	}
}

int cmd_gc(struct ctr_runtime *runtime, const struct command_line *line, struct ctr_error *err)
{
	const struct gc_options *given = line->options;
	struct ctr_garbage *garbage = NULL;
	size_t n = 0;
	int result = ctr_gc(runtime, &given->library, &garbage, &n, err);

	if (result < 0)
		return result;
	if (given->format == OUTPUT_JSON)
		print_json(garbage, n);
	else
		print_lines(garbage, n);
	ctr_garbage_free(garbage, n);
	return 0;
}
