/* SPDX-License-Identifier: Apache-2.0 */
#include "command.h"
#include "output.h"

const struct command_syntax cmd_state_syntax = {
	.arguments = "ID",
	.needs = "an ID",
	.max_arguments = 1,
};

int cmd_state(struct ctr_runtime *runtime, const struct command_line *line, struct ctr_error *err)
{
	char *document = NULL;
	int result = ctr_state(runtime, line->arguments[0], &document, err);

	if (result < 0)
		return result;
	output_document(stdout, document);
	return 0;
}
