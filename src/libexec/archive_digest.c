/* SPDX-License-Identifier: Apache-2.0 */
#include "archive_digest.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <nettle/sha2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "archive_stream.h"
#include "base/cleanup.h"
#include "base/str.h"
#include "storage/entry_rule.h"
#include "storage/tree_links.h"

#define CHUNK	      (256 << 10)
#define ATTRIBUTE_MAX (64 << 10)

struct digesting {
	struct archive_job *job;
	struct sha256_ctx sum;
	struct tree_links links;
	char *chunk, *names;
	char path[ENTRY_RULE_PATH_MAX];
	size_t path_len;
};

static void release(struct digesting *d)
{
	tree_links_release(&d->links);
	free(d->chunk);
	free(d->names);
}
#define cleanup_digesting __attribute__((__cleanup__(release)))

static void add_text(struct digesting *d, const char *text)
{
	sha256_update(&d->sum, strlen(text) + 1, (const uint8_t *)text);
}

static int fail(const struct digesting *d, const char *what, struct error *err)
{
	return error_errno(err, errno, "%s %.400s", what, d->path_len ? d->path : "the root");
}

static int add_data(struct digesting *d, int fd, const struct stat *st, struct error *err)
{
	char digest[ARCHIVE_DIGEST_SIZE];
	struct sha256_ctx sum;
	ssize_t n;

	sha256_init(&sum);
	while ((n = read(fd, d->chunk, CHUNK)) > 0) {
		sha256_update(&sum, (size_t)n, (const uint8_t *)d->chunk);
		TRY(archive_job_count(d->job, 0, (uint64_t)n, err));
	}
	if (n < 0)
		return fail(d, "read", err);
	archive_stream_format(&sum, digest);
	sprintf(d->chunk, "%lld", (long long)st->st_size);
	add_text(d, d->chunk);
	add_text(d, digest);
	return 0;
}

/* What a layer may carry, and what the store itself put there. */
static bool counts(const char *name, void *value, size_t *len)
{
	return !strcmp(name, "trusted.overlay.opaque") || entry_rule_attribute(name, value, len);
}

