/* SPDX-License-Identifier: Apache-2.0 */
#include "command.h"

/* clang-format off */
static const struct command_option options[] = {
	{ 'f', "force", FILLS_FLAG(struct ctr_delete_options, force), NULL,
	  "kill what still runs; an unknown ID is no error", NULL },
};
/* clang-format on */

static const struct ctr_delete_options defaults = { .size = sizeof defaults };

const struct command_syntax cmd_delete_syntax = {
	COMMAND_OPTIONS(options), COMMAND_DEFAULTS(defaults), .arguments = "ID",
	.needs = "an ID",	  .max_arguments = 1,
};

int cmd_delete(struct ctr_runtime *runtime, const struct command_line *line, struct ctr_error *err)
{
	return ctr_delete(runtime, line->arguments[0], line->options, err);
}
