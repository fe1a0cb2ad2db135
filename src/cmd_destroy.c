/* SPDX-License-Identifier: Apache-2.0 */
#include "command.h"

struct destroy_options {
	bool force;
};

/* clang-format off */
static const struct command_option options[] = {
	{ 'f', "force", FILLS_FLAG(struct destroy_options, force), NULL,
	  "kill it first when it runs", NULL },
};
/* clang-format on */

static const struct destroy_options defaults;

const struct command_syntax cmd_destroy_syntax = {
	COMMAND_OPTIONS(options),	  COMMAND_DEFAULTS(defaults), .arguments = "NAME...",
	.needs = "the name of a tenant", .max_arguments = COMMAND_ANY,
};

/* All of them are tried; the first failure is handed up. */
int cmd_destroy(struct ctr_runtime *runtime, const struct command_line *line, struct ctr_error *err)
{
	const struct destroy_options *given = line->options;
	struct ctr_error next;
	int result = 0;

	for (int i = 0; i < line->n_arguments; i++) {
		if (ctr_tenant_destroy(runtime, line->arguments[i], given->force, &next) == 0)
			continue;
		if (result == 0)
			*err = next;
		result = -err->code;
	}
	return result;
}
