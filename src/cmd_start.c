/* SPDX-License-Identifier: Apache-2.0 */
#include "command.h"

const struct command_syntax cmd_start_syntax = {
	.arguments = "ID",
	.needs = "an ID",
	.max_arguments = 1,
};

int cmd_start(struct ctr_runtime *runtime, const struct command_line *line, struct ctr_error *err)
{
	return ctr_start(runtime, line->arguments[0], err);
}
