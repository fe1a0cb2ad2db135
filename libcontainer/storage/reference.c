/* SPDX-License-Identifier: Apache-2.0 */
#include "storage/reference.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/fd.h"
#include "base/list.h"
#include "spec/template.h"
#include "storage/snapshot_tree.h"

static void release_document(struct spec_references *document)
{
	json_release(&spec_references_schema, document);
}
#define cleanup_document __attribute__((__cleanup__(release_document)))

static int read_document(const struct storage *storage, const char *path,
			 struct spec_references *ret, struct error *err)
{
	cleanup_free char *text = NULL;
	cleanup_close int fd = -1;
	size_t len;

	fd = storage_openat(storage, path, O_RDONLY, err);
	TRY(fd);
	TRY(fd_read_all(fd, path, JSON_SIZE_MAX, &text, &len, err));
	if (json_decode(&spec_references_schema, text, len, ret, err) < 0)
		return error_prefix(err, "%s/%s is damaged: ", storage->path, path);
	return 0;
}

/* The document's strings become the reference's. */
static int add(const struct storage *storage, const char *path, const char *holder,
	       struct references *ret, struct error *err)
{
	cleanup_document struct spec_references document = { 0 };
	struct reference *reference;

	TRY(read_document(storage, path, &document, err));
	reference = list_add(&ret->list);
	if (reference)
		reference->holder = strdup(holder);
	if (!reference || !reference->holder)
		return error_errno(err, ENOMEM, "count references");
	if (document.template_)
		reference->template_name = steal_ptr(&document.template_->name);
	reference->layers.item = steal_ptr(&document.layers.item);
	reference->layers.n = document.layers.n;
	document.layers.n = 0;
	return 0;
}

static int load_tree(const struct storage *storage, const char *path, struct snapshot_tree *ret,
		     struct error *err)
{
	cleanup_free char *text = NULL;
	cleanup_close int fd = storage_openat(storage, path, O_RDONLY, err);
	size_t len;

	TRY(fd);
	TRY(fd_read_all(fd, path, JSON_SIZE_MAX, &text, &len, err));
	if (json_decode(&snapshot_tree_schema, text, len, ret, err) < 0)
		return error_prefix(err, "%s/%s is damaged: ", storage->path, path);
	return 0;
}

/* The list's strings become the reference's. */
static int take_layers(char **item, size_t n, struct reference *ret, struct error *err)
{
	for (size_t i = 0; i < n; i++) {
		char **slot = list_add(&ret->layers);

		if (!slot)
			return error_errno(err, ENOMEM, "count references");
		*slot = steal_ptr(&item[i]);
	}
	return 0;
}

/* What a tenant's writable layer and its snapshots stand on. */
static int add_snapshots(const struct storage *storage, const char *tenant, struct references *ret,
			 struct error *err)
{
	cleanup_snapshot_tree struct snapshot_tree tree = { 0 };
	struct reference *reference = &ret->list.item[ret->list.n - 1];
	char path[STORAGE_PATH_MAX];
	int there;

	TRY(storage_path(path, err, "%s/snapshots.json", tenant));
	there = storage_exists(storage, path, err);
	if (there <= 0)
		return there;
	TRY(load_tree(storage, path, &tree, err));
	TRY(take_layers(tree.base.item, tree.base.n, reference, err));
	TRY(take_layers(tree.layers.item, tree.layers.n, reference, err));
	for (size_t i = 0; i < tree.nodes.n; i++)
		TRY(take_layers(tree.nodes.item[i].layers.item, tree.nodes.item[i].layers.n,
				reference, err));
	return 0;
}

static int add_objects(const struct storage *storage, const char *kind, const char *file,
		       struct references *ret, struct error *err)
{
	cleanup_strv struct strv names = { 0 };

	TRY(storage_list(storage, kind, &names, err));
	for (size_t i = 0; i < names.n; i++) {
		char holder[STORAGE_PATH_MAX], path[STORAGE_PATH_MAX];

		TRY(storage_path(holder, err, "%s/%s", kind, names.item[i]));
		TRY(storage_path(path, err, "%s/%s", holder, file));
		TRY(add(storage, path, holder, ret, err));
		TRY(add_snapshots(storage, holder, ret, err));
	}
	return 0;
}

int reference_find(const struct storage *storage, struct references *ret, struct error *err)
{
	TRY(add_objects(storage, "templates", "template.json", ret, err));
	return add_objects(storage, "tenants", "tenant.json", ret, err);
}

const char *reference_holder(const struct references *references, const char *layer,
			     const char *except)
{
	for (size_t i = 0; i < references->list.n; i++) {
		const struct reference *r = &references->list.item[i];

		if (except && !strcmp(r->holder, except))
			continue;
		for (size_t k = 0; k < r->layers.n; k++)
			if (!strcmp(r->layers.item[k], layer))
				return r->holder;
	}
	return NULL;
}

const char *reference_user(const struct references *references, const char *template_name)
{
	for (size_t i = 0; i < references->list.n; i++) {
		const struct reference *r = &references->list.item[i];

		if (r->template_name && !strcmp(r->template_name, template_name))
			return r->holder;
	}
	return NULL;
}

void references_release(struct references *references)
{
	for (size_t i = 0; i < references->list.n; i++) {
		struct reference *r = &references->list.item[i];

		for (size_t k = 0; k < r->layers.n; k++)
			free(r->layers.item[k]);
		free(r->layers.item);
		free(r->holder);
		free(r->template_name);
	}
	free(references->list.item);
	*references = (struct references){ 0 };
}
