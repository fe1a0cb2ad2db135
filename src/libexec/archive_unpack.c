/* SPDX-License-Identifier: Apache-2.0 */
#include "archive_unpack.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/path.h"
#include "archive_meta.h"
#include "archive_report.h"
#include "archive_tree.h"
#include "storage/entry_rule.h"

struct unpacking {
	struct archive_unpack *what;
	struct archive_stream stream;
	struct archive *reader;
	struct archive_tree tree;
};

static void release(struct unpacking *u)
{
	archive_tree_release(&u->tree);
	archive_read_free(u->reader);
	archive_stream_close(&u->stream);
}
#define cleanup_unpacking __attribute__((__cleanup__(release)))

static int reader_failed(struct unpacking *u, struct error *err)
{
	const char *why = archive_error_string(u->reader);

	return error_set(err, EINVAL, "it cannot be read as a tar archive: %.200s",
			 why ? why : "it is damaged");
}

static int remember_directory(struct unpacking *u, const char *path, struct archive_entry *entry,
			      struct error *err)
{
	struct timespec times[2];

	archive_meta_times(entry, times);
	return archive_tree_remember(&u->tree, path, times, err);
}

static int make_directory(struct unpacking *u, const char *path, struct archive_place *place,
			  struct archive_entry *entry, struct error *err)
{
	cleanup_close int fd = archive_tree_directory(place, err);

	TRY(fd);
	TRY(archive_meta_set(fd, entry, err));
	return remember_directory(u, path, entry, err);
}

static int set_root(struct unpacking *u, struct archive_entry *entry, struct error *err)
{
	if (archive_entry_filetype(entry) != AE_IFDIR || archive_entry_hardlink(entry))
		return error_set(err, EINVAL,
				 "it would replace the root by something else than a "
				 "directory");
	TRY(archive_meta_set(u->what->root, entry, err));
	return remember_directory(u, ".", entry, err);
}

/* Holes are as the archive has them: only what it holds is written. */
static int write_data(struct unpacking *u, int fd, int64_t size, struct error *err)
{
	const void *block;
	int64_t offset;
	size_t len;
	int r;

	while ((r = archive_read_data_block(u->reader, &block, &len, &offset)) == ARCHIVE_OK ||
	       r == ARCHIVE_WARN) {
		if (offset < 0 || (int64_t)len > size || offset > size - (int64_t)len)
			return error_set(err, EINVAL, "its data is longer than it says");
		for (size_t done = 0; done < len;) {
			ssize_t n = pwrite(fd, (const char *)block + done, len - done,
					   offset + (int64_t)done);

			if (n < 0)
				return error_errno(err, errno, "write");
			done += (size_t)n;
		}
	}
	return r == ARCHIVE_EOF ? 0 : reader_failed(u, err);
}

/* The length counts before it is written: a bomb says it, or is cut off at what it said. */
static int make_file(struct unpacking *u, const struct archive_place *place,
		     struct archive_entry *entry, struct error *err)
{
	int64_t size = archive_entry_size_is_set(entry) ? archive_entry_size(entry) : 0;
	cleanup_close int fd = -1;

	if (size < 0)
		return error_set(err, EINVAL, "its length is negative");
	TRY(archive_job_count(u->what->job, 0, (uint64_t)size, err));
	u->what->bytes += (uint64_t)size;
	TRY(archive_tree_clear(place, err));
	fd = openat(place->parent, place->name,
		    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return error_errno(err, errno, "make the file");
	TRY(write_data(u, fd, size, err));
	if (ftruncate(fd, size) < 0)
		return error_errno(err, errno, "set its length");
	return archive_meta_set(fd, entry, err);
}

static int make_symlink(const struct archive_place *place, struct archive_entry *entry,
			struct error *err)
{
	const char *target = archive_entry_symlink(entry);

	if (!target || !*target || strlen(target) >= ENTRY_RULE_PATH_MAX)
		return error_set(err, EINVAL, "it is a link to nowhere");
	TRY(archive_tree_clear(place, err));
	if (symlinkat(target, place->parent, place->name) < 0)
		return error_errno(err, errno, "make the link");
	return archive_meta_set_node(place, entry, err);
}

static int make_fifo(const struct archive_place *place, struct archive_entry *entry,
		     struct error *err)
{
	TRY(archive_tree_clear(place, err));
	if (mknodat(place->parent, place->name, S_IFIFO | 0600, 0) < 0)
		return error_errno(err, errno, "make the FIFO");
	return archive_meta_set_node(place, entry, err);
}

/* Attributes that a link's entry brings are those of its target: they stay as they are. */
static int make_hard_link(struct unpacking *u, const struct archive_place *place, const char *path,
			  const char *given, struct error *err)
{
	char target[ENTRY_RULE_PATH_MAX];

	TRY(entry_rule_path(given, target, err));
	if (!strcmp(target, path))
		return error_set(err, EINVAL, "it is a link to itself");
	return archive_tree_link(&u->tree, target, place, err);
}

static int check_kind(struct unpacking *u, struct archive_entry *entry, struct error *err)
{
	enum entry_rule_kind kind =
		entry_rule_kind(archive_entry_filetype(entry), archive_entry_rdev(entry),
				archive_entry_uid(entry), archive_entry_gid(entry));

	if (entry_rule_reason(kind))
		return error_set(err, EINVAL, "%s", entry_rule_reason(kind));
	if (kind == ENTRY_RULE_LEAVE_OUT)
		u->what->left_out++;
	return kind == ENTRY_RULE_LEAVE_OUT;
}

/* 1: this is no entry to make. */
static int take_mark(struct unpacking *u, const char *path, struct archive_place *place,
		     struct error *err)
{
	enum entry_rule_mark mark = entry_rule_mark(place->name);
	char hidden[ENTRY_RULE_PATH_MAX];

