/* SPDX-License-Identifier: Apache-2.0 */
/* The public functions that look at containers: state, list, processes. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "api_tenant.h"
#include "base/cleanup.h"
#include "base/list.h"
#include "lifecycle/inspect.h"

static int state(struct ctr_runtime *runtime, const char *id, char **ret, struct error *err)
{
	cleanup_view struct inspect_view view = inspect_view(&runtime->lifecycle);
	cleanup_container struct container c = { .fd = -1, .pidfd = -1 };

	TRY(api_begin(runtime, id, API_ROOT_EXISTS, err));
	TRY(inspect_look(&view, id, &c, err));
	return inspect_state_json(&c, ret, err);
}

int ctr_state(struct ctr_runtime *runtime, const char *id, char **ret, struct ctr_error *err)
{
	struct error inside = { 0 };

	return api_result(state(runtime, id, ret, &inside), &inside, err);
}

static int processes(struct ctr_runtime *runtime, const char *id, pid_t **ret, size_t *ret_n,
		     struct error *err)
{
	TRY(api_begin(runtime, id, API_ROOT_EXISTS, err));
	return kill_processes(&runtime->lifecycle, id, ret, ret_n, err);
}

int ctr_processes(struct ctr_runtime *runtime, const char *id, pid_t **ret, size_t *ret_n,
		  struct ctr_error *err)
{
	struct error inside = { 0 };

	return api_result(processes(runtime, id, ret, ret_n, &inside), &inside, err);
}

static int wait_for_end(struct ctr_runtime *runtime, const char *id, struct error *err)
{
	TRY(api_begin(runtime, id, API_ROOT_EXISTS, err));
	return wait_container(&runtime->lifecycle, id, err);
}

int ctr_wait(struct ctr_runtime *runtime, const char *id, struct ctr_error *err)
{
	struct error inside = { 0 };

	return api_result(wait_for_end(runtime, id, &inside), &inside, err);
}

static int events(struct ctr_runtime *runtime, const char *const *ids, size_t n,
		  const struct ctr_events_options *given, struct error *err)
{
	struct ctr_events_options options = { 0 };

	TRY(api_take_options(&options, sizeof options, given, err));
	if (!options.emit || options.interval_ms < 0)
		return error_set(err, EINVAL, "events: needs a function and an interval from 0");
	for (size_t i = 0; i < n; i++)
		TRY(api_begin(runtime, ids[i], API_ROOT_EXISTS, err));
	return events_containers(&runtime->lifecycle,
				 &(struct events_options){ ids, n, options.interval_ms,
							   options.emit, options.data },
				 err);
}

int ctr_events(struct ctr_runtime *runtime, const char *const *ids, size_t n,
	       const struct ctr_events_options *options, struct ctr_error *err)
{
	struct error inside = { 0 };

	return api_result(events(runtime, ids, n, options, &inside), &inside, err);
}

/* No root, no containers. */
static int list_ids(struct ctr_runtime *runtime, struct strv *ret, struct error *err)
{
	int r = api_open_root(runtime, API_ROOT_EXISTS, err);

	if (r == -ENOENT)
		return 0;
	TRY(r);
	return store_list(&runtime->lifecycle.store, ret, err);
}

struct listed {
	LIST_OF(struct ctr_container) containers;
};

static void release_listed(struct listed *listed)
{
	ctr_list_free(listed->containers.item, listed->containers.n);
}
#define cleanup_listed __attribute__((__cleanup__(release_listed)))

static char *copy(const char *text)
{
	return strdup(text ? text : "");
}

/* The record's strings become the entry's. */
static char *take(char **text)
{
	return *text ? steal_ptr(text) : strdup("");
}

static int describe(struct container *c, struct ctr_container *ret, struct error *err)
{
	struct store_record *record = &c->record;

	ret->status = (enum ctr_status)c->status;
	ret->pid = c->status == STATUS_STOPPED ? 0 : (int)record->pid.value;
	ret->bundle = take(&record->bundle);
	ret->created = take(&record->created);
	ret->rootfs = take(&record->rootfs);
	if (record->owner.set)
		return inspect_user_name(record->owner.value, &ret->owner, err);
	ret->owner = copy(NULL);
	return 0;
}

/* A container that has just been deleted is no entry; one that cannot be read is. */
static int list_one(struct inspect_view *view, const char *id, struct listed *listed,
		    struct error *err)
{
	cleanup_container struct container c = { .fd = -1, .pidfd = -1 };
	struct ctr_container *entry;
	int r = inspect_look(view, id, &c, err);

	if (r == -ENOENT)
		return 0;
	entry = list_add(&listed->containers);
	if (!entry)
		return error_errno(err, ENOMEM, "list containers");
	entry->id = copy(id);
	if (r < 0)
		entry->problem = copy(err->text);
	else
		TRY(describe(&c, entry, err));
	if (!entry->id ||
	    (r < 0 ? !entry->problem :
		     !entry->bundle || !entry->created || !entry->rootfs || !entry->owner))
		return error_errno(err, ENOMEM, "list containers");
	return 0;
}

static int compare(const void *left, const void *right)
{
	return strcmp(((const struct ctr_container *)left)->id,
		      ((const struct ctr_container *)right)->id);
}

/* Tenants that do not run: no container has their name. */
static int add_tenants(struct ctr_runtime *runtime, const struct strv *ids, struct listed *listed,
		       struct error *err)
{
	cleanup_storage struct storage storage = { .fd = -1, .lock_fd = -1 };
	cleanup_strv struct strv names = { 0 };

