/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Import: fill layers/0, 1... below the operation's staging directory, describe them, and
 * commit. Nothing but staging is written before the commit.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/fd.h"
#include "base/file.h"
#include "base/list.h"
#include "spec/archive_report.h"
#include "storage/archive.h"
#include "storage/host_list.h"
#include "storage/journal.h"
#include "storage/layer.h"
#include "storage/template.h"
#include "storage/template_host.h"
#include "storage/template_system.h"
#include "storage/trash.h"

const char *const template_sources[] = {
	[TEMPLATE_ROOTFS] = "rootfs",
	[TEMPLATE_TAR] = "tar",
	[TEMPLATE_IMAGE] = "image",
	[TEMPLATE_HOST] = "host",
};

/* One import under way. */
struct work {
	const struct template_import *import;
	int staging_fd, lock_fd;
	struct spec_archive_report report;
	struct spec_template template;
	uint64_t max_bytes, max_entries;
};

static void release_work(struct work *w)
{
	json_release(&spec_archive_report_schema, &w->report);
	template_release(&w->template);
}
#define cleanup_work __attribute__((__cleanup__(release_work)))

static int open_below(int dir_fd, const char *path, struct error *err)
{
	int fd = openat(dir_fd, path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	return fd < 0 ? error_errno(err, errno, "open the staged %s", path) : fd;
}

static int make_below(int dir_fd, const char *path, mode_t mode, struct error *err)
{
	if (mkdirat(dir_fd, path, mode) < 0)
		return error_errno(err, errno, "make the staged %s", path);
	return 0;
}

/* --- from a directory -------------------------------------------------------------------------- */

static char *copy_text(const char *text)
{
	return strdup(text);
}

/* As ctr-archive reports: one layer, and its digest is the template's. */
static int report_layer(struct work *w, const char *digest, const struct tree_copy *copy,
			struct error *err)
{
	struct spec_archive_layer *layer = list_add(&w->report.layers);

	if (layer)
		*layer = (struct spec_archive_layer){
			.digest = copy_text(digest),
			.entries = { true, copy->progress.entries },
			.size = { true, copy->progress.bytes },
			.left_out = { copy->left_out > 0, copy->left_out },
		};
	w->report.digest = copy_text(digest);
	if (!layer || !layer->digest || !w->report.digest)
		return error_errno(err, ENOMEM, "describe the layer");
	return 0;
}

/* `finish` (NULL: nothing) changes the copy before its digest is computed. */
static int copy_directory(struct work *w, int source_fd, struct tree_copy *copy,
			  int (*finish)(int source, int target, struct error *err),
			  struct error *err)
{
	struct archive_run digest = {
		.mode = ARCHIVE_DIGEST,
		.target_fd = -1,
		.lock_fd = w->lock_fd,
	};
	cleanup_close int target = -1;

	TRY(make_below(w->staging_fd, "layers/0", 0700, err));
	TRY(make_below(w->staging_fd, "layers/0/diff", 0755, err));
	target = open_below(w->staging_fd, "layers/0/diff", err);
	TRY(target);
	copy->tell = w->import->tell;
	copy->tell_data = w->import->tell_data;
	copy->max_bytes = w->max_bytes;
	copy->max_entries = w->max_entries;
	TRY(tree_copy(copy, source_fd, target, err));
	if (finish)
		TRY(finish(source_fd, target, err));
	digest.source_fd = target;
	TRY(archive_run(&digest, err));
	return report_layer(w, digest.digest, copy, err);
}

static int fill_from_rootfs(struct work *w, struct error *err)
{
	const char *path = w->import->path;
	cleanup_close int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct tree_copy copy = { 0 };

	if (fd < 0)
		return error_errno(err, errno, "open %s", path);
	if (copy_directory(w, fd, &copy, NULL, err) < 0)
		return error_prefix(err, "copy %s: ", path);
	return 0;
}

static int fill_from_host(struct work *w, struct error *err)
{
	cleanup_close int fd = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct tree_copy copy = { .choose = host_list_choose, .crosses_mounts = true };

	if (fd < 0)
		return error_errno(err, errno, "open /");
	if (copy_directory(w, fd, &copy, template_host_finish, err) < 0)
		return error_prefix(err, "copy this machine: ");
	return 0;
}

/* --- from an archive ---------------------------------------------------------------------------- */

static int check_report(const struct spec_archive_report *report, struct error *err)
{
	if (!storage_is_digest(report->digest))
		return error_set(err, EPROTO, "digest: is none");
	if (report->layers.n == 0 || report->layers.n > LAYER_CHAIN_MAX)
		return error_set(err, EPROTO, "layers: there are %zu", report->layers.n);
	for (size_t i = 0; i < report->layers.n; i++)
		if (!storage_is_digest(report->layers.item[i].digest))
			return error_set(err, EPROTO, "layers[%zu].digest: is none", i);
	return 0;
}

static int read_report(struct work *w, struct error *err)
{
	cleanup_free char *text = NULL;
	size_t len;

	TRY(fd_read_file(w->staging_fd, ARCHIVE_REPORT_FILE, JSON_SIZE_MAX, &text, &len, err));
	if (json_decode(&spec_archive_report_schema, text, len, &w->report, err) < 0 ||
	    check_report(&w->report, err) < 0)
		return error_prefix(err, "what ctr-archive reports: ");
	return 0;
}

static int open_archive(const char *path, struct error *err)
{
	int fd = !strcmp(path, "-") ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3) :
				      open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);

	return fd < 0 ? error_errno(err, errno, "open %s", path) : fd;
}

