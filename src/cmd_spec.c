/* SPDX-License-Identifier: Apache-2.0 */
#include "command.h"

/* clang-format off */
static const struct command_option options[] = {
	{ 'b', "bundle", FILLS_STRING(struct ctr_spec_options, bundle), "DIR",
	  "the bundle (default: the working directory)", NULL },
	{ 'f', "file", FILLS_STRING(struct ctr_spec_options, file), "FILE",
	  "the name of the file in the bundle (default: config.json)", NULL },
	{ 0, "rootless", FILLS_FLAG(struct ctr_spec_options, rootless), NULL,
	  "for a caller who is not root", NULL },
};
/* clang-format on */

static const struct ctr_spec_options defaults = { .size = sizeof defaults };

const struct command_syntax cmd_spec_syntax = {
	COMMAND_OPTIONS(options),
	COMMAND_DEFAULTS(defaults),
	.max_arguments = 0,
};

int cmd_spec(struct ctr_runtime *runtime, const struct command_line *line, struct ctr_error *err)
{
	return ctr_spec(runtime, line->options, err);
}
