/* SPDX-License-Identifier: Apache-2.0 */
#include "storage/storage.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/fd.h"
#include "base/file.h"
#include "base/private_dir.h"
#include "kernel/syscalls.h"
#include "storage/journal.h"

#define FORMAT_FILE    "format"
#define FORMAT	       "ctr store 1\n"
#define LOCK_FILE      "lock"
#define LOCK_WAIT_MS   30000
#define FORMAT_MAX     64
#define DIRECTORY_MODE 0700

static const char *const directories[] = { "templates", "layers",  "tenants",
					   "staging",	"journal", "trash" };

const char *storage_default_path(void)
{
	const char *path = secure_getenv("CTR_STORE");

	return path && *path ? path : "/var/lib/ctr";
}

int storage_path(char ret[STORAGE_PATH_MAX], struct error *err, const char *fmt, ...)
{
	va_list ap;
	int len;

	va_start(ap, fmt);
	len = vsnprintf(ret, STORAGE_PATH_MAX, fmt, ap);
	va_end(ap);
	if (len < 0 || len >= STORAGE_PATH_MAX)
		return error_errno(err, ENAMETOOLONG, "store path %.64s...", ret);
	return 0;
}

int storage_openat(const struct storage *storage, const char *path, int flags, struct error *err)
{
	const struct open_how how = {
		.flags = (unsigned)flags | O_CLOEXEC,
		.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS,
	};
	int fd = (int)sys_openat2(storage->fd, path, &how);

	if (fd < 0)
		return error_errno(err, errno, "open %s/%s", storage->path, path);
	return fd;
}

int storage_exists(const struct storage *storage, const char *path, struct error *err)
{
	struct error inner = { 0 };
	int fd = storage_openat(storage, path, O_PATH, &inner);

	if (fd >= 0) {
		close(fd);
		return 1;
	}
	if (fd == -ENOENT)
		return 0;
	*err = inner;
	return fd;
}

/* The directory of `path`, and its last component. */
static int open_parent(const struct storage *storage, const char *path, const char **ret_last,
		       struct error *err)
{
	const char *slash = strrchr(path, '/');
	char parent[STORAGE_PATH_MAX];

	TRY(storage_path(parent, err, "%.*s", slash ? (int)(slash - path) : 1, slash ? path : "."));
	*ret_last = slash ? slash + 1 : path;
	return storage_openat(storage, parent, O_RDONLY | O_DIRECTORY, err);
}

int storage_rename(const struct storage *storage, const char *from, const char *to, unsigned flags,
		   struct error *err)
{
	cleanup_close int from_fd = -1;
	cleanup_close int to_fd = -1;
	const char *from_name, *to_name;

	from_fd = open_parent(storage, from, &from_name, err);
	TRY(from_fd);
	to_fd = open_parent(storage, to, &to_name, err);
	TRY(to_fd);
	if (renameat2(from_fd, from_name, to_fd, to_name, flags) < 0)
		return error_errno(err, errno, "rename %s/%s to %s", storage->path, from, to);
	return 0;
}

int storage_sync_parent(const struct storage *storage, const char *path, struct error *err)
{
	cleanup_close int fd = -1;
	const char *last;

	fd = open_parent(storage, path, &last, err);
	TRY(fd);
	if (fsync(fd) < 0)
		return error_errno(err, errno, "sync the directory of %s/%s", storage->path, path);
	return 0;
}

int storage_make_directory(const struct storage *storage, const char *path, struct error *err)
{
	cleanup_close int fd = -1;
	const char *last;

	fd = open_parent(storage, path, &last, err);
	TRY(fd);
	if (mkdirat(fd, last, DIRECTORY_MODE) < 0 && errno != EEXIST)
		return error_errno(err, errno, "make %s/%s", storage->path, path);
	return 0;
}

static void close_directory(DIR *dir)
{
	closedir(dir);
}
DEFINE_CLEANUP(DIR *, close_directory)

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static bool is_ordinary(const char *name)
{
	return name[0] != '.';
}

/* As file_replace calls them. */
static bool is_temporary(const char *name)
{
	return !strncmp(name, ".ctr-", 5);
}

static int list(const struct storage *storage, const char *path, bool (*wanted)(const char *name),
		struct strv *ret, struct error *err)
{
	cleanup_with(close_directory) DIR *dir = NULL;
	cleanup_close int fd = -1;
	struct dirent *entry;