static int fill_from_archive(struct work *w, struct error *err)
{
	const struct template_import *import = w->import;
	struct archive_run run = {
		.mode = import->source == TEMPLATE_TAR ? ARCHIVE_UNPACK_TAR : ARCHIVE_UNPACK_IMAGE,
		.reference = import->reference,
		.target_fd = w->staging_fd,
		.lock_fd = w->lock_fd,
		.max_bytes = w->max_bytes,
		.max_entries = w->max_entries,
		.tell = import->tell,
		.tell_data = import->tell_data,
	};
	cleanup_close int source = open_archive(import->path, err);

	TRY(source);
	run.source_fd = source;
	if (archive_run(&run, err) < 0)
		return error_prefix(err, "%s: ", import->path);
	return read_report(w, err);
}

/* --- describing -------------------------------------------------------------------------------- */

static int describe_layer(struct work *w, size_t i, const char *now, struct error *err)
{
	const struct spec_archive_layer *from = &w->report.layers.item[i];
	char id[STORAGE_ID_SIZE], path[STORAGE_PATH_MAX];
	struct spec_layer layer = {
		.id = id,
		.created = (char *)now,
		.digest = from->digest,
		.diff_id = from->diff_id,
		.entries = from->entries,
		.size = from->size,
		.left_out = from->left_out,
	};
	cleanup_close int fd = -1;

	storage_digest_id(from->digest, id);
	TRY(storage_path(path, err, "layers/%zu", i));
	fd = open_below(w->staging_fd, path, err);
	TRY(fd);
	return layer_save(fd, &layer, err);
}

/*
 * The chain without a layer that comes again above: the upper one hides whatever the lower
 * one shows, and the kernel takes no directory twice.
 */
static int describe_chain(struct work *w, struct error *err)
{
	for (size_t i = 0; i < w->report.layers.n; i++) {
		const struct spec_archive_layer *layer = &w->report.layers.item[i];
		char id[STORAGE_ID_SIZE], **item;
		bool again = false;

		for (size_t k = i + 1; k < w->report.layers.n; k++)
			again = again || !strcmp(layer->digest, w->report.layers.item[k].digest);
		w->template.entries.value += layer->entries.value;
		w->template.size.value += layer->size.value;
		if (again)
			continue;
		storage_digest_id(layer->digest, id);
		item = list_add(&w->template.layers);
		if (!item || !(*item = copy_text(id)))
			return error_errno(err, ENOMEM, "describe the template");
	}
	return 0;
}

/* Before the layers stand where template_open_layers finds them. */
static int look_at_system(struct work *w, struct error *err)
{
	cleanup_template_layers struct template_layers layers = TEMPLATE_LAYERS_EMPTY;
	char path[STORAGE_PATH_MAX];

	for (size_t i = w->report.layers.n; i > 0; i--) {
		int *fd = list_add(&layers.lower);

		if (!fd)
			return error_errno(err, ENOMEM, "describe the template");
		*fd = -1;
		TRY(storage_path(path, err, "layers/%zu/diff", i - 1));
		*fd = open_below(w->staging_fd, path, err);
		TRY(*fd);
	}
	return template_system_look(layers.lower.item, layers.lower.n, &w->template, err);
}

static int describe_template(struct work *w, const char *now, struct error *err)
{
	struct spec_template *template = &w->template;

	template->name = copy_text(w->import->name);
	template->created = copy_text(now);
	template->source = copy_text(template_sources[w->import->source]);
	template->digest = copy_text(w->report.digest);
	template->system = calloc(1, sizeof *template->system);
	template->process = steal_ptr(&w->report.process);
	template->entries.set = template->size.set = true;
	if (!template->name || !template->created || !template->source || !template->digest ||
	    !template->system)
		return error_errno(err, ENOMEM, "describe the template");
	template->system->architecture = steal_ptr(&w->report.architecture);
	TRY(describe_chain(w, err));
	return look_at_system(w, err);
}

