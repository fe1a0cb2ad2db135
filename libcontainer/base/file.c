/* SPDX-License-Identifier: Apache-2.0 */
#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/fd.h"

#define TREE_DEPTH_MAX 512 /* each level keeps a descriptor open */

struct replacement {
	int dir_fd;
	const char *name;
	const void *data;
	size_t len;
	mode_t mode;
	bool durable;
	char dir[PATH_MAX]; /* of the name, below dir_fd */
	char temporary[PATH_MAX];
};

static int name_temporary(struct replacement *r, struct error *err)
{
	const char *slash = strrchr(r->name, '/');
	const int dir_len = slash ? (int)(slash - r->name) + 1 : 0;
	uint64_t random;

	if (getrandom(&random, sizeof random, 0) != sizeof random)
		return error_errno(err, errno, "name a temporary file");
	snprintf(r->dir, sizeof r->dir, "%.*s", dir_len ? dir_len : 1, dir_len ? r->name : ".");
	if (snprintf(r->temporary, sizeof r->temporary, "%.*s.ctr-%016llx", dir_len, r->name,
		     (unsigned long long)random) >= (int)sizeof r->temporary)
		return error_errno(err, ENAMETOOLONG, "write %.64s...", r->name);
	return 0;
}

static int write_temporary(const struct replacement *r, struct error *err)
{
	cleanup_close int fd = openat(r->dir_fd, r->temporary,
				      O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);

	if (fd < 0)
		return error_errno(err, errno, "create %s", r->name);
	TRY(fd_write_all(fd, r->name, r->data, r->len, err));
	/* Not at creation: the umask would have its say. */
	if (fchmod(fd, r->mode) < 0)
		return error_errno(err, errno, "set the mode of %s", r->name);
	if (r->durable && fsync(fd) < 0)
		return error_errno(err, errno, "sync %s", r->name);
	return 0;
}

static int sync_directory(const struct replacement *r, struct error *err)
{
	cleanup_close int fd = openat(r->dir_fd, r->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0 || fsync(fd) < 0)
		return error_errno(err, errno, "sync the directory of %s", r->name);
	return 0;
}

static int replace(struct replacement *r, struct error *err)
{
	int result;

	TRY(name_temporary(r, err));
	result = write_temporary(r, err);
	if (result == 0 && renameat(r->dir_fd, r->temporary, r->dir_fd, r->name) < 0)
		result = error_errno(err, errno, "replace %s", r->name);
	if (result < 0) {
		unlinkat(r->dir_fd, r->temporary, 0);
		return result;
	}
	return r->durable ? sync_directory(r, err) : 0;
}

int file_replace(int dir_fd, const char *name, const void *data, size_t len, mode_t mode,
		 struct error *err)
{
	struct replacement r = {
		.dir_fd = dir_fd,
		.name = name,
		.data = data,
		.len = len,
		.mode = mode,
	};

	return replace(&r, err);
}

int file_replace_durable(int dir_fd, const char *name, const void *data, size_t len, mode_t mode,
			 struct error *err)
{
	struct replacement r = {
		.dir_fd = dir_fd,
		.name = name,
		.data = data,
		.len = len,
		.mode = mode,
		.durable = true,
	};

	return replace(&r, err);
}

static int64_t now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * INT64_C(1000000) + t.tv_nsec / 1000;
}

/* flock(2) cannot wait for a limited time: ask again, first after 100 us, at most each 10 ms. */
int file_lock(int fd, const char *name, int exclusive, int timeout_ms, struct error *err)
{
	const int64_t end = now_us() + timeout_ms * INT64_C(1000);
	useconds_t pause = 100;

	while (flock(fd, (exclusive ? LOCK_EX : LOCK_SH) | LOCK_NB) < 0) {
		if (errno == EINTR)
			continue;
		if (errno != EWOULDBLOCK)
			return error_errno(err, errno, "lock %s", name);
		if (now_us() >= end)
			return error_set(err, EWOULDBLOCK, "lock %s: in use by another process",
					 name);
		usleep(pause);
		pause = pause < 5000 ? 2 * pause : 10000;
	}
	return 0;
}

/* One component, which is a directory of the same mount and not a link. */
static int open_below(int dir_fd, const char *name)
{
	const struct open_how how = {
		.flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK,
		.resolve = RESOLVE_NO_XDEV | RESOLVE_NO_SYMLINKS | RESOLVE_BENEATH,
	};

	return syscall(SYS_openat2, dir_fd, name, &how, sizeof how);
}

static void close_directory(DIR *dir)
{
	closedir(dir);
}
DEFINE_CLEANUP(DIR *, close_directory)

static int remove_entry(int dir_fd, const char *name, int depth, struct error *err);

static int remove_entries(int fd, const char *name, int depth, struct error *err)
{
	cleanup_close int own = fd;
	cleanup_with(close_directory) DIR *dir = fdopendir(fd);
	struct dirent *entry;

	if (!dir)
		return error_errno(err, errno, "read %s", name);
	steal_fd(&own); /* closedir closes it */
	for (errno = 0; (entry = readdir(dir)); errno = 0)
		if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, ".."))
			TRY(remove_entry(fd, entry->d_name, depth + 1, err));
	return errno ? error_errno(err, errno, "read %s", name) : 0;
}

static int remove_directory(int dir_fd, const char *name, int depth, struct error *err)
{
	if (depth > TREE_DEPTH_MAX)
		return error_set(err, ELOOP, "remove %s: more than %d directories deep", name,
				 TREE_DEPTH_MAX);
	/* Entries may slip past readdir while others vanish: look again, but not for ever. */
	for (int i = 0; i < 16; i++) {
		int fd = open_below(dir_fd, name);

		if (fd < 0 && errno == ENOENT)
			return 0;
		if (fd < 0 && errno == EXDEV)
			return error_set(err, EBUSY, "remove %s: something is mounted on it", name);
		if (fd < 0)
			return error_errno(err, errno, "open %s", name);
		TRY(remove_entries(fd, name, depth, err));
		if (unlinkat(dir_fd, name, AT_REMOVEDIR) == 0 || errno == ENOENT)
			return 0;
		if (errno != ENOTEMPTY)
			break;
	}
	return error_errno(err, errno, "remove %s", name);
}

static int remove_entry(int dir_fd, const char *name, int depth, struct error *err)
{
	if (unlinkat(dir_fd, name, 0) == 0 || errno == ENOENT)
		return 0;
	if (errno != EISDIR)
		return error_errno(err, errno, "remove %s", name);
	return remove_directory(dir_fd, name, depth, err);
}

int file_remove_tree(int dir_fd, const char *name, struct error *err)
{
	const char *slash = strrchr(name, '/');
	const char *last = slash ? slash + 1 : name;
	cleanup_free char *parent = slash ? strndup(name, slash - name + 1) : strdup(".");
	cleanup_close int fd = -1;

	if (!parent)
		return error_errno(err, ENOMEM, "remove %s", name);
	if (!*last || !strcmp(last, ".") || !strcmp(last, ".."))
		return error_set(err, EINVAL, "remove '%s': names no entry of a directory", name);
	/* Only the last component is held to its mount: the way to it may cross some. */
	fd = openat(dir_fd, parent, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 && errno == ENOENT)
		return 0;
	if (fd < 0)
		return error_errno(err, errno, "open %s", parent);
	if (remove_entry(fd, last, 1, err) < 0)
		return error_prefix(err, "remove %s: ", name);
	return 0;
}
