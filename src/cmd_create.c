/* SPDX-License-Identifier: Apache-2.0 */
#include "command.h"
#include "create_options.h"

static const struct command_option options[] = {
	CREATE_OPTIONS(struct ctr_create_options, ),
};

static const struct ctr_create_options defaults = { .size = sizeof defaults };

const struct command_syntax cmd_create_syntax = {
	COMMAND_OPTIONS(options), COMMAND_DEFAULTS(defaults), .arguments = "ID",
	.needs = "an ID",	  .max_arguments = 1,	      .enters_container = true,
};

int cmd_create(struct ctr_runtime *runtime, const struct command_line *line, struct ctr_error *err)
{
	return ctr_create(runtime, line->arguments[0], line->options, err);
}
