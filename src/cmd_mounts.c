/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "document.h"

const struct command_syntax cmd_mounts_syntax = {
	.arguments = "add|remove ID FILE",
	.needs = "add or remove",
	.max_arguments = 3,
};

typedef int change(struct ctr_runtime *runtime, const char *id, const char *mounts,
		   struct ctr_error *err);

static const struct {
	const char *word;
	change *change;
} changes[] = {
	{ "add", ctr_mounts_add },
	{ "remove", ctr_mounts_remove },
};

int cmd_mounts(struct ctr_runtime *runtime, const struct command_line *line, struct ctr_error *err)
{
	char *const *words = line->arguments;
	char *document = NULL;
	size_t i = 0;
	int result;

	while (i < sizeof changes / sizeof *changes && strcmp(changes[i].word, words[0]) != 0)
		i++;
	if (i == sizeof changes / sizeof *changes)
		return command_invalid(err, "mounts: \"%.200s\" is not add or remove", words[0]);
	if (line->n_arguments < 3)
		return command_invalid(err, "mounts: needs an ID and a FILE (arguments: %s)",
				       line->syntax->arguments);
	result = document_read("mounts", words[2], &document, err);
	if (result < 0)
		return result;
	result = changes[i].change(runtime, words[1], document, err);
	free(document);
	return result;
}
