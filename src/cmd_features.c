/* SPDX-License-Identifier: Apache-2.0 */
#include "command.h"
#include "output.h"

const struct command_syntax cmd_features_syntax = { .max_arguments = 0 };

int cmd_features(struct ctr_runtime *runtime, const struct command_line *line,
		 struct ctr_error *err)
{
	char *document = NULL;
	int result = ctr_features(runtime, &document, err);

	(void)line;
	if (result < 0)
		return result;
	output_document(stdout, document);
	return 0;
}
