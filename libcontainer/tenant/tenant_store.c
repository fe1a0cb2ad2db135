/* SPDX-License-Identifier: Apache-2.0 */
#include "tenant/tenant_store.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/fd.h"
#include "base/file.h"
#include "storage/journal.h"
#include "storage/reference.h"
#include "storage/storage_mounts.h"
#include "storage/template.h"
#include "storage/trash.h"

#define LOCK_WAIT_MS 10000

int tenant_store_path(char ret[STORAGE_PATH_MAX], const char *name, const char *file,
		      struct error *err)
{
	TRY(storage_check_name("tenant", name, err));
	return storage_path(ret, err, "tenants/%s%s", name, file);
}

static int no_such(const char *name, struct error *err)
{
	return error_set(err, ENOENT, "tenant `%s` does not exist", name);
}

static int read_document(const struct storage *storage, const char *name, const char *file,
			 const struct json_schema *schema, void *ret, struct error *err)
{
	cleanup_free char *text = NULL;
	cleanup_close int fd = -1;
	char path[STORAGE_PATH_MAX];
	struct error inner = {};
	size_t len;

	TRY(tenant_store_path(path, name, file, err));
	fd = storage_openat(storage, path, O_RDONLY, &inner);
	if (fd == -ENOENT)
		return no_such(name, err);
	if (fd < 0) {
		*err = inner;
		return fd;
	}
	TRY(fd_read_all(fd, path, JSON_SIZE_MAX, &text, &len, err));
	if (json_decode(schema, text, len, ret, err) < 0)
		return error_prefix(err, "%s/%s is damaged: ", storage->path, path);
	return 0;
}

static int check(const struct storage *storage, const char *name, const struct tenant *tenant,
		 struct error *err)
{
	if (strcmp(tenant->name, name) == 0)
		return 0;
	return error_set(err, EINVAL, "%s/tenants/%s/tenant.json is damaged: it is that of `%.64s`",
			 storage->path, name, tenant->name);
}

int tenant_store_load(const struct storage *storage, const char *name, struct tenant *ret,
		      struct error *err)
{
	cleanup_tenant struct tenant tenant = {};

	TRY(read_document(storage, name, "/tenant.json", &tenant_schema, &tenant, err));
	TRY(check(storage, name, &tenant, err));
	*ret = tenant;
	tenant = (struct tenant){};
	return 0;
}

int tenant_store_load_tree(const struct storage *storage, const char *name,
			   struct snapshot_tree *ret, struct error *err)
{
	cleanup_snapshot_tree struct snapshot_tree tree = {};

	TRY(read_document(storage, name, "/snapshots.json", &snapshot_tree_schema, &tree, err));
	if (snapshot_tree_check(&tree, err) < 0)
		return error_prefix(err, "%s/tenants/%s/snapshots.json is damaged: ",
				    storage->path, name);
	*ret = tree;
	tree = (struct snapshot_tree){};
	return 0;
}

int tenant_store_list(const struct storage *storage, struct strv *ret, struct error *err)
{
	return storage_list(storage, "tenants", ret, err);
}

/* Is what was locked still the one by that name? Another may have taken its place meanwhile. */
static int is_current(const struct storage *storage, const char *path, int lock_fd,
		      struct error *err)
{
	cleanup_close int fd = storage_openat(storage, path, O_RDONLY, err);
	struct stat locked, now;

	if (fd == -ENOENT)
		return 0;
	TRY(fd);
	if (fstat(lock_fd, &locked) < 0 || fstat(fd, &now) < 0)
		return error_errno(err, errno, "look at %s", path);
	return locked.st_ino == now.st_ino && locked.st_dev == now.st_dev;
}

