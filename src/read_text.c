/* SPDX-License-Identifier: Apache-2.0 */
#include "read_text.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"

#define TEXT_MAX (16u << 20)

static int copy(FILE *in, FILE *out, const char *command, const char *name, struct ctr_error *err)
{
	char buffer[4096];
	size_t n, total = 0;

	while ((n = fread(buffer, 1, sizeof buffer, in)) > 0) {
		/* a NUL would end the text for who reads it as a string */
		if (memchr(buffer, '\0', n))
			return command_invalid(err, "%s: %.300s has a NUL in it", command, name);
		total += n;
		if (total > TEXT_MAX)
			return command_invalid(err, "%s: %.300s is over 16 MiB", command, name);
		fwrite(buffer, 1, n, out);
	}
	return ferror(in) ? command_failed(err, errno ? errno : EIO, "%s: read %.300s", command,
					   name) :
			    0;
}

static int copy_named(FILE *out, const char *command, const char *path, struct ctr_error *err)
{
	FILE *in;
	int result;

	if (!strcmp(path, "-"))
		return copy(stdin, out, command, "the standard input", err);
	in = fopen(path, "re");
	if (!in)
		return command_failed(err, errno, "%s: open %.300s", command, path);
	result = copy(in, out, command, path, err);
	fclose(in);
	return result;
}

int read_text(const char *command, const char *path, char **ret, struct ctr_error *err)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	int result;

	if (!out)
		return command_failed(err, ENOMEM, "%s", command);
	result = copy_named(out, command, path, err);
	if (fclose(out) != 0 && result == 0)
		result = command_failed(err, ENOMEM, "%s", command);
	if (result == 0)
		*ret = text;
	else
		free(text);
	return result;
}
