/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "output.h"

struct list_options {
	enum output_format format;
	bool quiet;
};

/* clang-format off */
static const struct command_option options[] = {
	{ 'f', "format", FILLS_CHOICE(struct list_options, format), "table|json",
	  "form of the list (default: table)", output_formats },
	{ 'q', "quiet", FILLS_FLAG(struct list_options, quiet), NULL,
	  "print ids only", NULL },
};
/* clang-format on */

static const struct list_options defaults = { .format = OUTPUT_TABLE };

const struct command_syntax cmd_list_syntax = {
	COMMAND_OPTIONS(options),
	COMMAND_DEFAULTS(defaults),
	.max_arguments = 0,
};

static const char *const headings[] = { "ID", "PID", "STATUS", "BUNDLE", "CREATED", "OWNER" };
#define N_COLUMNS (sizeof headings / sizeof *headings)

typedef char pid_text[12];

static void fill_row(const struct ctr_container *container, pid_text pid, const char **cells)
{
	*cells++ = container->id;
	if (container->problem) {
		cells[1] = "unreadable";
		return;
	}
	snprintf(pid, sizeof(pid_text), "%d", container->pid);
	*cells++ = pid;
	*cells++ = ctr_status_name(container->status);
	*cells++ = container->bundle;
	*cells++ = container->created;
	*cells++ = container->owner;
}

static int print_table(const struct ctr_container *containers, size_t n, struct ctr_error *err)
{
	const char **cells = calloc(n + 1, sizeof headings);
	pid_text *pids = calloc(n + 1, sizeof *pids);
	int result = 0;

	if (cells && pids) {
		memcpy(cells, headings, sizeof headings);
		for (size_t i = 0; i < n; i++)
			fill_row(&containers[i], pids[i], cells + (i + 1) * N_COLUMNS);
		output_table(stdout, cells, N_COLUMNS, n + 1);
	} else {
		result = command_failed(err, ENOMEM, "list");
	}
	free(pids);
	free(cells);
	return result;
}

static void print_ids(const struct ctr_container *containers, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		output_plain(stdout, containers[i].id);
		putchar('\n');
	}
}

static void warn_of_problems(const struct ctr_container *containers, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (!containers[i].problem)
			continue;
		fputs("ctr: warning: container ", stderr);
		output_plain(stderr, containers[i].id);
		fputs(" cannot be read: ", stderr);
		output_plain(stderr, containers[i].problem);
		fputc('\n', stderr);
	}
}

static int print_json(struct ctr_runtime *runtime, struct ctr_error *err)
{
	char *document = NULL;
	int result = ctr_list_json(runtime, &document, err);

	if (result < 0)
		return result;
	output_document(stdout, document);
	return 0;
}

int cmd_list(struct ctr_runtime *runtime, const struct command_line *line, struct ctr_error *err)
{
	const struct list_options *given = line->options;
	struct ctr_container *containers = NULL;
	size_t n = 0;
	int result;

	if (given->format == OUTPUT_JSON && !given->quiet)
		return print_json(runtime, err);
	result = ctr_list(runtime, &containers, &n, err);
	if (result < 0)
		return result;
	warn_of_problems(containers, n);
	if (given->quiet)
		print_ids(containers, n);
	else
		result = print_table(containers, n, err);
	ctr_list_free(containers, n);
	return result;
}