int tenant_store_lock(const struct storage *storage, const char *name, struct error *err)
{
	cleanup_close int fd = -1;
	char path[STORAGE_PATH_MAX];
	struct error inner = {};
	int r;

	TRY(tenant_store_path(path, name, "/lock", err));
	fd = storage_openat(storage, path, O_RDONLY, &inner);
	if (fd == -ENOENT)
		return no_such(name, err);
	if (fd < 0) {
		*err = inner;
		return fd;
	}
	r = file_lock(fd, path, 1, LOCK_WAIT_MS, err);
	if (r == -EWOULDBLOCK)
		return error_set(err, EBUSY, "tenant `%s` is busy: another command is at it", name);
	TRY(r);
	r = is_current(storage, path, fd, err);
	TRY(r);
	return r ? steal_fd(&fd) : no_such(name, err);
}

/* --- remove ------------------------------------------------------------------------------------ */

static int plan_layer(const struct storage *storage, const struct references *references,
		      const char *layer, struct journal *journal, struct error *err)
{
	char path[STORAGE_PATH_MAX];

	if (reference_holder(references, layer, journal->record.object))
		return 0;
	TRY(storage_mounts_check(storage, layer, err));
	TRY(storage_path(path, err, "layers/%s", layer));
	/* A snapshot tree may name a layer more than once. */
	for (size_t i = 0; i < journal->record.steps.n; i++)
		if (!strcmp(journal->record.steps.item[i].from, path))
			return 0;
	return journal_plan_trash(journal, path, err);
}

static bool has(char *const *layers, size_t n, const char *layer)
{
	for (size_t i = 0; i < n; i++)
		if (!strcmp(layers[i], layer))
			return true;
	return false;
}

/* The usual case, which needs no look at all the others: only layers of its template. */
static bool has_own_layers(const struct storage *storage, const struct tenant *tenant,
			   const struct reference *own)
{
	cleanup_template struct spec_template template = {};
	struct error ignored;
	bool ret = false;

	if (!tenant->template_ ||
	    template_load(storage, tenant->template_->name, &template, &ignored) < 0)
		return true;
	for (size_t i = 0; i < own->layers.n; i++)
		ret = ret || !has(template.layers.item, template.layers.n, own->layers.item[i]);
	return ret;
}

/* What the tenant alone names; of a damaged one the layers are left to gc. */
static int plan_layers(const struct storage *storage, const char *name, struct journal *journal,
		       struct error *err)
{
	cleanup_references struct references all = {};
	cleanup_snapshot_tree struct snapshot_tree tree = {};
	cleanup_tenant struct tenant tenant = {};
	struct reference own = {};
	struct error ignored;

	if (tenant_store_load(storage, name, &tenant, &ignored) < 0 ||
	    tenant_store_load_tree(storage, name, &tree, &ignored) < 0)
		return 0;
	own.layers.item = tree.base.item;
	own.layers.n = tree.base.n;
	if (!tree.nodes.n && !tree.layers.n && !has_own_layers(storage, &tenant, &own))
		return 0;
	TRY(reference_find(storage, &all, err));
	for (size_t i = 0; i < all.list.n; i++) {
		const struct reference *reference = &all.list.item[i];

		if (strcmp(reference->holder, journal->record.object) != 0)
			continue;
		for (size_t k = 0; k < reference->layers.n; k++)
			TRY(plan_layer(storage, &all, reference->layers.item[k], journal, err));
	}
	return 0;
}

static int remove_locked(struct storage *storage, const char *name, struct journal *journal,
			 struct error *err)
{
	char path[STORAGE_PATH_MAX];

	TRY(tenant_store_path(path, name, "", err));
	TRY(journal_begin(storage, "destroy", path, journal, err));
	TRY(plan_layers(storage, name, journal, err));
	TRY(journal_plan_trash(journal, path, err));
	return journal_commit(storage, journal, err);
}

int tenant_store_remove(struct storage *storage, const char *name, struct error *err)
{
	struct journal journal = JOURNAL_EMPTY;
	int r;

	TRY(storage_lock(storage, true, err));
	r = remove_locked(storage, name, &journal, err);
	journal_release(storage, &journal);
	storage_unlock(storage);
	TRY(r);
	return trash_empty(storage, err);
}
