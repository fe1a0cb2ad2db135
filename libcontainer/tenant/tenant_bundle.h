/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The documents of a tenant, written into its directory or one that is staged for it. Each
 * appears whole; what must change together is changed by a journal.
 */
#pragma once

#include "base/str.h"
#include "tenant/tenant.h"

#define TENANT_BUNDLE_ROOTFS "rootfs" /* root.path: stays empty */

int tenant_bundle_save_tenant(int dir_fd, const struct tenant *tenant, struct error *err);

/* config.json, made of the tenant's document. */
int tenant_bundle_save_config(int dir_fd, const struct tenant *tenant, struct error *err);

/* rootfs.json: `layers` are ids below the writable layer, the topmost first. */
int tenant_bundle_save_rootfs(int dir_fd, const char *store, const struct tenant *tenant,
			      const struct strv *layers, struct error *err);

/* Encode `document` and write it as `name`. */
int tenant_bundle_save(int dir_fd, const char *name, const struct json_schema *schema,
		       const void *document, struct error *err);
