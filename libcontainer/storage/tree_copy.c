/* SPDX-License-Identifier: Apache-2.0 */
#include "storage/tree_copy.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "kernel/syscalls.h"
#include "storage/entry_rule.h"
#include "storage/tree_file.h"
#include "storage/tree_links.h"

#define TELL_ENTRIES 512

/* One walk. The path names the present entry, for errors and for the choice. */
struct walk {
	struct tree_copy *copy;
	struct tree_links *links;
	int target_root;
	char path[ENTRY_RULE_PATH_MAX];
	size_t path_len;
	int depth;
};

/* The directory that an entry is taken from, and the one it goes to. */
struct place {
	int source, target;
};

static void close_directory(DIR *dir)
{
	closedir(dir);
}
DEFINE_CLEANUP(DIR *, close_directory)

static int fail(const struct walk *w, int code, const char *what, struct error *err)
{
	return error_errno(err, code, "%s %.400s", what, w->path_len ? w->path : "the root");
}

static int check_limits(const struct walk *w, struct error *err)
{
	const struct tree_copy *c = w->copy;

	if (c->max_bytes && c->progress.bytes > c->max_bytes)
		return error_set(err, EFBIG, "%s: more than %llu bytes (--max-size)", w->path,
				 (unsigned long long)c->max_bytes);
	if (c->max_entries && c->progress.entries > c->max_entries)
		return error_set(err, EFBIG, "%s: more than %llu entries (--max-entries)", w->path,
				 (unsigned long long)c->max_entries);
	return 0;
}

static int count(struct walk *w, uint64_t bytes, struct error *err)
{
	struct tree_progress *progress = &w->copy->progress;

	progress->entries++;
	progress->bytes += bytes;
	if (w->copy->tell && progress->entries % TELL_ENTRIES == 0)
		w->copy->tell(w->copy->tell_data, progress);
	return check_limits(w, err);
}

static int copy_file(struct walk *w, struct place at, const char *name, const struct stat *st,
		     struct error *err)
{
	cleanup_close int from = -1;
	cleanup_close int to = -1;
	struct stat now;
	int r;

