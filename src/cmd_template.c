/* SPDX-License-Identifier: Apache-2.0 */
/* The verbs of `ctr template` that take little more than a name. */
#include <stdio.h>

#include "command.h"
#include "output.h"
#include "progress.h"

#define NAME_SYNTAX .arguments = "NAME", .needs = "the name of a template"

const struct command_syntax cmd_template_info_syntax = { NAME_SYNTAX, .max_arguments = 1 };
const struct command_syntax cmd_template_verify_syntax = { NAME_SYNTAX, .max_arguments = 1 };
const struct command_syntax cmd_template_remove_syntax = { NAME_SYNTAX, .max_arguments = 1 };
const struct command_syntax cmd_template_mount_syntax = {
	.arguments = "NAME DIR",
	.needs = "the name of a template",
	.max_arguments = 2,
};

int cmd_template_info(struct ctr_runtime *runtime, const struct command_line *line,
		      struct ctr_error *err)
{
	char *document = NULL;
	int result = ctr_template_info(runtime, line->arguments[0], &document, err);

	if (result == 0)
		output_document(stdout, document);
	return result;
}

int cmd_template_verify(struct ctr_runtime *runtime, const struct command_line *line,
			struct ctr_error *err)
{
	struct progress progress = progress_begin(line->arguments[0]);
	int result =
		ctr_template_verify(runtime, line->arguments[0], progress_tell, &progress, err);

	progress_end(&progress);
	return result;
}

int cmd_template_remove(struct ctr_runtime *runtime, const struct command_line *line,
			struct ctr_error *err)
{
	return ctr_template_remove(runtime, line->arguments[0], err);
}

int cmd_template_mount(struct ctr_runtime *runtime, const struct command_line *line,
		       struct ctr_error *err)
{
	if (line->n_arguments < 2)
		return command_invalid(err, "template mount: needs a directory (arguments: %s)",
				       line->syntax->arguments);
	return ctr_template_mount(runtime, line->arguments[0], line->arguments[1], err);
}
