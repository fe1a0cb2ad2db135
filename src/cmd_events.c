/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdio.h>

#include "command.h"
#include "quantity.h"

struct events_options {
	const char *interval;
	bool stats;
};

/* clang-format off */
static const struct command_option options[] = {
	{ 0, "interval", FILLS_STRING(struct events_options, interval), "TIME",
	  "time between two statistics, such as 500ms (default: 5s)", NULL },
	{ 0, "stats", FILLS_FLAG(struct events_options, stats), NULL,
	  "print the statistics once and end", NULL },
};
/* clang-format on */

static const struct events_options defaults = { .interval = "5s" };

const struct command_syntax cmd_events_syntax = {
	COMMAND_OPTIONS(options), COMMAND_DEFAULTS(defaults),	.arguments = "ID...",
	.needs = "an ID",	  .max_arguments = COMMAND_ANY,
};

/* Whoever reads wants each event when it happens. */
static int print_line(void *data, const char *line)
{
	FILE *out = data;

	errno = 0;
	if (fputs(line, out) != EOF && fputc('\n', out) != EOF && fflush(out) == 0)
		return 0;
	return errno ? -errno : -EIO;
}

int cmd_events(struct ctr_runtime *runtime, const struct command_line *line, struct ctr_error *err)
{
	const struct events_options *given = line->options;
	struct ctr_events_options library = {
		.size = sizeof library,
		.emit = print_line,
		.data = stdout,
	};

	if (!quantity_milliseconds(given->interval, &library.interval_ms))
		return command_invalid(err,
				       "events: invalid interval \"%.200s\": --interval wants a "
				       "time over 0 such as 5s or 500ms",
				       given->interval);
	if (given->stats)
		library.interval_ms = 0;
	return ctr_events(runtime, (const char *const *)line->arguments, (size_t)line->n_arguments,
			  &library, err);
}
