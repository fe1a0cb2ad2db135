/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel/cgroup.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <time.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/fd.h"
#include "base/list.h"
#include "base/path.h"
#include "base/str.h"
#include "kernel/cgroup_make.h"
#include "kernel/cgroup_walk.h"
#include "kernel/procfs.h"
#include "kernel/syscalls.h"

#define FILE_SIZE_MAX	   (4u << 20)
#define MOUNTINFO_SIZE_MAX (64u << 20)

static int open_below(int dir_fd, const char *path, struct error *err)
{
	struct open_how how = {
		.flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC,
		.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_XDEV,
	};
	int fd = sys_openat2(dir_fd, path, &how);

	return fd < 0 ? error_errno(err, errno, "open cgroup %s", path) : fd;
}

static int open_mount(const char *mount, struct error *err)
{
	cleanup_close int fd = open(mount, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct statfs fs;

	if (fd < 0 || fstatfs(fd, &fs) < 0)
		return error_errno(err, errno, "open cgroup mount %s", mount);
	if (fs.f_type != CGROUP2_SUPER_MAGIC)
		return error_set(err, ENOTSUP, "%s is not a cgroup v2 mount", mount);
	return steal_fd(&fd);
}

/* No part of a cgroup's path may lead elsewhere. */
static int check_path(const char *path, struct error *err)
{
	const char *part = path;
	size_t n;

	for (; (n = path_next_part(&part)); part += n)
		if (strncmp(part, "..", n) == 0)
			return error_set(err, EINVAL, "cgroup %s: path may not have . or ..", path);
	return 0;
}

int cgroup_open(const char *mount, const char *path, struct error *err)
{
	cleanup_close int fd = -1;

	TRY(check_path(path, err));
	fd = open_mount(mount, err);
	TRY(fd);
	path += strspn(path, "/");
	return *path ? open_below(fd, path, err) : steal_fd(&fd);
}

int cgroup_write(int cgroup_fd, const char *file, const char *value, struct error *err)
{
	if (strchr(file, '/'))
		return error_set(err, EINVAL, "write cgroup file %s: not a file name", file);
	if (fd_write_file(cgroup_fd, file, value, err) == 0)
		return 0;
	/* Not in errno's words, which engines take for a missing command. */
	if (err->code == ENOENT)
		return error_set(err, ENOENT,
				 "the cgroup has no file %s (its controller is not enabled, or the "
				 "kernel is too old for it)",
				 file);
	return error_prefix(err, "cgroup: ");
}

int cgroup_read(int cgroup_fd, const char *file, char **ret, struct error *err)
{
	if (strchr(file, '/'))
		return error_set(err, EINVAL, "read cgroup file %s: not a file name", file);
	if (fd_read_file(cgroup_fd, file, FILE_SIZE_MAX, ret, NULL, err) < 0)
		return error_prefix(err, "cgroup: ");
	return 0;
}

static int has_child(int parent_fd, const char *name, void *data, struct error *err)
{
	(void)parent_fd;
	(void)data;
	return error_set(err, EBUSY, "container's cgroup is not empty: it has the child cgroup %s",
			 name);
}

/* A cgroup that we did not make must be as good as new. */
static int check_unused(int fd, struct error *err)
{
	const struct cgroup_visitor children = { .leave = has_child };
	cleanup_free int *pids = NULL;
	unsigned long n = 0;
	int frozen;

	TRY(cgroup_processes(fd, &pids, &n, err));
	if (n)
		return error_set(err, EBUSY,
				 "container's cgroup is not empty: %lu process(es) found", n);
	TRY(cgroup_walk(fd, &children, err));
	frozen = cgroup_is_frozen(fd, err);
	if (frozen > 0)
		return error_set(err, EBUSY,
				 "container's cgroup is frozen: thaw it or choose another one");
	return frozen;
}

int cgroup_inode(int cgroup_fd, uint64_t *ret, struct error *err)
{
	struct stat st;

	if (fstat(cgroup_fd, &st) < 0)
		return error_errno(err, errno, "stat cgroup");
	*ret = st.st_ino;
	return 0;
}

int cgroup_check_unused(const char *mount, const char *path, struct error *err)
{
	cleanup_close int fd = cgroup_open(mount, path, err);

	if (fd == -ENOENT)
		return 0;
	TRY(fd);
	if (check_unused(fd, err) < 0)
		return error_prefix(err, "cgroup %s: ", path);
	return 0;
}

int cgroup_create(const char *mount, const char *path, const char *controllers, struct error *err)
{
	cleanup_close int mount_fd = -1, fd = -1;
	bool made = false;

	TRY(check_path(path, err));
	if (!path[strspn(path, "/")])
		return error_set(err, EINVAL, "create cgroup %s: it is the root", path);
	mount_fd = open_mount(mount, err);
	TRY(mount_fd);
	fd = cgroup_make(mount_fd, path, controllers, &made, err);
	TRY(fd);
	if (made)
		return steal_fd(&fd);
	if (check_unused(fd, err) < 0)
		return error_prefix(err, "cgroup %s: ", path);
	close(steal_fd(&fd));
	/* Somebody's record may still name the old one. */
	if (unlinkat(mount_fd, path + strspn(path, "/"), AT_REMOVEDIR) < 0 && errno != ENOENT)
		return error_errno(err, errno, "cgroup %s: make it anew", path);
	fd = cgroup_make(mount_fd, path, controllers, &made, err);
	TRY(fd);
	if (!made)
		return error_set(err, EBUSY, "cgroup %s: someone else makes it too", path);
	return steal_fd(&fd);
}

int cgroup_enable(const char *mount, const char *path, const char *controllers, struct error *err)
{
	cleanup_close int mount_fd = -1, fd = -1;
	bool made = false;

	TRY(check_path(path, err));
	mount_fd = open_mount(mount, err);
	TRY(mount_fd);
	fd = cgroup_make(mount_fd, path, controllers, &made, err);
	TRY(fd);
	if (!made)
		return 0;
	/* It went away between two looks at it: not ours to have again. */
	unlinkat(mount_fd, path + strspn(path, "/"), AT_REMOVEDIR);
	return error_errno(err, ENOENT, "open cgroup %s", path);
}

int cgroup_open_child(int cgroup_fd, const char *path, bool create, struct error *err)
{
	const char *below = path + strspn(path, "/");
	bool made;

	TRY(check_path(path, err));
	if (create)
		return cgroup_make(cgroup_fd, path, NULL, &made, err);
	return open_below(cgroup_fd, *below ? below : ".", err);
}

struct pid_list {
	LIST_OF(int) pids;
};

static int add_processes(int cgroup_fd, void *data, struct error *err)
{
	struct pid_list *list = data;
	cleanup_free char *text = NULL;
	int result = cgroup_read(cgroup_fd, "cgroup.procs", &text, err);

	/* Threaded cgroups name no processes (their domain does); removed ones have none. */
	if (result == -EOPNOTSUPP || result == -ENODEV || result == -ENOENT)
		return 0;
	TRY(result);
	for (char *at = text, *end; *at; at = end + (*end == '\n')) {
		long pid = strtol(at, &end, 10);
		int *item;

		if (end == at)
			break;
		if (pid <= 0) /* outside of our pid namespace */
			continue;
		item = list_add(&list->pids);
		if (!item)
			return error_errno(err, ENOMEM, "list processes of cgroup");
		*item = (int)pid;
	}
	return 0;
}

int cgroup_processes(int cgroup_fd, int **ret, unsigned long *ret_n, struct error *err)
{
	struct pid_list list = { 0 };
	const struct cgroup_visitor reader = { .enter = add_processes, .data = &list };
	int result = cgroup_walk(cgroup_fd, &reader, err);

	if (result < 0) {
		free(list.pids.item);
		return result;
	}
	*ret = list.pids.item;
	*ret_n = list.pids.n;
	return 0;
}

/* A key of cgroup.events, which is 0 or 1. Errors: ENODEV when the cgroup was removed. */
static int read_event(int events_fd, const char *key, struct error *err)
{
	char text[256] = "\n", line[64];
	ssize_t n = pread(events_fd, text + 1, sizeof text - 2, 0);
	char *found;

	if (n < 0)
		return error_errno(err, errno, "read cgroup.events");
	text[n + 1] = '\0';
	snprintf(line, sizeof line, "\n%s ", key);
	found = strstr(text, line);
	if (!found)
		return error_set(err, ENOTSUP, "cgroup.events has no %s", key);
	return found[strlen(line)] == '1';
}

static int open_events(int cgroup_fd, struct error *err)
{
	int fd = openat(cgroup_fd, "cgroup.events", O_RDONLY | O_CLOEXEC);

	return fd < 0 ? error_errno(err, errno, "open cgroup.events") : fd;
}

static int wait_for_event(int cgroup_fd, const char *key, int wanted, int timeout_ms,
			  struct error *err)
{
	cleanup_close int fd = open_events(cgroup_fd, err);
	int64_t deadline = clock_monotonic_ms() + timeout_ms;

	TRY(fd);
	for (;;) {
		struct pollfd wait = { .fd = fd, .events = POLLPRI };
		int value = read_event(fd, key, err);
		int64_t left = deadline - clock_monotonic_ms();

		TRY(value);
		if (value == wanted)
			return 0;
		if (left <= 0)
			return error_set(err, ETIMEDOUT, "cgroup is not %s%s after %d ms",
					 wanted ? "" : "un", key, timeout_ms);
		if (poll(&wait, 1, (int)left) < 0 && errno != EINTR)
			return error_errno(err, errno, "wait for cgroup.events");
	}
}

int cgroup_is_frozen(int cgroup_fd, struct error *err)
{
	cleanup_close int fd = open_events(cgroup_fd, err);

	TRY(fd);
	return read_event(fd, "frozen", err);
}

int cgroup_freeze(int cgroup_fd, bool frozen, int timeout_ms, struct error *err)
{
	struct error ignored;
	int result;

	TRY(cgroup_write(cgroup_fd, "cgroup.freeze", frozen ? "1" : "0", err));
	result = wait_for_event(cgroup_fd, "frozen", frozen, timeout_ms, err);
	if (result == 0)
		return 0;
	/* Half frozen is the worst state of all: nobody would thaw the rest. */
	if (frozen)
		cgroup_write(cgroup_fd, "cgroup.freeze", "0", &ignored);
	else if (result == -ETIMEDOUT)
		return error_prefix(err, "thaw (is a parent frozen?): ");
	return error_prefix(err, frozen ? "freeze: " : "thaw: ");
}

int cgroup_kill(int cgroup_fd, struct error *err)
{
	return cgroup_write(cgroup_fd, "cgroup.kill", "1", err);
}

int cgroup_wait_empty(int cgroup_fd, int timeout_ms, struct error *err)
{
	int result = wait_for_event(cgroup_fd, "populated", 0, timeout_ms, err);

	/* Removed meanwhile: as empty as can be. */
	return result == -ENODEV || result == -ENOENT ? 0 : result;
}

/* The mount points of mountinfo have \040 for a blank. */
static void unescape(char *text)
{
	char *to = text;

	for (const char *at = text; *at; to++) {
		if (at[0] == '\\' && isdigit(at[1]) && isdigit(at[2]) && isdigit(at[3])) {
			*to = (char)((at[1] - '0') * 64 + (at[2] - '0') * 8 + (at[3] - '0'));
			at += 4;
		} else {
			*to = *at++;
		}
	}
	*to = '\0';
}

/* The fifth word of the first line of mountinfo that has " - cgroup2 ". */
static const char *find_in_mountinfo(char *text, char *found)
{
	char *rest = NULL;

	for (char *line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
		if (!strstr(line, " - cgroup2 ") ||
		    sscanf(line, "%*s %*s %*s %*s %4095s", found) != 1)
			continue;
		unescape(found);
		return found;
	}
	return NULL;
}

const char *cgroup_find_mount(char room[PATH_MAX])
{
	static const char *const usual[] = { "/sys/fs/cgroup", "/sys/fs/cgroup/unified" };
	cleanup_free char *text = NULL;
	struct error ignored;
	struct statfs fs;

	for (size_t i = 0; i < sizeof usual / sizeof *usual; i++)
		if (statfs(usual[i], &fs) == 0 && fs.f_type == CGROUP2_SUPER_MAGIC)
			return usual[i];
	if (fd_read_file(AT_FDCWD, "/proc/self/mountinfo", MOUNTINFO_SIZE_MAX, &text, NULL,
			 &ignored) < 0)
		return NULL;
	return find_in_mountinfo(text, room);
}

int cgroup_of_process(int proc_fd, int pid, char **ret, struct error *err)
{
	cleanup_free char *text = NULL;
	char path[32], *rest = NULL;

	snprintf(path, sizeof path, "%d/cgroup", pid);
	TRY(procfs_read(proc_fd, path, FILE_SIZE_MAX, &text, err));
	for (char *line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
		if (strncmp(line, "0::", 3) != 0)
			continue;
		*ret = strdup(line + 3);
		return *ret ? 0 : error_errno(err, ENOMEM, "read /proc/%s", path);
	}
	return error_set(err, ENOENT, "process %d is in no cgroup v2", pid);
}
