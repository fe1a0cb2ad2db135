/* SPDX-License-Identifier: Apache-2.0 */
#include "state/store.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/fd.h"
#include "base/file.h"
#include "base/private_dir.h"
#include "kernel/namespace.h"
#include "kernel/procfs.h"

#define STATE_FILE	"state.json"
#define CREATING_FILE	"creating.json" /* state.json until create has succeeded */
#define CONFIG_FILE	"config.json"
#define GATE_FILE	"start.sock" /* gate.c makes it */
#define ID_LENGTH_MAX	128
#define DIRECTORY_FLAGS (O_RDONLY | O_DIRECTORY | O_CLOEXEC)

/* Records that are longer (annotations) are read the slower way. */
#define RECORD_LOOK_MAX 8192

/* A new container's directory is contended only by a delete --force of its id. */
#define RESERVE_TIMEOUT_MS 4000

int store_open(const char *path, bool create, struct store *ret, struct error *err)
{
	cleanup_free char *clean = NULL;
	int fd = private_dir_open("state root", path, create, &clean, err);

	TRY(fd);
	*ret = (struct store){ .fd = fd, .path = steal_ptr(&clean) };
	return 0;
}

void store_close(struct store *store)
{
	if (store->fd >= 0)
		close(store->fd);
	free(store->path);
	*store = (struct store){ .fd = -1 };
}

/*
 * Root of a user namespace that a user has made, as rootless engines do: /run/ctr is not ours. The
 * environment is asked first, because on a host's root it nearly always says no without a look.
 */
static bool is_users_root(const char *runtime_dir)
{
	const char *user = secure_getenv("USER");
	struct error ignored;
	cleanup_close int proc_fd = -1;

	if (!runtime_dir || runtime_dir[0] != '/' || (user && strcmp(user, "root") == 0))
		return false;
	proc_fd = procfs_open(&ignored);
	return proc_fd >= 0 && namespace_in_user(proc_fd);
}

int store_default_path(char **ret, struct error *err)
{
	const char *runtime_dir = secure_getenv("XDG_RUNTIME_DIR");

	if (geteuid() == 0 && !is_users_root(runtime_dir))
		return str_printf(ret, err, "/run/ctr");
	if (!runtime_dir || runtime_dir[0] != '/')
		return error_set(
			err, EINVAL,
			"XDG_RUNTIME_DIR names no absolute path: say --root for the state");
	return str_printf(ret, err, "%s/ctr", runtime_dir);
}

