/* SPDX-License-Identifier: Apache-2.0 */
#include "storage/template.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/fd.h"
#include "base/list.h"
#include "base/log.h"
#include "storage/archive.h"
#include "storage/journal.h"
#include "storage/layer.h"
#include "storage/reference.h"
#include "storage/storage_mounts.h"
#include "storage/trash.h"

void template_release(struct spec_template *template_document)
{
	json_release(&spec_template_schema, template_document);
}

void template_layers_release(struct template_layers *layers)
{
	for (size_t i = 0; i < layers->lower.n; i++)
		cleanup_close_at(&layers->lower.item[i]);
	free(layers->lower.item);
	*layers = TEMPLATE_LAYERS_EMPTY;
}

static int check_document(const struct spec_template *template, const char *name, struct error *err)
{
	if (strcmp(template->name, name) != 0)
		return error_set(err, EINVAL, "name: is that of another template");
	if (!storage_is_digest(template->digest))
		return error_set(err, EINVAL, "digest: is none");
	if (template->layers.n == 0 || template->layers.n > LAYER_CHAIN_MAX)
		return error_set(err, EINVAL, "layers: wants 1 to %d", LAYER_CHAIN_MAX);
	for (size_t i = 0; i < template->layers.n; i++)
		if (!storage_is_id(template->layers.item[i]))
			return error_set(err, EINVAL, "layers[%zu]: is no id", i);
	return 0;
}

static int template_path(const char *name, const char *file, char ret[STORAGE_PATH_MAX],
			 struct error *err)
{
	TRY(storage_check_name("template", name, err));
	return storage_path(ret, err, "templates/%s%s", name, file);
}

static int open_document(const struct storage *storage, const char *name, struct error *err)
{
	char path[STORAGE_PATH_MAX];
	struct error inner = { 0 };
	int fd;

	TRY(template_path(name, "/template.json", path, err));
	fd = storage_openat(storage, path, O_RDONLY, &inner);
	if (fd == -ENOENT)
		return error_set(err, ENOENT, "template `%s` does not exist", name);
	if (fd < 0)
		*err = inner;
	return fd;
}

int template_load(const struct storage *storage, const char *name, struct spec_template *ret,
		  struct error *err)
{
	cleanup_template struct spec_template template = { 0 };
	cleanup_free char *text = NULL;
	cleanup_close int fd = -1;
	size_t len;

	fd = open_document(storage, name, err);
	TRY(fd);
	TRY(fd_read_all(fd, "template.json", JSON_SIZE_MAX, &text, &len, err));
	if (json_decode(&spec_template_schema, text, len, &template, err) < 0 ||
	    check_document(&template, name, err) < 0)
		return error_prefix(
			err, "%s/templates/%s/template.json is damaged: ", storage->path, name);
	*ret = template;
	template = (struct spec_template){ 0 };
	return 0;
}

int template_list(const struct storage *storage, struct strv *ret, struct error *err)
{
	return storage_list(storage, "templates", ret, err);
}

int template_open_layers(const struct storage *storage, const struct spec_template *template,
			 struct template_layers *ret, struct error *err)
{
	cleanup_template_layers struct template_layers layers = TEMPLATE_LAYERS_EMPTY;

	for (size_t i = template->layers.n; i > 0; i--) {
		int *fd = list_add(&layers.lower);

		if (!fd)
			return error_errno(err, ENOMEM, "open the layers of %s", template->name);
		*fd = layer_open(storage, template->layers.item[i - 1], err);
		TRY(*fd);
	}
	*ret = layers;
	layers = TEMPLATE_LAYERS_EMPTY;
	return 0;
}

/* --- remove ----------------------------------------------------------------------------------- */

/* Of a damaged template only the directory goes; its layers are gc's. */
static int plan_layers(const struct storage *storage, const char *name, struct journal *journal,
		       struct error *err)
{
	cleanup_template struct spec_template template = { 0 };
	cleanup_references struct references references = { 0 };
	char path[STORAGE_PATH_MAX];
	struct error inner = { 0 };
	const char *user;

	if (template_load(storage, name, &template, &inner) == -EINVAL) {
		log_warning("%s", inner.text);
		return 0;
	}
	TRY(reference_find(storage, &references, err));
	user = reference_user(&references, name);
	if (user)
		return error_set(err, EBUSY, "template `%s` is in use: %s was made from it", name,
				 user);
	for (size_t i = 0; i < template.layers.n; i++) {
		const char *layer = template.layers.item[i];

		if (reference_holder(&references, layer, journal->record.object))
			continue;
		TRY(storage_mounts_check(storage, layer, err));
		TRY(storage_path(path, err, "layers/%s", layer));
		TRY(journal_plan_trash(journal, path, err));
	}
	return 0;
}

static int remove_locked(struct storage *storage, const char *name, struct journal *journal,
			 struct error *err)
{
	cleanup_close int fd = open_document(storage, name, err);
	char path[STORAGE_PATH_MAX];

	TRY(fd);
	TRY(template_path(name, "", path, err));
	TRY(journal_begin(storage, "remove", path, journal, err));
	TRY(plan_layers(storage, name, journal, err));
	TRY(journal_plan_trash(journal, path, err));
	return journal_commit(storage, journal, err);
}

int template_remove(struct storage *storage, const char *name, struct error *err)
{
	struct journal journal = JOURNAL_EMPTY;
	int r;

	TRY(storage_check_name("template", name, err));
	TRY(storage_lock(storage, true, err));
	r = remove_locked(storage, name, &journal, err);
	journal_release(storage, &journal);
	storage_unlock(storage);
	TRY(r);
	return trash_empty(storage, err);
}

/* --- verify ----------------------------------------------------------------------------------- */

static int verify_layer(struct storage *storage, const char *id, struct archive_run *run,
			struct error *err)
{
	cleanup_layer struct spec_layer layer = { 0 };
	cleanup_close int fd = -1;
	int r;

	r = storage_lock(storage, false, err);
	TRY(r);
	r = layer_load(storage, id, &layer, err);
	if (r == 0)
		r = fd = layer_open(storage, id, err);
	storage_unlock(storage);
	TRY(r);
	if (!layer.digest)
		return error_set(err, EUCLEAN, "layer %s has no digest", id);
	run->source_fd = fd;
	if (archive_run(run, err) < 0)
		return error_prefix(err, "layer %s: ", id);
	if (strcmp(run->digest, layer.digest) != 0)
		return error_set(err, EUCLEAN, "layer %s was changed: its digest is %s, not %s", id,
				 run->digest, layer.digest);
	return 0;
}

int template_verify(struct storage *storage, const char *name,
		    void (*tell)(void *data, const struct tree_progress *progress), void *tell_data,
		    struct error *err)
{
	cleanup_template struct spec_template template = { 0 };
	struct archive_run run = {
		.mode = ARCHIVE_DIGEST,
		.target_fd = -1,
		.lock_fd = -1,
		.tell = tell,
		.tell_data = tell_data,
	};

	TRY(template_load(storage, name, &template, err));
	for (size_t i = 0; i < template.layers.n; i++)
		if (verify_layer(storage, template.layers.item[i], &run, err) < 0)
			return error_prefix(err, "template `%s`: ", name);
	return 0;
}
