/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/resource_undo.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"

/* Files with a line a key, and what is written behind the key for "nothing said". */
static const struct {
	const char *file, *reset;
} keyed[] = {
	{ "io.max", "rbps=max wbps=max riops=max wiops=max" },
	{ "io.weight", "default" },
	{ "io.bfq.weight", "default" },
	{ "io.latency", "target=0" },
	{ "rdma.max", "hca_handle=max hca_object=max" },
	{ "misc.max", "max" },
};

static const char *find_reset(const char *file)
{
	for (size_t i = 0; i < sizeof keyed / sizeof *keyed; i++)
		if (!strcmp(keyed[i].file, file))
			return keyed[i].reset;
	return NULL;
}

/* The line of `text` whose first word is the `n` bytes at `key`; NULL: none. */
static const char *find_line(const char *text, const char *key, size_t n)
{
	for (const char *line = text; *line; line += strspn(line, "\n")) {
		if (!strncmp(line, key, n) && (line[n] == ' ' || line[n] == '\n' || !line[n]))
			return line;
		line += strcspn(line, "\n");
	}
	return NULL;
}

static int build_value(const struct cgroup_write *write, const char *former, char **ret,
		       struct error *err)
{
	const char *reset = find_reset(write->file), *line = former;
	size_t n = strcspn(write->value, " ");

	if (reset) {
		line = find_line(former, write->value, n);
		if (!line)
			return str_printf(ret, err, "%.*s %s", (int)n, write->value, reset);
	}
	/* An empty list (cpuset.cpus) is a line too: write(2) of nothing does nothing. */
	if (*line == '\n' || !*line)
		return str_printf(ret, err, "\n");
	return str_printf(ret, err, "%.*s", (int)strcspn(line, "\n"), line);
}

int resource_undo_build(const struct cgroup_write *write, const char *former,
			struct cgroup_write *ret, struct error *err)
{
	struct cgroup_write undo = *write;

	/* Several lines without a known key: no one write has them back. */
	if (!find_reset(write->file) && strchr(former, '\n') && strchr(former, '\n')[1] != '\0')
		return 0;
	TRY(build_value(write, former, &undo.value, err));
	undo.file = strdup(write->file);
	if (!undo.file) {
		free(undo.value);
		return error_errno(err, ENOMEM, "keep what %s says", write->file);
	}
	*ret = undo;
	return 1;
}

/* An idle group loses its weight. */
const char *resource_undo_companion(const char *file)
{
	return !strcmp(file, "cpu.idle") ? "cpu.weight" : NULL;
}