	if (mark == ENTRY_RULE_PLAIN)
		return 0;
	if (!u->what->whiteouts)
		return error_set(err, EINVAL,
				 "its name is that of a whiteout, which only an image may have");
	switch (mark) {
	case ENTRY_RULE_OPAQUE:
		TRY(archive_tree_opaque(place->parent, err));
		return 1;
	case ENTRY_RULE_WHITEOUT:
		memcpy(hidden, path, (size_t)(place->name - path));
		strcpy(hidden + (place->name - path), place->name + ENTRY_RULE_WHITEOUT_PREFIX);
		place->name += ENTRY_RULE_WHITEOUT_PREFIX;
		TRY(archive_tree_whiteout(&u->tree, hidden, place, err));
		return 1;
	case ENTRY_RULE_AUFS:
		return 1;
	default:
		return error_set(err, EINVAL, "it is a whiteout of nothing");
	}
}

static int make_entry(struct unpacking *u, const char *path, struct archive_place *place,
		      struct archive_entry *entry, struct error *err)
{
	switch (archive_entry_filetype(entry)) {
	case AE_IFDIR:
		return make_directory(u, path, place, entry, err);
	case AE_IFREG:
		return make_file(u, place, entry, err);
	case AE_IFLNK:
		return make_symlink(place, entry, err);
	default:
		return make_fifo(place, entry, err);
	}
}

static int unpack_entry(struct unpacking *u, struct archive_entry *entry, struct error *err)
{
	const char *link = archive_entry_hardlink(entry);
	char path[ENTRY_RULE_PATH_MAX];
	struct archive_place place;
	int r;

	TRY(archive_job_count(u->what->job, 1, 0, err));
	TRY(entry_rule_path(archive_entry_pathname(entry), path, err));
	if (!*path)
		return set_root(u, entry, err);
	TRY(archive_tree_place(&u->tree, path, &place, err));
	r = take_mark(u, path, &place, err);
	if (r != 0)
		return r < 0 ? r : 0;
	u->what->entries++;
	if (link)
		return make_hard_link(u, &place, path, link, err);
	r = check_kind(u, entry, err);
	if (r != 0)
		return r < 0 ? r : 0;
	return make_entry(u, path, &place, entry, err);
}

/* An image lies in files, and old ones have links between them; nothing else is of use. */
static int unpack_flat(struct unpacking *u, struct archive_entry *entry, struct error *err)
{
	bool is_link = archive_entry_filetype(entry) == AE_IFLNK;
	char path[ENTRY_RULE_PATH_MAX];
	struct archive_place place;

	TRY(archive_job_count(u->what->job, 1, 0, err));
	TRY(entry_rule_path(archive_entry_pathname(entry), path, err));
	if (!*path || archive_entry_hardlink(entry) ||
	    (archive_entry_filetype(entry) != AE_IFREG && !is_link))
		return 0;
	TRY(archive_tree_place(&u->tree, path, &place, err));
	archive_entry_set_uid(entry, 0);
	archive_entry_set_gid(entry, 0);
	archive_entry_set_perm(entry, 0600);
	return is_link ? make_symlink(&place, entry, err) : make_file(u, &place, entry, err);
}

static int open_reader(struct unpacking *u, struct error *err)
{
	struct archive *reader = archive_read_new();

	u->reader = reader;
	if (!reader)
		return error_errno(err, ENOMEM, "read the archive");
	archive_read_support_format_tar(reader);
	archive_read_support_format_gnutar(reader);
	TRY(archive_stream_open(&u->stream, u->what->source, err));
	return archive_stream_attach(&u->stream, reader, err);
}

static const char *entry_name(struct archive_entry *entry)
{
	const char *name = archive_entry_pathname(entry);

	return name ? name : "without a name";
}

int archive_unpack(struct archive_unpack *unpack, struct error *err)
{
	cleanup_unpacking struct unpacking u = {
		.what = unpack,
		.tree = { .root = unpack->root,
			  .lower = unpack->lower,
			  .n_lower = unpack->n_lower,
			  .parent = -1 },
	};
	static const struct timespec never[2];
	struct archive_entry *entry;
	int r;

	/* For an archive that does not say what its root is like. */
	TRY(archive_tree_remember(&u.tree, ".", never, err));
	TRY(open_reader(&u, err));
	while ((r = archive_read_next_header(u.reader, &entry)) == ARCHIVE_OK) {
		r = unpack->flat_files ? unpack_flat(&u, entry, err) : unpack_entry(&u, entry, err);
		if (r < 0)
			return error_prefix(err, "entry %.200s: ", entry_name(entry));
	}
	if (r != ARCHIVE_EOF)
		return reader_failed(&u, err);
	TRY(archive_tree_finish(&u.tree, err));
	return archive_stream_finish(&u.stream, &unpack->digests, err);
}

int archive_unpack_job(struct archive_job *job, struct error *err)
{
	cleanup_archive_report struct spec_archive_report report = { 0 };
	struct archive_unpack unpack = { .job = job, .source = job->source };
	cleanup_close int root = -1;

	root = archive_report_make_layer(job, 0, err);
	TRY(root);
	unpack.root = root;
	TRY(archive_unpack(&unpack, err));
	TRY(archive_report_layer(job, root, &unpack, NULL, &report, err));
	return archive_report_write(job, &report, err);
}
