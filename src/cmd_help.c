/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "command.h"
#include "help.h"

const struct command_syntax cmd_help_syntax = { .arguments = "[COMMAND|errors]",
						.max_arguments = 2 };

int cmd_help(struct ctr_runtime *runtime, const struct command_line *line, struct ctr_error *err)
{
	const struct command *command;
	int n_words, result;

	(void)runtime;
	if (line->n_arguments == 0) {
		help_overview(stdout);
		return 0;
	}
	if (!strcmp(line->arguments[0], "errors")) {
		help_errors(stdout);
		return 0;
	}
	result = command_choose(line->arguments, &command, &n_words, err);
	if (result < 0)
		return result;
	help_command(stdout, command);
	return 0;
}
