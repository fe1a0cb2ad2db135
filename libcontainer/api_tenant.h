/* SPDX-License-Identifier: Apache-2.0 */
/* What the files about tenants share: a tenant of the store and the container that it runs as. */
#pragma once

#include "api.h"
#include "base/str.h"
#include "storage/storage.h"
#include "tenant/tenant.h"
#include "tenant/tenant_root.h"

/* Open the store, which is there. Errors: ENOENT ("tenant `NAME` does not exist"). */
int api_tenant_open_store(struct ctr_runtime *runtime, const char *name, struct storage *ret,
			  struct error *err);

/* Is there such a tenant? False also where nobody can know. */
bool api_tenant_exists(struct ctr_runtime *runtime, const char *name);

/*
 * The container that the tenant runs as. 1: it is in `*ret`; 0: there is none. Errors: EEXIST (a
 * container by that name is not the tenant's).
 */
int api_tenant_look(struct ctr_runtime *runtime, const struct storage *storage, const char *name,
		    struct container *ret, struct error *err);

/* Create and start it, which does not run. */
int api_tenant_start(struct ctr_runtime *runtime, const struct storage *storage, const char *name,
		     struct error *err);
int api_tenant_start_named(struct ctr_runtime *runtime, const char *name, struct error *err);

/* Remove its container (killed when it runs), then the tenant. */
int api_tenant_remove(struct ctr_runtime *runtime, struct storage *storage, const char *name,
		      bool force, struct error *err);

/* What the host gives to mount overlays with. */
int api_tenant_host(struct ctr_runtime *runtime, struct tenant_host *ret, struct error *err);

/* The tenants of the store without a container among `ids`, which are sorted. No store: none. */
int api_tenant_list_stopped(struct ctr_runtime *runtime, const struct strv *ids,
			    struct storage *ret_storage, struct strv *ret, struct error *err);

/* As the state document and the list have it. */
int api_tenant_describe(const struct storage *storage, const char *name,
			struct ctr_container *ret, struct error *err);