/* Not isalnum(3), which follows the locale. */
static bool is_alphanumeric(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static bool is_id(const char *name)
{
	size_t len = 0;

	if (!is_alphanumeric(name[0]))
		return false;
	for (; name[len]; len++)
		if (len == ID_LENGTH_MAX ||
		    (!is_alphanumeric(name[len]) && !strchr("_.+-", name[len])))
			return false;
	return true;
}

int store_check_id(const char *id, struct error *err)
{
	if (!is_id(id))
		return error_set(
			err, EINVAL,
			"invalid container ID format: wants 1 to %d of A-Z a-z 0-9 _ . + -, "
			"a letter or digit first",
			ID_LENGTH_MAX);
	return 0;
}

/* The lock is on the inode: a directory that was removed while we waited is not the id's. */
static int check_linked(const struct store *store, const char *id, int fd, struct error *err)
{
	struct stat mine, named = { 0 };

	if (fstat(fd, &mine) < 0 ||
	    (fstatat(store->fd, id, &named, AT_SYMLINK_NOFOLLOW) < 0 && errno != ENOENT))
		return error_errno(err, errno, "look at %s/%s", store->path, id);
	if (mine.st_nlink > 0 && mine.st_ino == named.st_ino && mine.st_dev == named.st_dev)
		return 0;
	return error_set(err, ENOENT, "container `%s` does not exist", id);
}

int store_open_container(const struct store *store, const char *id, bool lock, int timeout_ms,
			 struct error *err)
{
	cleanup_close int fd = -1;
	int r;

	TRY(store_check_id(id, err));
	fd = openat(store->fd, id, DIRECTORY_FLAGS | O_NOFOLLOW);
	if (fd < 0 && errno == ENOENT)
		return error_set(err, ENOENT, "container `%s` does not exist", id);
	if (fd < 0)
		return error_errno(err, errno, "open %s/%s", store->path, id);
	if (!lock)
		return steal_fd(&fd);
	r = file_lock(fd, id, 1, timeout_ms, err);
	if (r == -EWOULDBLOCK)
		return error_set(err, EWOULDBLOCK,
				 "container `%s` is busy: another command works on it", id);
	TRY(r);
	TRY(check_linked(store, id, fd, err));
	return steal_fd(&fd);
}

int store_reserve(const struct store *store, const char *id, struct error *err)
{
	int fd;

	TRY(store_check_id(id, err));
	if (mkdirat(store->fd, id, 0700) < 0)
		return errno == EEXIST ?
			       error_set(err, EEXIST, "container with given ID already exists") :
			       error_errno(err, errno, "make %s/%s", store->path, id);
	fd = store_open_container(store, id, true, RESERVE_TIMEOUT_MS, err);
	if (fd == -ENOENT)
		return error_set(err, EBUSY, "container `%s` was deleted while it was made", id);
	if (fd < 0)
		unlinkat(store->fd, id, AT_REMOVEDIR);
	return fd;
}

void store_unlock(int container_fd)
{
	flock(container_fd, LOCK_UN);
}

int store_is_locked(int container_fd)
{
	if (flock(container_fd, LOCK_SH | LOCK_NB) < 0)
		return errno == EWOULDBLOCK;
	flock(container_fd, LOCK_UN);
	return 0;
}

/* A file in a directory that we hold locked; nobody reads it before we are done. */
static int write_new(int container_fd, const char *name, const char *text, size_t len,
		     struct error *err)
{
	cleanup_close int fd = openat(container_fd, name,
				      O_WRONLY | O_CREAT | O_NOFOLLOW | O_NOCTTY | O_CLOEXEC, 0600);

	if (fd < 0)
		return error_errno(err, errno, "make %s", name);
	TRY(fd_write_all(fd, name, text, len, err));
	if (ftruncate(fd, (off_t)len) < 0)
		return error_errno(err, errno, "write %s", name);
	return 0;
}

/*
 * While it grows a record is written over itself: it gets longer, so whenever the creator is
 * killed, the file holds a whole record. Its last name makes it complete.
 */
int store_save(int container_fd, const struct store_record *record, struct error *err)
{
	cleanup_free char *text = NULL;

	TRY(json_encode(&store_record_schema, record, JSON_COMPACT, &text, err));
	if (record->complete && faccessat(container_fd, CREATING_FILE, F_OK, 0) < 0)
		return file_replace(container_fd, STATE_FILE, text, strlen(text), 0600, err);
	TRY(write_new(container_fd, CREATING_FILE, text, strlen(text), err));
	if (record->complete && renameat(container_fd, CREATING_FILE, container_fd, STATE_FILE) < 0)
		return error_errno(err, errno, "rename " CREATING_FILE);
	return 0;
}

/* What is on record is killed: never the root, and nothing that leads elsewhere. */
static bool is_cgroup_path(const char *path)
{
	return path[0] == '/' && path[strspn(path, "/")] && !strstr(path, "/../") &&
	       (strlen(path) < 3 || strcmp(path + strlen(path) - 3, "/..") != 0);
}

int store_load(int container_fd, struct store_record *ret, struct error *err)
{
	struct store_record record = { 0 };
	cleanup_free char *text = NULL;
	size_t len;
	int r = fd_read_file(container_fd, STATE_FILE, JSON_SIZE_MAX, &text, &len, err);

	if (r == -ENOENT)
		r = fd_read_file(container_fd, CREATING_FILE, JSON_SIZE_MAX, &text, &len, err);
	/* The record comes first and goes with its directory: alone, the config is a remainder. */
	if (r == -ENOENT && faccessat(container_fd, CONFIG_FILE, F_OK, 0) == 0)
		return error_set(err, EINVAL,
				 STATE_FILE " is missing (delete --force removes the container)");
	TRY(r);
	if (json_decode(&store_record_schema, text, len, &record, err) < 0) {
		store_record_release(&record);
		return error_prefix(err, STATE_FILE
				    " is damaged (delete --force removes the container): ");
	}
	if (record.cgroup_path && !is_cgroup_path(record.cgroup_path)) {
		store_record_release(&record);
		return error_set(err, EINVAL,
				 STATE_FILE " is damaged: cgroupPath (delete --force "
					    "removes the container)");
	}
	*ret = record;
	return 0;
}

int store_look(const struct store *store, const char *id, struct store_record *ret,
	       struct error *err)
{
	char text[RECORD_LOOK_MAX], path[ID_LENGTH_MAX + sizeof "/" STATE_FILE];
	struct store_record record = { 0 };
	cleanup_close int fd = -1;
	ssize_t n;

	snprintf(path, sizeof path, "%s/" STATE_FILE, id);
	fd = openat(store->fd, path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	n = fd < 0 ? -1 : read(fd, text, sizeof text);
	if (n < 0)
		return error_errno(err, errno, "read %s", path);
	if (n == sizeof text)
		return error_set(err, EFBIG, "%s is long", path);
	if (json_decode(&store_record_schema, text, (size_t)n, &record, err) < 0 ||
	    strcmp(record.id, id) != 0) {
		store_record_release(&record);
		return error_set(err, EINVAL, "%s is damaged", path);
	}
	*ret = record;
	return 0;
}

bool store_is_started(const struct store *store, const char *id)
{
	char path[ID_LENGTH_MAX + sizeof "/" GATE_FILE];

	snprintf(path, sizeof path, "%s/" GATE_FILE, id);
	return faccessat(store->fd, path, F_OK, 0) < 0 && errno == ENOENT;
}

int store_save_config(int container_fd, const char *text, size_t len, struct error *err)
{
	return write_new(container_fd, CONFIG_FILE, text, len, err);
}

int store_load_config(int container_fd, char **ret, size_t *ret_len, struct error *err)
{
	return fd_read_file(container_fd, CONFIG_FILE, JSON_SIZE_MAX, ret, ret_len, err);
}

static void remove_known_files(int root_fd, const char *id)
{
	static const char *const names[] = { STATE_FILE, CONFIG_FILE, GATE_FILE };
	cleanup_close int fd = openat(root_fd, id, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	for (size_t i = 0; fd >= 0 && i < sizeof names / sizeof *names; i++)
		unlinkat(fd, names[i], 0);
}

int store_remove(const struct store *store, const char *id, struct error *err)
{
	TRY(store_check_id(id, err));
	/* What is there as a rule, without looking; whatever else is there goes the long way. */
	remove_known_files(store->fd, id);
	if (unlinkat(store->fd, id, AT_REMOVEDIR) == 0)
		return 0;
	return file_remove_tree(store->fd, id, err);
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void close_directory(DIR *dir)
{
	closedir(dir);
}
DEFINE_CLEANUP(DIR *, close_directory)

/* Names that are no ids (".cache") and plain files are not containers. */
static int add_ids(DIR *dir, struct strv *ids, struct error *err)
{
	struct dirent *entry;

	errno = 0;
	while ((entry = readdir(dir))) {
		if ((entry->d_type == DT_DIR || entry->d_type == DT_UNKNOWN) &&
		    is_id(entry->d_name))
			TRY(strv_add(ids, entry->d_name, err));
		errno = 0;
	}
	return errno ? error_errno(err, errno, "read the state root") : 0;
}

int store_list(const struct store *store, struct strv *ret, struct error *err)
{
	cleanup_close int fd = openat(store->fd, ".", DIRECTORY_FLAGS);
	cleanup_with(close_directory) DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	cleanup_strv struct strv ids = { 0 };

	if (!dir)
		return error_errno(err, errno, "open the state root %s", store->path);
	steal_fd(&fd);
	TRY(add_ids(dir, &ids, err));
	if (ids.n)
		qsort(ids.item, ids.n, sizeof *ids.item, compare_names);
	*ret = ids;
	ids = (struct strv){ 0 };
	return 0;
}

int store_open_cache(const struct store *store, const char *name, struct error *err)
{
	int fd;

	if (mkdirat(store->fd, name, 0700) < 0 && errno != EEXIST)
		return error_errno(err, errno, "make %s/%s", store->path, name);
	fd = openat(store->fd, name, DIRECTORY_FLAGS | O_NOFOLLOW);
	return fd >= 0 ? fd : error_errno(err, errno, "open %s/%s", store->path, name);
}

int store_boot_id(char ret[37], struct error *err)
{
	cleanup_free char *text = NULL;
	size_t len;

	TRY(fd_read_file(AT_FDCWD, "/proc/sys/kernel/random/boot_id", 64, &text, &len, err));
	if (len < 36)
		return error_set(err, EINVAL, "boot_id has %zu bytes instead of 36", len);
	memcpy(ret, text, 36);
	ret[36] = '\0';
	return 0;
}

int store_is_this_boot(struct store *store, const char *boot_id, struct error *err)
{
	if (!boot_id)
		return 1;
	if (!store->boot_id[0])
		TRY(store_boot_id(store->boot_id, err));
	return strcmp(store->boot_id, boot_id) == 0;
}
