/* SPDX-License-Identifier: Apache-2.0 */
#include "storage/gc.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/list.h"
#include "storage/journal.h"
#include "storage/layer.h"
#include "storage/reference.h"
#include "storage/storage_mounts.h"
#include "storage/trash.h"

static int add(struct gc_list *list, const char *path, const char *why, uint64_t bytes,
	       struct error *err)
{
	struct gc_item *item = list_add(&list->items);

	if (item)
		*item = (struct gc_item){ strdup(path), why, bytes };
	if (!item || !item->path)
		return error_errno(err, ENOMEM, "list what is to go");
	return 0;
}

static uint64_t layer_size(const struct storage *storage, const char *id)
{
	cleanup_layer struct spec_layer layer = { 0 };
	struct error ignored = { 0 };

	return layer_load(storage, id, &layer, &ignored) == 0 ? layer.size.value : 0;
}

/* What is mounted stays: the next gc finds it again. */
static int find_layers(const struct storage *storage, struct gc_list *ret, struct error *err)
{
	cleanup_references struct references references = { 0 };
	cleanup_strv struct strv ids = { 0 };
	char path[STORAGE_PATH_MAX];

	TRY(reference_find(storage, &references, err));
	TRY(storage_list(storage, "layers", &ids, err));
	for (size_t i = 0; i < ids.n; i++) {
		struct error in_use = { 0 };

		if (reference_holder(&references, ids.item[i], NULL) ||
		    storage_mounts_check(storage, ids.item[i], &in_use) < 0)
			continue;
		TRY(storage_path(path, err, "layers/%s", ids.item[i]));
		TRY(add(ret, path, "no template, tenant or snapshot needs it",
			layer_size(storage, ids.item[i]), err));
	}
	return 0;
}

static int add_all(const char *directory, const struct strv *names, const char *why,
		   struct gc_list *ret, struct error *err)
{
	char path[STORAGE_PATH_MAX];

	for (size_t i = 0; i < names->n; i++) {
		TRY(storage_path(path, err, "%s/%s", directory, names->item[i]));
		TRY(add(ret, path, why, 0, err));
	}
	return 0;
}

static int find_trash(const struct storage *storage, struct gc_list *ret, struct error *err)
{
	cleanup_strv struct strv names = { 0 };

	TRY(storage_list(storage, "trash", &names, err));
	return add_all("trash", &names, "was removed and is still to be deleted", ret, err);
}

static int find_temporary(const struct storage *storage, const char *directory, struct gc_list *ret,
			  struct error *err)
{
	cleanup_strv struct strv names = { 0 };

	TRY(storage_list_temporary(storage, directory, &names, err));
	return add_all(directory, &names, "half-written by a killed command", ret, err);
}

/* Where documents are replaced: beside each one. */
static int find_files(const struct storage *storage, struct gc_list *ret, struct error *err)
{
	static const char *const holders[] = { "templates", "layers", "tenants" };

	TRY(find_temporary(storage, ".", ret, err));
	TRY(find_temporary(storage, "journal", ret, err));
	for (size_t i = 0; i < sizeof holders / sizeof *holders; i++) {
		cleanup_strv struct strv names = { 0 };
		char path[STORAGE_PATH_MAX];

		TRY(storage_list(storage, holders[i], &names, err));
		for (size_t k = 0; k < names.n; k++) {
			TRY(storage_path(path, err, "%s/%s", holders[i], names.item[k]));
			TRY(find_temporary(storage, path, ret, err));
		}
	}
	return 0;
}

int gc_look(struct storage *storage, struct gc_list *ret, struct error *err)
{
	size_t left = 0;
	int r;

	TRY(storage_lock(storage, false, err));
	r = find_layers(storage, ret, err);
	if (r == 0)
		r = find_files(storage, ret, err);
	if (r == 0)
		r = find_trash(storage, ret, err);
	if (r == 0)
		r = journal_count_left(storage, &left, err);
	if (r == 0 && left)
		r = add(ret, "journal", "killed commands are to be finished or undone", 0, err);
	storage_unlock(storage);
	return r;
}

static int remove_files(const struct storage *storage, const struct gc_list *files,
			struct error *err)
{
	for (size_t i = 0; i < files->items.n; i++) {
		const char *path = files->items.item[i].path;

		if (unlinkat(storage->fd, path, 0) < 0 && errno != ENOENT)
			return error_errno(err, errno, "remove %s/%s", storage->path, path);
	}
	return 0;
}

static int collect_locked(struct storage *storage, struct gc_list *layers, struct gc_list *files,
			  struct journal *journal, struct error *err)
{
	TRY(find_layers(storage, layers, err));
	TRY(find_files(storage, files, err));
	TRY(remove_files(storage, files, err));
	if (layers->items.n == 0)
		return 0;
	TRY(journal_begin(storage, "gc", "layers", journal, err));
	for (size_t i = 0; i < layers->items.n; i++)
		TRY(journal_plan_trash(journal, layers->items.item[i].path, err));
	return journal_commit(storage, journal, err);
}

/* The items of one list to the end of another. */
static int join(struct gc_list *list, struct gc_list *more, struct error *err)
{
	for (size_t i = 0; i < more->items.n; i++) {
		struct gc_item *item = &more->items.item[i];

		TRY(add(list, item->path, item->why, item->bytes, err));
	}
	return 0;
}

int gc_collect(struct storage *storage, struct gc_list *ret, struct error *err)
{
	cleanup_gc_list struct gc_list layers = { 0 };
	cleanup_gc_list struct gc_list files = { 0 };
	struct journal journal = JOURNAL_EMPTY;
	int r;

	TRY(storage_lock(storage, true, err));
	r = find_trash(storage, ret, err);
	if (r == 0)
		r = collect_locked(storage, &layers, &files, &journal, err);
	journal_release(storage, &journal);
	storage_unlock(storage);
	TRY(r);
	TRY(join(ret, &layers, err));
	TRY(join(ret, &files, err));
	return trash_empty(storage, err);
}

void gc_list_release(struct gc_list *list)
{
	for (size_t i = 0; i < list->items.n; i++)
		free(list->items.item[i].path);
	free(list->items.item);
	*list = (struct gc_list){ 0 };
}
