/* SPDX-License-Identifier: Apache-2.0 */
/* Looking at tenants. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "api_tenant.h"
#include "base/cleanup.h"
#include "base/log.h"
#include "lifecycle/inspect.h"
#include "tenant/tenant_store.h"

/* --- those that do not run, for the list ------------------------------------------------------- */

static int compare(const void *left, const void *right)
{
	return strcmp(*(char *const *)left, *(char *const *)right);
}

static bool has(const struct strv *sorted, char *name)
{
	return sorted->n &&
	       bsearch(&name, sorted->item, sorted->n, sizeof *sorted->item, compare);
}

/* Whoever may not look into the store, or finds none, has no tenants. */
int api_tenant_list_stopped(struct ctr_runtime *runtime, const struct strv *ids,
			    struct storage *ret_storage, struct strv *ret, struct error *err)
{
	cleanup_strv struct strv names = { 0 };
	struct error inner = { 0 };
	int r = storage_open(runtime->store, STORAGE_LOOK, ret_storage, &inner);

	if (r < 0) {
		if (r != -ENOENT && r != -EACCES && r != -EPERM)
			log_warning("%s", inner.text);
		return 0;
	}
	TRY(tenant_store_list(ret_storage, &names, err));
	for (size_t i = 0; i < names.n; i++)
		if (!has(ids, names.item[i]))
			TRY(strv_add(ret, names.item[i], err));
	return 0;
}

/* Its strings become the entry's, which is released also after a failure. */
static int fill(const struct storage *storage, struct tenant *tenant, struct ctr_container *ret,
		struct error *err)
{
	ret->status = CTR_STOPPED;
	ret->created = tenant->created ? steal_ptr(&tenant->created) : strdup("");
	if (!ret->created)
		return error_errno(err, ENOMEM, "list tenants");
	TRY(str_printf(&ret->bundle, err, "%s/tenants/%s", storage->path, ret->id));
	TRY(str_printf(&ret->rootfs, err, "%s/rootfs", ret->bundle));
	return inspect_user_name(0, &ret->owner, err);
}

int api_tenant_describe(const struct storage *storage, const char *name,
			struct ctr_container *ret, struct error *err)
{
	cleanup_tenant struct tenant tenant = { 0 };
	struct error problem = { 0 };
	int r;

	ret->id = strdup(name);
	if (!ret->id)
		return error_errno(err, ENOMEM, "list tenants");
	r = tenant_store_load(storage, name, &tenant, &problem);
	if (r == 0)
		return fill(storage, &tenant, ret, err);
	ret->problem = strdup(problem.text);
	return ret->problem ? 0 : error_errno(err, ENOMEM, "list tenants");
}

/* --- info -------------------------------------------------------------------------------------- */

struct now {
	char *status;
	struct optional_int pid;
	char *bundle;
};

/* clang-format off */
static SCHEMA(now,
	STRING(now, status, "status"),
	INT(now, pid, "pid"),
	STRING(now, bundle, "bundle"));
/* clang-format on */

/* One document of two, which are both indented objects. */
static int join(char *first, const char *second, char **ret, struct error *err)
{
	char *end = strrchr(first, '}');

	while (end > first && (end[-1] == '\n' || end[-1] == ' '))
		end--;
	return str_printf(ret, err, "%.*s,%s", (int)(end - first), first, second + 1);
}

static int info(struct ctr_runtime *runtime, const char *name, char **ret, struct error *err)
{
	cleanup_storage struct storage storage = { .fd = -1, .lock_fd = -1 };
	cleanup_container struct container c = { .fd = -1, .pidfd = -1 };
	cleanup_tenant struct tenant tenant = { 0 };
	cleanup_free char *first = NULL, *second = NULL, *bundle = NULL;
	struct now now = { 0 };
	int r;

	TRY(api_tenant_open_store(runtime, name, &storage, err));
	TRY(tenant_store_load(&storage, name, &tenant, err));
	r = api_tenant_look(runtime, &storage, name, &c, err);
	if (r < 0 && r != -EEXIST)
		return r;
	TRY(str_printf(&bundle, err, "%s/tenants/%s", storage.path, name));
	now.bundle = bundle;
	now.status = (char *)status_name(r == 1 ? c.status : STATUS_STOPPED);
	if (r == 1 && c.status != STATUS_STOPPED)
		now.pid = c.record.pid;
	TRY(json_encode(&now_schema, &now, JSON_INDENTED, &first, err));
	TRY(json_encode(&tenant_schema, &tenant, JSON_INDENTED, &second, err));
	return join(first, second, ret, err);
}

int ctr_tenant_info(struct ctr_runtime *runtime, const char *name, char **ret,
		    struct ctr_error *err)
{
	struct error inside = { 0 };

	return api_result(info(runtime, name, ret, &inside), &inside, err);
}
