/* SPDX-License-Identifier: Apache-2.0 */
#include "document.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"

#define DOCUMENT_MAX (16u << 20)

struct source {
	const char *command, *name;
	FILE *in;
};

static int copy(const struct source *source, FILE *out, struct ctr_error *err)
{
	char buffer[4096];
	size_t n, total = 0;

	while ((n = fread(buffer, 1, sizeof buffer, source->in)) > 0) {
		/* a NUL would end the document for who reads it as a string */
		if (memchr(buffer, '\0', n))
			return command_invalid(err, "%s: %.300s has a NUL in it", source->command,
					       source->name);
		total += n;
		if (total > DOCUMENT_MAX)
			return command_invalid(err, "%s: %.300s is over 16 MiB", source->command,
					       source->name);
		fwrite(buffer, 1, n, out);
	}
	if (ferror(source->in))
		return command_failed(err, errno ? errno : EIO, "%s: read %.300s", source->command,
				      source->name);
	return 0;
}

static int copy_all(const struct source *source, char **ret, struct ctr_error *err)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	int result;

	if (!out)
		return command_failed(err, ENOMEM, "%s", source->command);
	result = copy(source, out, err);
	if (fclose(out) != 0 && result == 0)
		result = command_failed(err, ENOMEM, "%s", source->command);
	if (result == 0)
		*ret = text;
	else
		free(text);
	return result;
}

int document_read(const char *command, const char *path, char **ret, struct ctr_error *err)
{
	struct source source = { command, "the standard input", stdin };
	int result;

	if (!strcmp(path, "-"))
		return copy_all(&source, ret, err);
	source.name = path;
	source.in = fopen(path, "re");
	if (!source.in)
		return command_failed(err, errno, "%s: open %.300s", command, path);
	result = copy_all(&source, ret, err);
	fclose(source.in);
	return result;
}
