/* SPDX-License-Identifier: Apache-2.0 */
#include "command.h"

const struct command_syntax cmd_rename_syntax = {
	.arguments = "NAME NEW",
	.needs = "the name of a tenant",
	.max_arguments = 2,
};

int cmd_rename(struct ctr_runtime *runtime, const struct command_line *line, struct ctr_error *err)
{
	if (line->n_arguments < 2)
		return command_invalid(err, "rename: needs a new name (arguments: %s)",
				       line->syntax->arguments);
	return ctr_tenant_rename(runtime, line->arguments[0], line->arguments[1], err);
}
