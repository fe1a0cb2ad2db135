/* SPDX-License-Identifier: Apache-2.0 */
/*
 * resctrl: a filesystem that behaves as the kernel's resctrl does for what a runtime asks of
 * it: making a directory makes its files, removing it removes them, schemata take lines of
 * known resources and read as the kernel writes them, tasks take pids.
 * Usage: resctrl -f DIRECTORY (with libfuse3)
 */
#define FUSE_USE_VERSION 31
#include <errno.h>
#include <fuse.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { GROUPS = 32, ROOM = 2048 };

static struct group {
	char path[256]; /* "/" or "/a" or "/mon_groups/b" or "/a/mon_groups/b" */
	char schemata[ROOM], tasks[ROOM];
} groups[GROUPS];
static char status[ROOM] = "ok\n";

static struct group *find(const char *path, size_t n)
{
	for (int i = 0; i < GROUPS; i++)
		if (strlen(groups[i].path) == n && !strncmp(groups[i].path, path, n))
			return &groups[i];
	return NULL;
}

static int is_monitor(const struct group *group)
{
	return strstr(group->path, "/mon_groups/") != NULL;
}

/* The directory part of a path: its group, and what comes behind. */
static struct group *group_of(const char *path, const char **name)
{
	const char *slash = strrchr(path, '/');

	*name = slash + 1;
	return find(path, slash == path ? 1 : (size_t)(slash - path));
}

/* A group's own file, or NULL. */
static char *file_of(const char *path)
{
	const char *name;
	struct group *group = group_of(path, &name);

	if (!strcmp(path, "/info/last_cmd_status"))
		return status;
	if (group && !strcmp(name, "schemata") && !is_monitor(group))
		return group->schemata;
	return group && !strcmp(name, "tasks") ? group->tasks : NULL;
}

static int is_directory(const char *path)
{
	const char *name;
	struct group *group = group_of(path, &name);

	return !strcmp(path, "/info") || find(path, strlen(path)) ||
	       (group && !is_monitor(group) && !strcmp(name, "mon_groups"));
}

static int get_attributes(const char *path, struct stat *st, struct fuse_file_info *info)
{
	(void)info;
	memset(st, 0, sizeof *st);
	if (is_directory(path)) {
		st->st_mode = S_IFDIR | 0755;
		st->st_nlink = 2;
	} else if (file_of(path)) {
		st->st_mode = S_IFREG | 0644;
		st->st_nlink = 1;
		st->st_size = (off_t)strlen(file_of(path));
	} else {
		return -ENOENT;
	}
	return 0;
}

static int make(const char *path, mode_t mode)
{
	const char *name;
	struct group *parent = group_of(path, &name), *group = NULL;
	int is_below_mon = 0;

	(void)mode;
	if (!parent) { /* below mon_groups */
		char above[256];

		snprintf(above, sizeof above, "%.*s", (int)(name - 1 - path), path);
		is_below_mon = is_directory(above) && strstr(above, "mon_groups");
		if (!is_below_mon)
			return -ENOENT;
	} else if (strcmp(parent->path, "/") != 0) {
		return -EPERM;
	}
	if (is_directory(path))
		return -EEXIST;
	for (int i = 0; i < GROUPS && !group; i++)
		if (!*groups[i].path)
			group = &groups[i];
	if (!group) {
		snprintf(status, sizeof status, "Out of CLOSIDs\n");
		return -ENOSPC;
	}
	memset(group, 0, sizeof *group);
	snprintf(group->path, sizeof group->path, "%s", path);
	snprintf(group->schemata, ROOM, "    MB:0=100;1=100\n    L3:0=007ff;1=007ff\n");
	return 0;
}

static int drop(const char *path)
{
	struct group *group = find(path, strlen(path));

	if (!group || !strcmp(path, "/"))
		return -EPERM;
	memset(group, 0, sizeof *group);
	return 0;
}

static int read_file(const char *path, char *data, size_t size, off_t at,
		     struct fuse_file_info *info)
{
	const char *text = file_of(path);
	size_t len = text ? strlen(text) : 0;

