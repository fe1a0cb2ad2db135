/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "command.h"

const struct command_syntax cmd_enter_syntax = {
	.arguments = "NAME [COMMAND [ARGUMENT]...]",
	.needs = "the name of a tenant",
	.max_arguments = COMMAND_ANY,
	.stops_at_argument = true,
	.enters_container = true,
	.failure_status = 255,
};

int cmd_enter(struct ctr_runtime *runtime, const struct command_line *line, struct ctr_error *err)
{
	const char *terminal = getenv("TERM");
	char variable[128], *shell = NULL;
	char *words[] = { NULL, NULL }, *env[] = { variable, NULL };
	struct ctr_exec_options library = {
		.size = sizeof library,
		.args = line->n_arguments > 1 ? line->arguments + 1 : words,
		.env = env,
		.tty = isatty(STDIN_FILENO),
	};
	int result = 0;

	snprintf(variable, sizeof variable, "TERM=%s", terminal ? terminal : "dumb");
	if (line->n_arguments < 2)
		result = ctr_shell(runtime, line->arguments[0], &shell, err);
	words[0] = shell;
	if (result == 0)
		result = ctr_exec(runtime, line->arguments[0], &library, err);
	free(shell);
	return result;
}