	TRY(api_tenant_list_stopped(runtime, ids, &storage, &names, err));
	for (size_t i = 0; i < names.n; i++) {
		struct ctr_container *entry = list_add(&listed->containers);

		if (!entry)
			return error_errno(err, ENOMEM, "list tenants");
		TRY(api_tenant_describe(&storage, names.item[i], entry, err));
	}
	if (names.n)
		qsort(listed->containers.item, listed->containers.n,
		      sizeof *listed->containers.item, compare);
	return 0;
}

static int list(struct ctr_runtime *runtime, struct ctr_container **ret, size_t *ret_n,
		struct error *err)
{
	cleanup_view struct inspect_view view = inspect_view(&runtime->lifecycle);
	cleanup_listed struct listed listed = { 0 };
	cleanup_strv struct strv ids = { 0 };

	TRY(list_ids(runtime, &ids, err));
	for (size_t i = 0; i < ids.n; i++)
		TRY(list_one(&view, ids.item[i], &listed, err));
	TRY(add_tenants(runtime, &ids, &listed, err));
	*ret_n = listed.containers.n;
	*ret = listed.containers.item;
	listed.containers.item = NULL;
	listed.containers.n = 0;
	return 0;
}

int ctr_list(struct ctr_runtime *runtime, struct ctr_container **ret, size_t *ret_n,
	     struct ctr_error *err)
{
	struct error inside = { 0 };

	return api_result(list(runtime, ret, ret_n, &inside), &inside, err);
}

static void release_entry(struct ctr_container *c)
{
	char *const owned[] = { c->id, c->bundle, c->created, c->owner, c->rootfs, c->problem };

	for (size_t k = 0; k < sizeof owned / sizeof *owned; k++)
		free(owned[k]);
}

void ctr_list_free(struct ctr_container *containers, size_t n)
{
	for (size_t i = 0; i < n; i++)
		release_entry(&containers[i]);
	free(containers);
}

/* What stands for a container that cannot be read: clients skip it, people see why. */
static int problem_json(const char *id, const char *problem, char **ret, struct error *err)
{
	struct json_pair note = { "ctr.problem", (char *)problem };
	struct spec_state state = {
		.oci_version = SPEC_VERSION,
		.id = (char *)id,
		.status = "unknown",
		.pid = { true, 0 },
		.bundle = "",
		.annotations = { &note, 1 },
	};

	return json_encode(&spec_state_schema, &state, JSON_INDENTED, ret, err);
}

static void add_document(struct str *out, const char *text)
{
	str_add(out, out->len ? "," : "[");
	str_add_n(out, text, strlen(text) - 1); /* without its newline */
}

static int add_json(struct inspect_view *view, const char *id, struct str *out, struct error *err)
{
	cleanup_container struct container c = { .fd = -1, .pidfd = -1 };
	cleanup_free char *text = NULL;
	int r = inspect_look(view, id, &c, err);

	if (r == -ENOENT)
		return 0;
	TRY(r < 0 ? problem_json(id, err->text, &text, err) : inspect_state_json(&c, &text, err));
	add_document(out, text);
	return 0;
}

static int add_tenant_json(const struct storage *storage, const char *name, struct str *out,
			   struct error *err)
{
	struct ctr_container entry = { 0 };
	cleanup_free char *text = NULL;
	struct spec_state state;
	int r = api_tenant_describe(storage, name, &entry, err);

	state = (struct spec_state){
		.oci_version = SPEC_VERSION,
		.id = entry.id,
		.status = (char *)status_name(STATUS_STOPPED),
		.pid = { true, 0 },
		.bundle = entry.bundle,
		.rootfs = entry.rootfs,
		.created = entry.created,
		.owner = entry.owner,
	};
	if (r == 0)
		r = entry.problem ? problem_json(name, entry.problem, &text, err) :
				    json_encode(&spec_state_schema, &state, JSON_INDENTED, &text, err);
	release_entry(&entry);
	TRY(r);
	add_document(out, text);
	return 0;
}

static int add_tenants_json(struct ctr_runtime *runtime, const struct strv *ids, struct str *out,
			    struct error *err)
{
	cleanup_storage struct storage storage = { .fd = -1, .lock_fd = -1 };
	cleanup_strv struct strv names = { 0 };

	TRY(api_tenant_list_stopped(runtime, ids, &storage, &names, err));
	for (size_t i = 0; i < names.n; i++)
		TRY(add_tenant_json(&storage, names.item[i], out, err));
	return 0;
}

static int list_json(struct ctr_runtime *runtime, char **ret, struct error *err)
{
	cleanup_view struct inspect_view view = inspect_view(&runtime->lifecycle);
	cleanup_strv struct strv ids = { 0 };
	cleanup_str struct str out = { 0 };

	TRY(list_ids(runtime, &ids, err));
	for (size_t i = 0; i < ids.n; i++)
		TRY(add_json(&view, ids.item[i], &out, err));
	TRY(add_tenants_json(runtime, &ids, &out, err));
	str_add(&out, out.len ? "]\n" : "[]\n");
	return str_steal(&out, ret, err);
}

int ctr_list_json(struct ctr_runtime *runtime, char **ret, struct ctr_error *err)
{
	struct error inside = { 0 };

	return api_result(list_json(runtime, ret, &inside), &inside, err);
}