	(void)info;
	if (!text)
		return -ENOENT;
	if ((size_t)at >= len)
		return 0;
	size = size < len - (size_t)at ? size : len - (size_t)at;
	memcpy(data, text + at, size);
	return (int)size;
}

/* "L3:0=7f0" takes the place of that one number; MB is decimal. */
static int set_schema(struct group *group, const char *line)
{
	char resource[8];
	unsigned values[2] = { 100, 100 }, l3[2] = { 0x7ff, 0x7ff }, *into = values;
	const char *list = strchr(line, ':');

	if (!list || list - line > 7)
		return -1;
	snprintf(resource, sizeof resource, "%.*s", (int)(list - line), line);
	sscanf(group->schemata, " MB:0=%u;1=%u L3:0=%x;1=%x", &values[0], &values[1], &l3[0],
	       &l3[1]);
	if (!strcmp(resource, "L3"))
		into = l3;
	else if (strcmp(resource, "MB") != 0)
		return -1;
	for (list++; *list; list += strcspn(list, ";"), list += *list == ';') {
		unsigned id, value;

		if (sscanf(list, into == l3 ? "%u=%x" : "%u=%u", &id, &value) != 2 || id > 1)
			return -1;
		into[id] = value;
	}
	snprintf(group->schemata, ROOM, "    MB:0=%3u;1=%3u\n    L3:0=%05x;1=%05x\n", values[0],
		 values[1], l3[0], l3[1]);
	return 0;
}

static int write_file(const char *path, const char *data, size_t size, off_t at,
		      struct fuse_file_info *info)
{
	char text[ROOM], *save = NULL;
	const char *name;
	struct group *group = group_of(path, &name);

	(void)info;
	(void)at;
	if (!file_of(path) || size >= sizeof text || !group)
		return -EINVAL;
	snprintf(text, sizeof text, "%.*s", (int)size, data);
	if (!strcmp(name, "tasks")) {
		if (kill(atoi(text), 0) < 0)
			return -ESRCH;
		snprintf(group->tasks + strlen(group->tasks), ROOM - strlen(group->tasks), "%d\n",
			 atoi(text));
		return (int)size;
	}
	if (text[size - 1] != '\n')
		return -EINVAL;
	for (char *line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save))
		if (set_schema(group, line) < 0) {
			snprintf(status, sizeof status, "Unknown schema: %s\n", line);
			return -EINVAL;
		}
	return (int)size;
}

static int list(const char *path, void *buffer, fuse_fill_dir_t fill, off_t at,
		struct fuse_file_info *info, enum fuse_readdir_flags flags)
{
	size_t n = strcmp(path, "/") ? strlen(path) : 0;

	(void)at;
	(void)info;
	(void)flags;
	for (int i = 0; i < GROUPS; i++) {
		const char *rest = groups[i].path + n;

		if (!strncmp(groups[i].path, path, n) && *groups[i].path && *rest == '/' &&
		    rest[1] && !strchr(rest + 1, '/'))
			fill(buffer, rest + 1, NULL, 0, 0);
	}
	return 0;
}

static int open_file(const char *path, struct fuse_file_info *info)
{
	info->direct_io = 1;
	return file_of(path) ? 0 : -ENOENT;
}

static void *start(struct fuse_conn_info *connection, struct fuse_config *config)
{
	(void)connection;
	config->entry_timeout = config->attr_timeout = config->negative_timeout = 0;
	return NULL;
}

static const struct fuse_operations operations = {
	.getattr = get_attributes,
	.mkdir = make,
	.rmdir = drop,
	.open = open_file,
	.read = read_file,
	.write = write_file,
	.readdir = list,
	.init = start,
};

int main(int argc, char *argv[])
{
	snprintf(groups[0].path, sizeof groups[0].path, "/");
	snprintf(groups[0].schemata, ROOM, "    MB:0=100;1=100\n    L3:0=007ff;1=007ff\n");
	return fuse_main(argc, argv, &operations, NULL);
}
