/* SPDX-License-Identifier: Apache-2.0 */
#include "tenant/deploy.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/fd.h"
#include "base/list.h"
#include "kernel/rootfs.h"
#include "kernel/workers.h"
#include "storage/journal.h"
#include "storage/template.h"
#include "storage/trash.h"
#include "tenant/deploy_program.h"
#include "tenant/id_range.h"
#include "tenant/tenant_store.h"

#define SUBID_SIZE_MAX (1u << 20)
#define UUID_SIZE      37

/* One deploy under way. */
struct work {
	struct deploy_stage stage;
	struct tenant common; /* what all of them have; settings are the caller's */
	struct strv layers;
	struct strv names;
	struct {
		uint32_t *item;
		size_t n;
	} bases; /* of those that are there, then of ours */
	size_t n_others;
};

static void release_work(struct work *w)
{
	w->common.settings = NULL;
	tenant_release(&w->common);
	strv_release(&w->layers);
	strv_release(&w->names);
	free(w->bases.item);
}
#define cleanup_work __attribute__((__cleanup__(release_work)))

/* --- names and ids ----------------------------------------------------------------------------- */

static int add_name(const struct storage *storage, const char *name, struct work *w,
		    struct error *err)
{
	char path[STORAGE_PATH_MAX];
	int there;

	TRY(tenant_store_path(path, name, "", err));
	if (!w->stage.deploy->settings->hostname)
		TRY(tenant_check_hostname("name", name, err));
	there = storage_exists(storage, path, err);
	TRY(there);
	if (there)
		return error_set(err, EEXIST, "tenant `%s` exists already", name);
	return strv_add(&w->names, name, err);
}

static int choose_names(const struct storage *storage, struct work *w, struct error *err)
{
	const struct deploy *deploy = w->stage.deploy;

	if (!deploy->count)
		return add_name(storage, deploy->name, w, err);
	if (deploy->count > DEPLOY_COUNT_MAX)
		return error_set(err, EINVAL, "deploy: %zu tenants at once, more than %d",
				 deploy->count, DEPLOY_COUNT_MAX);
	for (size_t i = 1; i <= deploy->count; i++) {
		cleanup_free char *name = NULL;

		TRY(str_printf(&name, err, "%s%zu", deploy->name, i));
		TRY(add_name(storage, name, w, err));
	}
	return 0;
}

static int read_subids(const char *path, char **ret, struct error *err)
{
	struct error inner = {};
	int r = fd_read_file(AT_FDCWD, path, SUBID_SIZE_MAX, ret, NULL, &inner);

	if (r < 0 && r != -ENOENT)
		*err = inner;
	return r == -ENOENT ? 0 : r;
}

static int add_base(struct work *w, uint32_t base, struct error *err)
{
	uint32_t *slot = list_add(&w->bases);

	if (!slot)
		return error_errno(err, ENOMEM, "choose ids");
	*slot = base;
	return 0;
}

static int find_taken(const struct storage *storage, struct work *w, struct error *err)
{
	cleanup_strv struct strv names = {};

	TRY(tenant_store_list(storage, &names, err));
	for (size_t i = 0; i < names.n; i++) {
		cleanup_tenant struct tenant tenant = {};

		TRY(tenant_store_load(storage, names.item[i], &tenant, err));
		TRY(add_base(w, (uint32_t)tenant.id_base.value, err));
	}
	w->n_others = w->bases.n;
	return 0;
}

/* The range that was asked for, and as many as are needed behind it. */
static int take_range(const struct id_range *block, struct work *w, size_t i, struct error *err)
{
	uint64_t base = (uint64_t)w->stage.deploy->id_base.value + (uint64_t)i * ID_RANGE_SIZE;

	if (base > UINT32_MAX)
		return error_set(err, EINVAL, "id range %llu: there are no such ids",
				 (unsigned long long)base);
	TRY(id_range_check(block, (uint32_t)base, err));
	for (size_t k = 0; k < w->n_others; k++)
		if (w->bases.item[k] == base)
			return error_set(err, EEXIST, "id range %llu is another tenant's",
					 (unsigned long long)base);
	return add_base(w, (uint32_t)base, err);
}

/*
 * The lowest free ones, each found from those before: the list stays sorted, so that they are put
 * behind it in their order and chosen again from a copy.
 */
static int choose_range(const struct id_range *block, struct work *w, uint32_t *taken,
			struct error *err)
{
	uint32_t base;

	memcpy(taken, w->bases.item, w->bases.n * sizeof *taken);
	TRY(id_range_choose(block, taken, w->bases.n, &base, err));
	return add_base(w, base, err);
}

static int choose_ids(const struct storage *storage, struct work *w, struct error *err)
{
	cleanup_free char *subuid = NULL, *subgid = NULL;
	cleanup_free uint32_t *taken = NULL;
	struct id_range block;

	TRY(read_subids("/etc/subuid", &subuid, err));
	TRY(read_subids("/etc/subgid", &subgid, err));
	TRY(id_range_block(subuid, subgid, &block, err));
	TRY(find_taken(storage, w, err));
	taken = calloc(w->n_others + w->names.n, sizeof *taken);
	if (!taken)
		return error_errno(err, ENOMEM, "choose ids");
	for (size_t i = 0; i < w->names.n; i++)
		TRY(w->stage.deploy->id_base.set ? take_range(&block, w, i, err) :
						   choose_range(&block, w, taken, err));
	return 0;
}

