/* SPDX-License-Identifier: Apache-2.0 */
#include "command.h"
#include "output.h"

/* clang-format off */
static const struct command_option options[] = {
	{ 'b', "bundle", FILLS_STRING(struct ctr_create_options, bundle), "DIR",
	  "the bundle, when it is not given as argument", NULL },
	{ 'f', "config", FILLS_STRING(struct ctr_create_options, config), "FILE",
	  "read FILE of the bundle instead of config.json", NULL },
};
/* clang-format on */

static const struct ctr_create_options defaults = { .size = sizeof defaults };

const struct command_syntax cmd_plan_syntax = {
	COMMAND_OPTIONS(options),
	COMMAND_DEFAULTS(defaults),
	.arguments = "[BUNDLE]",
	.max_arguments = 1,
};

int cmd_plan(struct ctr_runtime *runtime, const struct command_line *line, struct ctr_error *err)
{
	struct ctr_create_options *given = line->options;
	char *plan = NULL;
	int result;

	if (line->n_arguments > 0)
		given->bundle = line->arguments[0];
	result = ctr_plan(runtime, "plan", given, &plan, err);
	if (result < 0)
		return result;
	output_document(stdout, plan);
	return 0;
}