	TRY(count(w, (uint64_t)st->st_size, err));
	from = openat(at.source, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (from < 0 || fstat(from, &now) < 0)
		return fail(w, errno, "open", err);
	if (now.st_ino != st->st_ino || !S_ISREG(now.st_mode))
		return error_set(err, EAGAIN, "%s was replaced while it was copied", w->path);
	to = openat(at.target, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (to < 0)
		return fail(w, errno, "make", err);
	r = tree_file_copy_data(from, to, now.st_size);
	if (r < 0)
		return fail(w, -r, "copy", err);
	w->copy->progress.shared += r ? (uint64_t)now.st_size : 0;
	r = tree_file_copy_attributes(from, to, &now);
	return r < 0 ? fail(w, -r, "set the attributes of", err) : 0;
}

static int copy_symlink(struct walk *w, struct place at, const char *name, const struct stat *st,
			struct error *err)
{
	char target[ENTRY_RULE_PATH_MAX];
	ssize_t len = readlinkat(at.source, name, target, sizeof target - 1);

	TRY(count(w, 0, err));
	if (len < 0)
		return fail(w, errno, "read the link", err);
	target[len] = '\0';
	if (symlinkat(target, at.target, name) < 0)
		return fail(w, errno, "make the link", err);
	return tree_file_set_node(at.target, name, st) < 0 ?
		       fail(w, errno, "set the attributes of", err) :
		       0;
}

static int copy_fifo(struct walk *w, struct place at, const char *name, const struct stat *st,
		     struct error *err)
{
	TRY(count(w, 0, err));
	if (mkfifoat(at.target, name, 0600) < 0 ||
	    fchmodat(at.target, name, st->st_mode & 07777, 0) < 0)
		return fail(w, errno, "make", err);
	return tree_file_set_node(at.target, name, st) < 0 ?
		       fail(w, errno, "set the attributes of", err) :
		       0;
}

static int copy_entries(struct walk *w, struct place at, struct error *err);

/* One component, which is a directory and not a link. */
static int open_directory(int dir_fd, const char *name, bool crosses_mounts)
{
	const struct open_how how = {
		.flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK,
		.resolve = RESOLVE_NO_SYMLINKS | RESOLVE_BENEATH |
			   (crosses_mounts ? 0 : RESOLVE_NO_XDEV),
	};

	return (int)sys_openat2(dir_fd, name, &how);
}

/* The attributes last: making entries changes the times, and an ACL may forbid what follows. */
static int finish_directory(struct walk *w, struct place at, const struct stat *st,
			    struct error *err)
{
	int r = tree_file_copy_attributes(at.source, at.target, st);

	return r < 0 ? fail(w, -r, "set the attributes of", err) : 0;
}

static int set_nothing(int dir_fd, const char *name)
{
	static const struct timespec never[2];

	return utimensat(dir_fd, name, never, AT_SYMLINK_NOFOLLOW);
}

static int copy_directory(struct walk *w, struct place at, const char *name, bool empty,
			  struct error *err)
{
	cleanup_close int from = open_directory(at.source, name, w->copy->crosses_mounts);
	cleanup_close int to = -1;
	bool other_mount = from < 0 && errno == EXDEV;
	struct place below;
	struct stat st;

	TRY(count(w, 0, err));
	if (from < 0 && !other_mount)
		return fail(w, errno, "open", err);
	if (mkdirat(at.target, name, other_mount ? 0755 : 0700) < 0)
		return fail(w, errno, "make", err);
	if (other_mount) /* always the same, for the digest */
		return set_nothing(at.target, name) < 0 ? fail(w, errno, "set the times of", err) :
							  0;
	to = open_directory(at.target, name, false);
	if (to < 0 || fstat(from, &st) < 0)
		return fail(w, errno, "open", err);
	below = (struct place){ from, to };
	if (!empty)
		TRY(copy_entries(w, below, err));
	return finish_directory(w, below, &st, err);
}

static int copy_taken(struct walk *w, struct place at, const char *name, const struct stat *st,
		      struct error *err)
{
	if (st->st_nlink > 1) {
		int r = tree_links_take(w->links, st, w->path, w->target_root, at.target, name,
					err);

		if (r != 0)
			return r < 0 ? r : count(w, 0, err);
	}
	switch (st->st_mode & S_IFMT) {
	case S_IFREG:
		return copy_file(w, at, name, st, err);
	case S_IFLNK:
		return copy_symlink(w, at, name, st, err);
	default:
		return copy_fifo(w, at, name, st, err);
	}
}

static int copy_entry(struct walk *w, struct place at, const char *name, struct error *err)
{
	enum tree_choice choice = TREE_TAKE;
	enum entry_rule_kind kind;
	struct stat st;

	if (fstatat(at.source, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return errno == ENOENT ? 0 : fail(w, errno, "stat", err);
	if (w->copy->choose)
		choice = w->copy->choose(w->copy->choose_data, w->path, &st);
	if (choice == TREE_LEAVE_OUT)
		return 0;
	kind = entry_rule_kind(st.st_mode, st.st_rdev, st.st_uid, st.st_gid);
	if (entry_rule_reason(kind))
		return error_set(err, EINVAL, "%.300s may not enter a layer: %s", w->path,
				 entry_rule_reason(kind));
	if (kind == ENTRY_RULE_LEAVE_OUT) {
		w->copy->left_out++;
		return 0;
	}
	if (S_ISDIR(st.st_mode))
		return copy_directory(w, at, name, choice == TREE_TAKE_EMPTY, err);
	return copy_taken(w, at, name, &st, err);
}

/* With the name at the end of the path while the entry is copied. */
static int copy_named(struct walk *w, struct place at, const char *name, struct error *err)
{
	size_t before = w->path_len, len = strlen(name);
	int r;

	if (before + len + 2 > sizeof w->path || w->depth > ENTRY_RULE_DEPTH_MAX)
		return fail(w, ENAMETOOLONG, "copy what is in", err);
	if (before)
		w->path[w->path_len++] = '/';
	memcpy(w->path + w->path_len, name, len + 1);
	w->path_len += len;
	w->depth++;
	r = copy_entry(w, at, name, err);
	w->depth--;
	w->path_len = before;
	w->path[before] = '\0';
	return r;
}

static int copy_entries(struct walk *w, struct place at, struct error *err)
{
	cleanup_with(close_directory) DIR *dir = NULL;
	cleanup_close int own = openat(at.source, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct dirent *entry;

	dir = own < 0 ? NULL : fdopendir(own);
	if (!dir)
		return fail(w, errno, "read", err);
	steal_fd(&own);
	for (errno = 0; (entry = readdir(dir)); errno = 0)
		if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, ".."))
			TRY(copy_named(w, at, entry->d_name, err));
	return errno ? fail(w, errno, "read", err) : 0;
}

int tree_copy(struct tree_copy *copy, int source_fd, int target_fd, struct error *err)
{
	cleanup_tree_links struct tree_links links = { 0 };
	struct walk w = { .copy = copy, .links = &links, .target_root = target_fd };
	struct place at = { source_fd, target_fd };
	struct stat st;

	if (fstat(source_fd, &st) < 0)
		return fail(&w, errno, "stat", err);
	copy->progress = (struct tree_progress){ 0 };
	TRY(copy_entries(&w, at, err));
	TRY(finish_directory(&w, at, &st, err));
	if (copy->tell)
		copy->tell(copy->tell_data, &copy->progress);
	return 0;
}
