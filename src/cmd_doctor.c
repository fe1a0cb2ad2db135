/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "command.h"
#include "output.h"

struct doctor_options {
	enum output_format format;
};

/* clang-format off */
static const struct command_option options[] = {
	{ 'f', "format", FILLS_CHOICE(struct doctor_options, format), "table|json",
	  "form of the answer (default: table)", output_formats },
};
/* clang-format on */

static const struct doctor_options defaults = { .format = OUTPUT_TABLE };

const struct command_syntax cmd_doctor_store_syntax = {
	COMMAND_OPTIONS(options),
	COMMAND_DEFAULTS(defaults),
	.max_arguments = 0,
};

static const char *result(const struct ctr_store_check *check)
{
	return check->found ? "yes" : check->needed ? "MISSING" : "no";
}

static void print_lines(const struct ctr_store_check *checks, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const struct ctr_store_check *c = &checks[i];

		printf("%-14s %-8s %s\n", c->name, result(c), c->what);
		if (!c->found)
			printf("%-14s %-8s %s: %s\n", "", "", c->detail, c->remedy);
	}
}

static void print_json(const struct ctr_store_check *checks, size_t n)
{
	putchar('[');
	for (size_t i = 0; i < n; i++) {
		const struct ctr_store_check *c = &checks[i];

		printf("%s\n  {\"name\": \"%s\", \"needed\": %s, \"found\": %s", i ? "," : "",
		       c->name, c->needed ? "true" : "false", c->found ? "true" : "false");
		if (!c->found) {
			fputs(", \"detail\": ", stdout);
			output_json_string(stdout, c->detail);
			fputs(", \"remedy\": ", stdout);
			output_json_string(stdout, c->remedy);
		}
		putchar('}');
	}
	puts(n ? "\n]" : "]");
}

/* The status says whether the store serves. */
int cmd_doctor_store(struct ctr_runtime *runtime, const struct command_line *line,
		     struct ctr_error *err)
{
	const struct doctor_options *given = line->options;
	struct ctr_store_check *checks = NULL;
	size_t n = 0;
	int status = ctr_doctor_store(runtime, &checks, &n, err);

	if (status < 0)
		return status;
	if (given->format == OUTPUT_JSON)
		print_json(checks, n);
	else
		print_lines(checks, n);
	for (size_t i = 0; i < n; i++)
		if (checks[i].needed && !checks[i].found)
			status = 1;
	ctr_store_checks_free(checks);
	return status;
}
