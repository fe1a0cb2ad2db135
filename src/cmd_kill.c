/* SPDX-License-Identifier: Apache-2.0 */
#include "choose.h"
#include "command.h"

struct kill_options {
	struct ctr_kill_options library;
	bool regex;
};

/* clang-format off */
static const struct command_option options[] = {
	{ 'a', "all", FILLS_FLAG(struct kill_options, library.all), NULL,
	  "signal every process of the container", NULL },
	{ 'r', "regex", FILLS_FLAG(struct kill_options, regex), NULL,
	  "ID is a regular expression: signal every container that it matches", NULL },
};
/* clang-format on */

static const struct kill_options defaults = { .library.size = sizeof defaults.library };

const struct command_syntax cmd_kill_syntax = {
	COMMAND_OPTIONS(options), COMMAND_DEFAULTS(defaults), .arguments = "ID [SIGNAL]",
	.needs = "an ID",	  .max_arguments = 2,
};

static int kill_one(struct ctr_runtime *runtime, const char *id, const void *data,
		    struct ctr_error *err)
{
	const struct command_line *line = data;
	const struct kill_options *given = line->options;

	return ctr_kill(runtime, id, line->arguments[1], &given->library, err);
}

int cmd_kill(struct ctr_runtime *runtime, const struct command_line *line, struct ctr_error *err)
{
	const struct kill_options *given = line->options;
	const struct choose choose = { line->arguments[0], false, kill_one, line };

	return given->regex ? choose_each(runtime, &choose, err) :
			      kill_one(runtime, line->arguments[0], line, err);
}
