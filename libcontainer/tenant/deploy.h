/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Making tenants from a template: one, or many at once, and then all of them or none.
 *
 * Each is staged as a whole, by as many processes as there are processors, with its overlay
 * mounted once so that it can be made its own; one journal moves them to their places. The
 * store stays locked from the choice of ids to the commit: that keeps the template and its
 * layers, and two deploys from choosing the same ids.
 */
#pragma once

#include "storage/storage.h"
#include "tenant/personalize.h"
#include "tenant/tenant.h"
#include "tenant/tenant_root.h"

struct deploy {
	const char *name; /* of one; what precedes the numbers of many */
	size_t count;	  /* 0: one, of exactly that name */
	const char *template_name;
	const struct tenant_settings *settings;
	struct optional_int id_base; /* of the first one; absent: the lowest that is free */
	/* hostname and uuid are each tenant's own */
	struct personalize personalize;
	struct tenant_host host;
	void (*tell)(void *data, size_t done, size_t n); /* NULL: nobody */
	void *tell_data;
};

#define DEPLOY_COUNT_MAX 4095

/*
 * Make them; `*ret` gets their names. On failure nothing is left. Errors: EINVAL, EEXIST,
 * ENOENT (template), ENOSPC (ids, disk), EBUSY.
 */
int deploy_tenants(struct storage *storage, const struct deploy *deploy, struct strv *ret,
		   struct error *err);

/* Everything of one tenant, below staging (deploy_stage.c, private to deploy). */
struct deploy_stage {
	const struct storage *storage;
	const struct deploy *deploy;
	const char *journal_id;
	int staging_fd;
	const struct strv *layers; /* the topmost first */
};
int deploy_stage(const struct deploy_stage *stage, const struct tenant *tenant, struct error *err);
