/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel/resctrl.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/fd.h"

enum { FILE_MAX = 65536 };

int resctrl_open(struct error *err)
{
	cleanup_close int fd = open(RESCTRL_PATH, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	/* Without a mount there is an empty directory, or none. */
	if (fd < 0 || faccessat(fd, "schemata", F_OK, 0) < 0)
		return error_set(err, ENOTSUP,
				 "no resctrl filesystem is mounted at " RESCTRL_PATH
				 " (mount -t resctrl resctrl " RESCTRL_PATH
				 ", on a processor that has it)");
	return steal_fd(&fd);
}

static int open_group(int tree_fd, const char *path, struct error *err)
{
	int fd = openat(tree_fd, *path ? path : ".",
			O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	return fd >= 0 ? fd : error_errno(err, errno, "open the resctrl group %s", path);
}

int resctrl_exists(int tree_fd, const char *path)
{
	struct stat st;

	return !*path || fstatat(tree_fd, path, &st, AT_SYMLINK_NOFOLLOW) == 0;
}

/* What the kernel has to say about the last failure, in front of what errno says. */
static int with_reason(int tree_fd, struct error *err)
{
	cleanup_free char *text = NULL;
	struct error ignored;

	if (fd_read_file(tree_fd, "info/last_cmd_status", FILE_MAX, &text, NULL, &ignored) == 0 &&
	    *text && strcmp(text, "ok\n") != 0)
		return error_prefix(err, "%.*s: ", (int)strcspn(text, "\n"), text);
	return -err->code;
}

int resctrl_make(int tree_fd, const char *path, struct error *err)
{
	if (mkdirat(tree_fd, path, 0755) == 0)
		return 0;
	error_errno(err, errno, "make the resctrl group %s", path);
	return with_reason(tree_fd, err);
}

int resctrl_remove(int tree_fd, const char *path, struct error *err)
{
	if (unlinkat(tree_fd, path, AT_REMOVEDIR) == 0 || errno == ENOENT)
		return 0;
	return error_errno(err, errno, "remove the resctrl group %s", path);
}

int resctrl_write_schema(int tree_fd, const char *path, const char *line, struct error *err)
{
	cleanup_close int fd = open_group(tree_fd, path, err);
	cleanup_free char *text = NULL;

	TRY(fd);
	if (asprintf(&text, "%s\n", line) < 0) {
		text = NULL;
		return error_errno(err, ENOMEM, "write the schemata of %s", path);
	}
	if (fd_write_file(fd, "schemata", text, err) == 0)
		return 0;
	error_prefix(err, "\"%.100s\" for the resctrl group %s: ", line, path);
	return with_reason(tree_fd, err);
}

/* The part of `text` behind "NAME:" in the line of this name, or NULL. */
static const char *find_resource(const char *text, const char *name, size_t n)
{
	for (; *text; text += strcspn(text, "\n"), text += *text == '\n') {
		text += strspn(text, " \t");
		if (!strncmp(text, name, n) && text[n] == ':')
			return text + n + 1;
	}
	return NULL;
}

/* The value of the cache or memory `id` in "0=7ff;1=7ff"; -1: there is none. */
static long long find_value(const char *list, unsigned long id)
{
	while (*list && *list != '\n') {
		char *end;

		if (strtoul(list, &end, 10) == id && *end == '=')
			return (long long)strtoull(end + 1, NULL, 16);
		list += strcspn(list, ";\n");
		list += *list == ';';
	}
	return -1;
}

bool resctrl_matches(const char *schemata, const char *line)
{
	size_t n = strcspn(line, ":");
	const char *has = line[n] ? find_resource(schemata, line, n) : NULL;
	const char *wants = line + n + 1;

	while (has && *wants) {
		char *end;
		unsigned long id = strtoul(wants, &end, 10);

		/* Bit masks are hexadecimal, and equal decimals are equal there, too. */
		if (*end != '=' || find_value(has, id) != (long long)strtoull(end + 1, NULL, 16))
			return false;
		wants += strcspn(wants, ";");
		wants += *wants == ';';
	}
	return has;
}

int resctrl_check_schema(int tree_fd, const char *path, const char *line, struct error *err)
{
	cleanup_close int fd = open_group(tree_fd, path, err);
	cleanup_free char *text = NULL;

	TRY(fd);
	TRY(fd_read_file(fd, "schemata", FILE_MAX, &text, NULL, err));
	if (resctrl_matches(text, line))
		return 0;
	return error_set(err, EINVAL, "the resctrl group %s is there, and has not \"%.100s\"", path,
			 line);
}

int resctrl_add_process(int tree_fd, const char *path, pid_t pid, struct error *err)
{
	cleanup_close int fd = open_group(tree_fd, path, err);
	char text[16];

	TRY(fd);
	snprintf(text, sizeof text, "%d", pid);
	if (fd_write_file(fd, "tasks", text, err) == 0)
		return 0;
	error_prefix(err, "resctrl group %s: ", path);
	return with_reason(tree_fd, err);
}
