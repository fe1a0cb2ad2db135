/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tenants in the store: tenants/NAME with tenant.json, snapshots.json, the OCI bundle
 * (config.json, rootfs.json, an empty rootfs/), the writable layer (upper/, work/) and `lock`.
 */
#pragma once

#include <stdbool.h>

#include "storage/snapshot_tree.h"
#include "storage/storage.h"
#include "tenant/tenant.h"

#define cleanup_tenant __attribute__((__cleanup__(tenant_release)))

/* "tenants/NAME" and `file` behind it ("" or "/upper"). Errors: EINVAL (name). */
int tenant_store_path(char ret[STORAGE_PATH_MAX], const char *name, const char *file,
		      struct error *err);

/* Errors: ENOENT ("tenant `NAME` does not exist"), EINVAL (name, damaged). */
int tenant_store_load(const struct storage *storage, const char *name, struct tenant *ret,
		      struct error *err);
int tenant_store_load_tree(const struct storage *storage, const char *name,
			   struct snapshot_tree *ret, struct error *err);

/* Names of all, sorted. */
int tenant_store_list(const struct storage *storage, struct strv *ret, struct error *err);

/*
 * Lock the tenant for as long as the returned descriptor and its copies are open: whoever uses
 * its writable layer while no container of it runs, changes it or starts it. Errors: ENOENT,
 * EBUSY (another command is at it).
 */
int tenant_store_lock(const struct storage *storage, const char *name, struct error *err);

/*
 * Give it another name. It is locked, and no container of it is there; `storage` is not locked.
 * Its hostname stays what it was. Errors: EEXIST, EINVAL, ENOENT.
 */
int tenant_store_rename(struct storage *storage, const char *from, const char *to,
			struct error *err);

/*
 * Remove the tenant, with the layers that nobody else needs. It is locked, and no container of
 * it is there. `storage` is not locked. Errors: as journal_begin and journal_commit.
 */
int tenant_store_remove(struct storage *storage, const char *name, struct error *err);
