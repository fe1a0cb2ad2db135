/* SPDX-License-Identifier: Apache-2.0 */
#include "command.h"

/* clang-format off */
static const struct command_option options[] = {
	{ 'a', "all", FILLS_FLAG(struct ctr_kill_options, all), NULL,
	  "signal every process of the container", NULL },
};
/* clang-format on */

static const struct ctr_kill_options defaults = { .size = sizeof defaults };

const struct command_syntax cmd_kill_syntax = {
	COMMAND_OPTIONS(options), COMMAND_DEFAULTS(defaults), .arguments = "ID [SIGNAL]",
	.needs = "an ID",	  .max_arguments = 2,
};

int cmd_kill(struct ctr_runtime *runtime, const struct command_line *line, struct ctr_error *err)
{
	return ctr_kill(runtime, line->arguments[0], line->arguments[1], line->options, err);
}
