/* SPDX-License-Identifier: Apache-2.0 */
#include "base/path.h"

#include <assert.h>
#include <errno.h>
#include <limits.h>
#include <string.h>

struct normalised {
	char text[PATH_MAX]; /* no slash at the end; empty for "/" */
	size_t len;
};

static int add_component(struct normalised *out, const char *name, size_t len)
{
	if (len == 0 || (len == 1 && name[0] == '.'))
		return 0;
	if (len == 2 && name[0] == '.' && name[1] == '.') {
		while (out->len && out->text[--out->len] != '/')
			;
		return 0;
	}
	if (out->len + 1 + len >= sizeof out->text)
		return -ENAMETOOLONG;
	out->text[out->len++] = '/';
	memcpy(out->text + out->len, name, len);
	out->len += len;
	return 0;
}

static int add_path(struct normalised *out, const char *path)
{
	while (*path) {
		size_t len = strcspn(path, "/");

		TRY(add_component(out, path, len));
		path += len;
		path += *path == '/';
	}
	return 0;
}

int path_absolute(const char *base, const char *path, char **ret, struct error *err)
{
	struct normalised out;
	char *copy;

	assert(base[0] == '/');
	out.len = 0;
	if (path[0] != '/' && add_path(&out, base) < 0)
		return error_errno(err, ENAMETOOLONG, "resolve %.64s...", base);
	if (add_path(&out, path) < 0)
		return error_errno(err, ENAMETOOLONG, "resolve %.64s...", path);
	copy = out.len ? strndup(out.text, out.len) : strdup("/");
	if (!copy)
		return error_errno(err, ENOMEM, "resolve %.64s", path);
	*ret = copy;
	return 0;
}

bool path_is_below(const char *path, const char *parent)
{
	size_t len = strlen(parent);

	if (len == 1)
		return path[0] == '/';
	return !strncmp(path, parent, len) && (path[len] == '\0' || path[len] == '/');
}

const char *path_last(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

size_t path_next_part(const char **path)
{
	*path += strspn(*path, "/");
	return strcspn(*path, "/");
}