static int add_attribute(struct digesting *d, int fd, const char *name, int *n, struct error *err)
{
	ssize_t got = fgetxattr(fd, name, d->chunk, ATTRIBUTE_MAX);
	size_t len = (size_t)got;
	char number[24];

	if (got < 0)
		return fail(d, "read an attribute of", err);
	if (!counts(name, d->chunk, &len))
		return 0;
	add_text(d, name);
	sprintf(number, "%zu", len);
	add_text(d, number);
	sha256_update(&d->sum, len, (const uint8_t *)d->chunk);
	++*n;
	return 0;
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static int add_attributes(struct digesting *d, int fd, struct error *err)
{
	ssize_t len = flistxattr(fd, d->names, ATTRIBUTE_MAX);
	cleanup_strv struct strv sorted = { 0 };
	char number[24];
	int n = 0;

	if (len < 0 && errno != EOPNOTSUPP)
		return fail(d, "list the attributes of", err);
	for (const char *name = d->names; name < d->names + len; name += strlen(name) + 1)
		TRY(strv_add(&sorted, name, err));
	if (sorted.n)
		qsort(sorted.item, sorted.n, sizeof *sorted.item, by_text);
	for (size_t i = 0; i < sorted.n; i++)
		TRY(add_attribute(d, fd, sorted.item[i], &n, err));
	sprintf(number, "%d", n);
	add_text(d, number);
	return 0;
}

static void add_head(struct digesting *d, const struct stat *st)
{
	char head[120];
	char type = S_ISDIR(st->st_mode)  ? 'd' :
		    S_ISREG(st->st_mode)  ? 'f' :
		    S_ISLNK(st->st_mode)  ? 'l' :
		    S_ISFIFO(st->st_mode) ? 'p' :
					    'c';

	add_text(d, d->path);
	snprintf(head, sizeof head, "%c %u %u %u %lld %ld", type, st->st_mode & 07777, st->st_uid,
		 st->st_gid, (long long)st->st_mtim.tv_sec, st->st_mtim.tv_nsec);
	add_text(d, head);
}

static int add_file(struct digesting *d, int dir_fd, const char *name, const struct stat *st,
		    struct error *err)
{
	cleanup_close int fd = openat(dir_fd, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY);

	if (fd < 0)
		return fail(d, "open", err);
	TRY(add_data(d, fd, st, err));
	return add_attributes(d, fd, err);
}

static int add_link(struct digesting *d, int dir_fd, const char *name, struct error *err)
{
	char target[ENTRY_RULE_PATH_MAX];
	ssize_t n = readlinkat(dir_fd, name, target, sizeof target - 1);

	if (n < 0)
		return fail(d, "read the link", err);
	target[n] = '\0';
	add_text(d, target);
	return 0;
}

static int add_directory(struct digesting *d, int fd, struct error *err);

static int add_below(struct digesting *d, int dir_fd, const char *name, struct error *err)
{
	cleanup_close int fd =
		openat(dir_fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	return fd < 0 ? fail(d, "open", err) : add_directory(d, fd, err);
}

static int add_entry(struct digesting *d, int dir_fd, const char *name, struct error *err)
{
	const char *first = NULL;
	struct stat st;

	if (fstatat(dir_fd, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return fail(d, "stat", err);
	TRY(archive_job_count(d->job, 1, 0, err));
	add_head(d, &st);
	if (S_ISDIR(st.st_mode))
		return add_below(d, dir_fd, name, err);
	if (st.st_nlink > 1)
		TRY(tree_links_find(&d->links, &st, d->path, &first, err));
	if (first) {
		add_text(d, "=");
		add_text(d, first);
		return 0;
	}
	if (S_ISLNK(st.st_mode))
		return add_link(d, dir_fd, name, err);
	return S_ISREG(st.st_mode) ? add_file(d, dir_fd, name, &st, err) : 0;
}

static int add_named(struct digesting *d, int dir_fd, const char *name, struct error *err)
{
	size_t before = d->path_len, len = strlen(name);
	int r;

	if (before + len + 2 > sizeof d->path)
		return error_errno(err, ENAMETOOLONG, "%.400s/%.60s", d->path, name);
	if (before)
		d->path[d->path_len++] = '/';
	memcpy(d->path + d->path_len, name, len + 1);
	d->path_len += len;
	r = add_entry(d, dir_fd, name, err);
	d->path_len = before;
	d->path[before] = '\0';
	return r;
}

static void close_directory(DIR *dir)
{
	closedir(dir);
}
DEFINE_CLEANUP(DIR *, close_directory)

static int list(struct digesting *d, int fd, struct strv *ret, struct error *err)
{
	cleanup_with(close_directory) DIR *dir = NULL;
	cleanup_close int own = openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct dirent *entry;

	dir = own < 0 ? NULL : fdopendir(own);
	if (!dir)
		return fail(d, "read", err);
	steal_fd(&own);
	for (errno = 0; (entry = readdir(dir)); errno = 0)
		if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, ".."))
			TRY(strv_add(ret, entry->d_name, err));
	if (errno)
		return fail(d, "read", err);
	if (ret->n)
		qsort(ret->item, ret->n, sizeof *ret->item, by_text);
	return 0;
}

static int add_directory(struct digesting *d, int fd, struct error *err)
{
	cleanup_strv struct strv names = { 0 };

	TRY(add_attributes(d, fd, err));
	TRY(list(d, fd, &names, err));
	for (size_t i = 0; i < names.n; i++)
		TRY(add_named(d, fd, names.item[i], err));
	return 0;
}

int archive_digest_tree(struct archive_job *job, int fd, char ret[ARCHIVE_DIGEST_SIZE],
			struct error *err)
{
	cleanup_digesting struct digesting d = { .job = job };
	static const char version[] = "ctr-tree 1\n";
	struct stat st;

	d.chunk = malloc(CHUNK);
	d.names = malloc(ATTRIBUTE_MAX);
	if (!d.chunk || !d.names)
		return error_errno(err, ENOMEM, "compute a digest");
	sha256_init(&d.sum);
	sha256_update(&d.sum, sizeof version - 1, (const uint8_t *)version);
	if (fstat(fd, &st) < 0)
		return fail(&d, "stat", err);
	add_head(&d, &st);
	TRY(add_directory(&d, fd, err));
	archive_stream_format(&d.sum, ret);
	return 0;
}

void archive_digest_chain(const char *const *digests, size_t n, char ret[ARCHIVE_DIGEST_SIZE])
{
	struct sha256_ctx sum;

	if (n == 1) {
		snprintf(ret, ARCHIVE_DIGEST_SIZE, "%s", digests[0]);
		return;
	}
	sha256_init(&sum);
	for (size_t i = 0; i < n; i++)
		sha256_update(&sum, strlen(digests[i]) + 1, (const uint8_t *)digests[i]);
	archive_stream_format(&sum, ret);
}

int archive_digest_job(struct archive_job *job, struct error *err)
{
	return archive_digest_tree(job, job->source, job->digest, err);
}
