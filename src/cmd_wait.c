/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "command.h"

const struct command_syntax cmd_wait_syntax = {
	.arguments = "ID",
	.needs = "an ID",
	.max_arguments = 1,
};

int cmd_wait(struct ctr_runtime *runtime, const struct command_line *line, struct ctr_error *err)
{
	int status = ctr_wait(runtime, line->arguments[0], err);

	if (status < 0)
		return status;
	printf("%d\n", status);
	return 0;
}
