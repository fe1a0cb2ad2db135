/* SPDX-License-Identifier: Apache-2.0 */
#include "command.h"
#include "create_options.h"
#include "output.h"

struct run_options {
	struct ctr_run_options run;
	bool dry_run;
};

/* clang-format off */
static const struct command_option options[] = {
	CREATE_OPTIONS(struct run_options, run.create.),
	{ 'd', "detach", FILLS_FLAG(struct run_options, run.detach), NULL,
	  "return once the program runs", NULL },
	{ 0, "keep", FILLS_FLAG(struct run_options, run.keep), NULL,
	  "do not delete the container when its program ends", NULL },
	{ 0, "dry-run", FILLS_FLAG(struct run_options, dry_run), NULL,
	  "print what would be done, and do nothing", NULL },
};
/* clang-format on */

static const struct run_options defaults = {
	.run = {
		.size = sizeof(struct ctr_run_options),
		.create = { .size = sizeof(struct ctr_create_options) },
	},
};

const struct command_syntax cmd_run_syntax = {
	COMMAND_OPTIONS(options), COMMAND_DEFAULTS(defaults), .arguments = "ID",
	.enters_container = true, .needs = "an ID",	      .max_arguments = 1,
};

int cmd_run(struct ctr_runtime *runtime, const struct command_line *line, struct ctr_error *err)
{
	const struct run_options *given = line->options;
	char *plan = NULL;
	int result;

	if (!given->dry_run)
		return ctr_run(runtime, line->arguments[0], &given->run, err);
	result = ctr_plan(runtime, line->arguments[0], &given->run.create, &plan, err);
	if (result < 0)
		return result;
	output_document(stdout, plan);
	return 0;
}