	fd = storage_openat(storage, path, O_RDONLY | O_DIRECTORY, err);
	TRY(fd);
	dir = fdopendir(fd);
	if (!dir)
		return error_errno(err, errno, "read %s/%s", storage->path, path);
	steal_fd(&fd);
	for (errno = 0; (entry = readdir(dir)); errno = 0)
		if (wanted(entry->d_name))
			TRY(strv_add(ret, entry->d_name, err));
	if (errno)
		return error_errno(err, errno, "read %s/%s", storage->path, path);
	if (ret->n)
		qsort(ret->item, ret->n, sizeof *ret->item, by_text);
	return 0;
}

int storage_list(const struct storage *storage, const char *path, struct strv *ret,
		 struct error *err)
{
	return list(storage, path, is_ordinary, ret, err);
}

int storage_list_temporary(const struct storage *storage, const char *path, struct strv *ret,
			   struct error *err)
{
	return list(storage, path, is_temporary, ret, err);
}

int storage_new_id(char ret[STORAGE_ID_SIZE], struct error *err)
{
	unsigned long long random;

	if (getrandom(&random, sizeof random, 0) != sizeof random)
		return error_errno(err, errno, "choose an id");
	snprintf(ret, STORAGE_ID_SIZE, "%016llx", random);
	return 0;
}

/* Two commands may make the store at once: every step takes what is there. */
static int make_layout(const struct storage *storage, struct error *err)
{
	for (size_t i = 0; i < sizeof directories / sizeof *directories; i++)
		TRY(storage_make_directory(storage, directories[i], err));
	return file_replace_durable(storage->fd, FORMAT_FILE, FORMAT, strlen(FORMAT), 0600, err);
}

static int check_format(const struct storage *storage, struct error *err)
{
	cleanup_free char *text = NULL;
	size_t len;

	TRY(fd_read_file(storage->fd, FORMAT_FILE, FORMAT_MAX, &text, &len, err));
	if (strcmp(text, FORMAT) != 0)
		return error_set(
			err, ENOTSUP,
			"store %s has another format than this ctr knows: use the ctr that "
			"made it",
			storage->path);
	return 0;
}

/* The format file is written last: a directory without it is no store yet. */
static int open_layout(struct storage *storage, enum storage_open how, struct error *err)
{
	struct error inner = { 0 };
	int r = check_format(storage, &inner);

	if (r == -ENOENT && how == STORAGE_LOOK)
		return error_set(err, ENOENT, "%s is no store yet: import a template first",
				 storage->path);
	if (r == -ENOENT)
		return make_layout(storage, err);
	if (r < 0)
		*err = inner;
	return r;
}

int storage_open(const char *path, enum storage_open how, struct storage *ret, struct error *err)
{
	cleanup_storage struct storage storage = { .fd = -1, .lock_fd = -1 };

	storage.fd = private_dir_open("store", path, how == STORAGE_MAKE, &storage.path, err);
	TRY(storage.fd);
	TRY(open_layout(&storage, how, err));
	*ret = storage;
	storage = (struct storage){ .fd = -1, .lock_fd = -1 };
	return 0;
}

void storage_close(struct storage *storage)
{
	storage_unlock(storage);
	if (storage->fd >= 0)
		close(storage->fd);
	free(storage->path);
	*storage = (struct storage){ .fd = -1, .lock_fd = -1 };
}

/* On a read-only file system the lock file can be locked too, once it is there. */
static int open_lock(const struct storage *storage, struct error *err)
{
	int fd = openat(storage->fd, LOCK_FILE, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);

	if (fd < 0 && (errno == EROFS || errno == EACCES))
		fd = openat(storage->fd, LOCK_FILE, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return error_errno(err, errno, "open %s/" LOCK_FILE, storage->path);
	return fd;
}

int storage_lock(struct storage *storage, bool exclusive, struct error *err)
{
	int r;

	storage->lock_fd = open_lock(storage, err);
	TRY(storage->lock_fd);
	r = file_lock(storage->lock_fd, storage->path, exclusive, LOCK_WAIT_MS, err);
	if (r == -EWOULDBLOCK)
		r = error_set(err, EWOULDBLOCK, "store %s is busy: another command works on it",
			      storage->path);
	storage->exclusive = exclusive;
	if (r == 0 && exclusive)
		r = journal_replay(storage, err);
	if (r < 0)
		storage_unlock(storage);
	return r;
}

/* Explicitly: a helper that was started meanwhile may hold a copy of the descriptor. */
void storage_unlock(struct storage *storage)
{
	if (storage->lock_fd < 0)
		return;
	flock(storage->lock_fd, LOCK_UN);
	close(steal_fd(&storage->lock_fd));
}
