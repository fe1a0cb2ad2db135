/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "output.h"
#include "progress.h"

struct list_options {
	enum output_format format;
	bool quiet;
};

/* clang-format off */
static const struct command_option options[] = {
	{ 'f', "format", FILLS_CHOICE(struct list_options, format), "table|json",
	  "form of the list (default: table)", output_formats },
	{ 'q', "quiet", FILLS_FLAG(struct list_options, quiet), NULL,
	  "print names only", NULL },
};
/* clang-format on */

static const struct list_options defaults = { .format = OUTPUT_TABLE };

const struct command_syntax cmd_template_list_syntax = {
	COMMAND_OPTIONS(options),
	COMMAND_DEFAULTS(defaults),
	.max_arguments = 0,
};

static const char *const headings[] = { "NAME", "SYSTEM", "SOURCE", "ENTRIES", "SIZE", "CREATED" };
#define N_COLUMNS (sizeof headings / sizeof *headings)

struct numbers {
	char entries[24], size[16];
};

static void fill_row(const struct ctr_template *template, struct numbers *numbers,
		     const char **cells)
{
	*cells++ = template->name;
	if (template->problem) {
		*cells = "unreadable";
		return;
	}
	snprintf(numbers->entries, sizeof numbers->entries, "%" PRIu64, template->entries);
	progress_format_bytes(template->bytes, numbers->size);
	*cells++ = *template->system ? template->system : NULL;
	*cells++ = template->source;
	*cells++ = numbers->entries;
	*cells++ = numbers->size;
	*cells++ = template->created;
}

static int print_table(const struct ctr_template *templates, size_t n, struct ctr_error *err)
{
	const char **cells = calloc(n + 1, sizeof headings);
	struct numbers *numbers = calloc(n + 1, sizeof *numbers);
	int result = 0;

	if (cells && numbers) {
		memcpy(cells, headings, sizeof headings);
		for (size_t i = 0; i < n; i++)
			fill_row(&templates[i], &numbers[i], cells + (i + 1) * N_COLUMNS);
		output_table(stdout, cells, N_COLUMNS, n + 1);
	} else {
		result = command_failed(err, ENOMEM, "template list");
	}
	free(numbers);
	free(cells);
	return result;
}

static void print_member(const char *key, const char *value)
{
	printf(", \"%s\": ", key);
	output_json_string(stdout, value);
}

static void print_json(const struct ctr_template *templates, size_t n)
{
	putchar('[');
	for (size_t i = 0; i < n; i++) {
		const struct ctr_template *t = &templates[i];

		fputs(i ? ",\n  {\"name\": " : "\n  {\"name\": ", stdout);
		output_json_string(stdout, t->name);
		if (t->problem) {
			print_member("problem", t->problem);
		} else {
			print_member("system", t->system);
			print_member("source", t->source);
			print_member("created", t->created);
			print_member("digest", t->digest);
			printf(", \"entries\": %" PRIu64 ", \"size\": %" PRIu64, t->entries,
			       t->bytes);
		}
		putchar('}');
	}
	puts(n ? "\n]" : "]");
}

static void print_names(const struct ctr_template *templates, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		output_plain(stdout, templates[i].name);
		putchar('\n');
	}
}

static void warn_of_problems(const struct ctr_template *templates, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (!templates[i].problem)
			continue;
		fputs("ctr: warning: ", stderr);
		output_plain(stderr, templates[i].problem);
		fputc('\n', stderr);
	}
}

int cmd_template_list(struct ctr_runtime *runtime, const struct command_line *line,
		      struct ctr_error *err)
{
	const struct list_options *given = line->options;
	struct ctr_template *templates = NULL;
	size_t n = 0;
	int result = ctr_template_list(runtime, &templates, &n, err);

	if (result < 0)
		return result;
	warn_of_problems(templates, n);
	if (given->quiet)
		print_names(templates, n);
	else if (given->format == OUTPUT_JSON)
		print_json(templates, n);
	else
		result = print_table(templates, n, err);
	ctr_template_list_free(templates, n);
	return result;
}
