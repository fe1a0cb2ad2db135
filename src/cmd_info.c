/* SPDX-License-Identifier: Apache-2.0 */
#include "command.h"
#include "output.h"

const struct command_syntax cmd_info_syntax = {
	.arguments = "NAME",
	.needs = "the name of a tenant",
	.max_arguments = 1,
};

int cmd_info(struct ctr_runtime *runtime, const struct command_line *line, struct ctr_error *err)
{
	char *document = NULL;
	int result = ctr_tenant_info(runtime, line->arguments[0], &document, err);

	if (result == 0)
		output_document(stdout, document);
	return result;
}
