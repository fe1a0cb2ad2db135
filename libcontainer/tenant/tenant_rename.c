/* SPDX-License-Identifier: Apache-2.0 */
/* The name stands in the documents, too: those are staged, and take their places in one journal. */
#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "storage/journal.h"
#include "storage/trash.h"
#include "tenant/tenant_bundle.h"
#include "tenant/tenant_store.h"

static const char *const documents[] = { "tenant.json", "config.json", "rootfs.json" };

/* Strings are borrowed from `tenant`, which the caller releases as it was. */
static int stage(const struct storage *storage, int staging_fd, struct tenant tenant,
		 const char *name, const struct strv *layers, struct error *err)
{
	struct tenant_settings settings = *tenant.settings;

	/* The server is who it was. */
	if (!settings.hostname)
		settings.hostname = tenant.name;
	tenant.settings = &settings;
	tenant.name = (char *)name;
	TRY(tenant_bundle_save_tenant(staging_fd, &tenant, err));
	TRY(tenant_bundle_save_config(staging_fd, &tenant, err));
	return tenant_bundle_save_rootfs(staging_fd, storage->path, &tenant, layers, err);
}

static int plan(struct journal *journal, const char *from, const char *to, struct error *err)
{
	TRY(journal_plan_move(journal, from, to, err));
	for (size_t i = 0; i < sizeof documents / sizeof *documents; i++) {
		char staged[STORAGE_PATH_MAX], place[STORAGE_PATH_MAX];

		TRY(storage_path(staged, err, "staging/%s/%s", journal->id, documents[i]));
		TRY(storage_path(place, err, "%s/%s", to, documents[i]));
		TRY(journal_plan_replace(journal, staged, place, err));
	}
	return 0;
}

static int rename_locked(struct storage *storage, const char *from, const char *to,
			 struct journal *journal, struct error *err)
{
	char from_path[STORAGE_PATH_MAX], to_path[STORAGE_PATH_MAX];
	cleanup_snapshot_tree struct snapshot_tree tree = {};
	cleanup_tenant struct tenant tenant = {};
	cleanup_strv struct strv layers = {};
	int there;

	TRY(tenant_store_path(from_path, from, "", err));
	TRY(tenant_store_path(to_path, to, "", err));
	there = storage_exists(storage, to_path, err);
	TRY(there);
	if (there)
		return error_set(err, EEXIST, "tenant `%s` exists already", to);
	TRY(tenant_store_load(storage, from, &tenant, err));
	TRY(tenant_store_load_tree(storage, from, &tree, err));
	TRY(snapshot_tree_layers_now(&tree, &layers, err));
	TRY(journal_begin(storage, "rename", from_path, journal, err));
	TRY(stage(storage, journal->staging_fd, tenant, to, &layers, err));
	TRY(plan(journal, from_path, to_path, err));
	return journal_commit(storage, journal, err);
}

int tenant_store_rename(struct storage *storage, const char *from, const char *to,
			struct error *err)
{
	struct journal journal = JOURNAL_EMPTY;
	struct error ignored = {};
	int r;

	TRY(storage_lock(storage, true, err));
	r = rename_locked(storage, from, to, &journal, err);
	journal_release(storage, &journal);
	storage_unlock(storage);
	trash_empty(storage, &ignored);
	return r;
}
