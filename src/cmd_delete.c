/* SPDX-License-Identifier: Apache-2.0 */
#include "choose.h"
#include "command.h"

struct delete_options {
	struct ctr_delete_options library;
	bool regex;
};

/* clang-format off */
static const struct command_option options[] = {
	{ 'f', "force", FILLS_FLAG(struct delete_options, library.force), NULL,
	  "kill what still runs; an unknown ID is no error", NULL },
	{ 'r', "regex", FILLS_FLAG(struct delete_options, regex), NULL,
	  "ID is a regular expression: delete every container that it matches", NULL },
};
/* clang-format on */

static const struct delete_options defaults = { .library.size = sizeof defaults.library };

const struct command_syntax cmd_delete_syntax = {
	COMMAND_OPTIONS(options), COMMAND_DEFAULTS(defaults), .arguments = "ID",
	.needs = "an ID",	  .max_arguments = 1,
};

static int delete_one(struct ctr_runtime *runtime, const char *id, const void *data,
		      struct ctr_error *err)
{
	return ctr_delete(runtime, id, data, err);
}

int cmd_delete(struct ctr_runtime *runtime, const struct command_line *line, struct ctr_error *err)
{
	const struct delete_options *given = line->options;
	const struct choose choose = { line->arguments[0], given->library.force, delete_one,
				       &given->library };

	return given->regex ? choose_each(runtime, &choose, err) :
			      ctr_delete(runtime, line->arguments[0], &given->library, err);
}