static int save_template(struct work *w, struct error *err)
{
	cleanup_free char *text = NULL;
	cleanup_close int fd = -1;

	TRY(make_below(w->staging_fd, "template", 0700, err));
	fd = open_below(w->staging_fd, "template", err);
	TRY(fd);
	TRY(json_encode(&spec_template_schema, &w->template, JSON_INDENTED, &text, err));
	return file_replace(fd, "template.json", text, strlen(text), 0600, err);
}

static int describe(struct work *w, struct error *err)
{
	char now[CLOCK_TEXT_SIZE];

	clock_now(0, now);
	for (size_t i = 0; i < w->report.layers.n; i++)
		TRY(describe_layer(w, i, now, err));
	TRY(describe_template(w, now, err));
	return save_template(w, err);
}

/* --- committing -------------------------------------------------------------------------------- */

/* 1: the very same layer is in the store; 0: no such id. */
static int is_there(const struct storage *storage, const struct spec_archive_layer *wanted,
		    const char *id, struct error *err)
{
	cleanup_layer struct spec_layer layer = { 0 };
	char path[STORAGE_PATH_MAX];
	int there;

	TRY(storage_path(path, err, "layers/%s", id));
	there = storage_exists(storage, path, err);
	if (there <= 0)
		return there;
	TRY(layer_load(storage, id, &layer, err));
	if (!layer.digest || strcmp(layer.digest, wanted->digest) != 0)
		return error_set(err, EEXIST, "layer %s is there with another content", id);
	return 1;
}

static int plan_layer(const struct storage *storage, const struct work *w, size_t i,
		      struct journal *journal, struct error *err)
{
	const struct spec_archive_layer *layer = &w->report.layers.item[i];
	char id[STORAGE_ID_SIZE], from[STORAGE_PATH_MAX], to[STORAGE_PATH_MAX];
	int there;

	for (size_t k = 0; k < i; k++)
		if (!strcmp(w->report.layers.item[k].digest, layer->digest))
			return 0;
	storage_digest_id(layer->digest, id);
	there = is_there(storage, layer, id, err);
	if (there != 0)
		return there < 0 ? there : 0;
	TRY(storage_path(from, err, "staging/%s/layers/%zu", journal->id, i));
	TRY(storage_path(to, err, "layers/%s", id));
	return journal_plan_move(journal, from, to, err);
}

static int commit(struct storage *storage, const struct work *w, struct journal *journal,
		  struct error *err)
{
	char from[STORAGE_PATH_MAX];

	for (size_t i = 0; i < w->report.layers.n; i++)
		TRY(plan_layer(storage, w, i, journal, err));
	TRY(storage_path(from, err, "staging/%s/template", journal->id));
	TRY(journal_plan_move(journal, from, journal->record.object, err));
	return journal_commit(storage, journal, err);
}

static int begin(struct storage *storage, const struct template_import *import,
		 struct journal *journal, struct error *err)
{
	char path[STORAGE_PATH_MAX];
	int there;

	TRY(storage_path(path, err, "templates/%s", import->name));
	there = storage_exists(storage, path, err);
	TRY(there);
	if (there)
		return error_set(err, EEXIST, "template `%s` exists already", import->name);
	return journal_begin(storage, "import", path, journal, err);
}

static int (*const fills[])(struct work *w, struct error *err) = {
	[TEMPLATE_ROOTFS] = fill_from_rootfs,
	[TEMPLATE_TAR] = fill_from_archive,
	[TEMPLATE_IMAGE] = fill_from_archive,
	[TEMPLATE_HOST] = fill_from_host,
};

static int import_staged(struct storage *storage, const struct template_import *import,
			 struct journal *journal, struct error *err)
{
	cleanup_work struct work w = {
		.import = import,
		.staging_fd = journal->staging_fd,
		.lock_fd = journal->lock_fd,
		.max_bytes = import->max_bytes ? import->max_bytes : TEMPLATE_MAX_BYTES,
		.max_entries = import->max_entries ? import->max_entries : TEMPLATE_MAX_ENTRIES,
	};
	int r;

	TRY(make_below(w.staging_fd, "layers", 0700, err));
	TRY(fills[import->source](&w, err));
	TRY(describe(&w, err));
	TRY(storage_lock(storage, true, err));
	r = commit(storage, &w, journal, err);
	storage_unlock(storage);
	return r;
}

int template_import(struct storage *storage, const struct template_import *import,
		    struct error *err)
{
	struct journal journal = JOURNAL_EMPTY;
	struct error ignored = { 0 };
	int r;

	TRY(storage_check_name("template", import->name, err));
	TRY(storage_lock(storage, true, err));
	r = begin(storage, import, &journal, err);
	storage_unlock(storage);
	if (r == 0)
		r = import_staged(storage, import, &journal, err);
	journal_release(storage, &journal);
	trash_empty(storage, &ignored);
	return r;
}