/* RFC 9562, version 4. */
static int make_uuid(char ret[UUID_SIZE], struct error *err)
{
	unsigned char b[16];

	if (getrandom(b, sizeof b, 0) != sizeof b)
		return error_errno(err, errno, "make a uuid");
	b[6] = (unsigned char)((b[6] & 0x0f) | 0x40);
	b[8] = (unsigned char)((b[8] & 0x3f) | 0x80);
	for (size_t i = 0, at = 0; i < sizeof b; i++) {
		if (i == 4 || i == 6 || i == 8 || i == 10)
			ret[at++] = '-';
		snprintf(ret + at, 3, "%02x", b[i]);
		at += 2;
	}
	return 0;
}

/* --- the template ------------------------------------------------------------------------------ */

static bool is_busybox(int layer)
{
	struct error ignored;
	cleanup_close int fd =
		rootfs_open_nofollow(layer, "/sbin/init", O_PATH, &ignored);
	char target[64] = "";

	return fd >= 0 && readlinkat(fd, "", target, sizeof target - 1) > 0 &&
	       strstr(target, "busybox");
}

static int has_busybox(const struct storage *storage, const struct spec_template *template,
		       struct error *err)
{
	cleanup_template_layers struct template_layers layers = TEMPLATE_LAYERS_EMPTY;
	bool found = false;

	TRY(template_open_layers(storage, template, &layers, err));
	for (size_t i = 0; i < layers.lower.n; i++)
		found = found || is_busybox(layers.lower.item[i]);
	return found;
}

static int take_template(const struct storage *storage, struct work *w, struct error *err)
{
	cleanup_template struct spec_template template = {};
	struct tenant *common = &w->common;
	char now[CLOCK_TEXT_SIZE];
	int busybox;

	TRY(template_load(storage, w->stage.deploy->template_name, &template, err));
	for (size_t i = template.layers.n; i > 0; i--)
		TRY(strv_add(&w->layers, template.layers.item[i - 1], err));
	busybox = has_busybox(storage, &template, err);
	TRY(busybox);
	clock_now(0, now);
	common->created = strdup(now);
	common->template_ = calloc(1, sizeof *common->template_);
	if (!common->created || !common->template_)
		return error_errno(err, ENOMEM, "describe the tenant");
	common->template_->name = steal_ptr(&template.name);
	common->template_->digest = steal_ptr(&template.digest);
	return deploy_program(&template, busybox, common, err);
}

/* --- making ------------------------------------------------------------------------------------ */

static int make_one(void *data, size_t i, struct error *err)
{
	const struct work *w = data;
	struct tenant tenant = w->common; /* borrowed */
	char uuid[UUID_SIZE];

	TRY(make_uuid(uuid, err));
	tenant.uuid = uuid;
	tenant.name = w->names.item[i];
	tenant.id_base = (struct optional_int){ true, w->bases.item[w->n_others + i] };
	if (deploy_stage(&w->stage, &tenant, err) < 0)
		return error_prefix(err, "deploy `%s`: ", tenant.name);
	return 0;
}

static int commit(const struct storage *storage, const struct work *w, struct journal *journal,
		  struct error *err)
{
	for (size_t i = 0; i < w->names.n; i++) {
		char from[STORAGE_PATH_MAX], to[STORAGE_PATH_MAX];

		TRY(storage_path(from, err, "staging/%s/tenants/%s", journal->id,
				 w->names.item[i]));
		TRY(tenant_store_path(to, w->names.item[i], "", err));
		TRY(journal_plan_move(journal, from, to, err));
	}
	return journal_commit(storage, journal, err);
}

static int make_all(struct storage *storage, struct work *w, struct journal *journal,
		    struct error *err)
{
	const struct deploy *deploy = w->stage.deploy;
	struct workers workers = { .work = make_one,
				   .data = w,
				   .tell = deploy->tell,
				   .tell_data = deploy->tell_data };
	char object[STORAGE_PATH_MAX];

	TRY(choose_names(storage, w, err));
	TRY(choose_ids(storage, w, err));
	TRY(take_template(storage, w, err));
	TRY(tenant_store_path(object, w->names.item[0], "", err));
	TRY(journal_begin(storage, "deploy", object, journal, err));
	w->stage.journal_id = journal->id;
	w->stage.staging_fd = journal->staging_fd;
	if (mkdirat(journal->staging_fd, "tenants", 0700) < 0 ||
	    mkdirat(journal->staging_fd, "scratch", 0700) < 0)
		return error_errno(err, errno, "make the staging directories");
	workers.n = w->names.n;
	TRY(workers_run(&workers, err));
	return commit(storage, w, journal, err);
}

static int check(const struct deploy *deploy, struct error *err)
{
	const struct tenant_settings *settings = deploy->settings;

	if (settings->hostname)
		TRY(tenant_check_hostname("hostname", settings->hostname, err));
	for (size_t i = 0; i < settings->env.n; i++)
		TRY(tenant_check_env("env", settings->env.item[i], err));
	for (size_t i = 0; i < settings->binds.n; i++)
		TRY(tenant_check_bind("bind", &settings->binds.item[i], err));
	return 0;
}

int deploy_tenants(struct storage *storage, const struct deploy *deploy, struct strv *ret,
		   struct error *err)
{
	cleanup_work struct work w = {
		.stage = { .storage = storage, .deploy = deploy, .staging_fd = -1 },
		.common = { .settings = (struct tenant_settings *)deploy->settings },
	};
	struct journal journal = JOURNAL_EMPTY;
	struct error ignored = {};
	int r;

	w.stage.layers = &w.layers;
	TRY(check(deploy, err));
	TRY(storage_lock(storage, true, err));
	r = make_all(storage, &w, &journal, err);
	journal_release(storage, &journal);
	storage_unlock(storage);
	trash_empty(storage, &ignored);
	TRY(r);
	*ret = w.names;
	w.names = (struct strv){};
	return 0;
}
