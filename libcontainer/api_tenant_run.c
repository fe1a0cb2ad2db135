/* SPDX-License-Identifier: Apache-2.0 */
/* A tenant while it runs: the container by its name. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "api_tenant.h"
#include "base/cleanup.h"
#include "base/fd.h"
#include "base/passwd.h"
#include "kernel/process.h"
#include "kernel/rootfs.h"
#include "lifecycle/inspect.h"
#include "plan/rootfs_plan.h"
#include "tenant/tenant_store.h"

#define STOP_TIMEOUT_MS 10000

int api_tenant_open_store(struct ctr_runtime *runtime, const char *name, struct storage *ret,
			  struct error *err)
{
	struct error inner = { 0 };
	int r;

	if (!name)
		return error_set(err, EINVAL, "no name of a tenant is given");
	TRY(storage_check_name("tenant", name, err));
	r = storage_open(runtime->store, STORAGE_LOOK, ret, &inner);
	if (r == -ENOENT)
		return error_set(err, ENOENT, "tenant `%s` does not exist (no store at %s)", name,
				 runtime->store);
	if (r < 0)
		*err = inner;
	return r;
}

bool api_tenant_exists(struct ctr_runtime *runtime, const char *name)
{
	cleanup_storage struct storage storage = { .fd = -1, .lock_fd = -1 };
	char path[STORAGE_PATH_MAX];
	struct error ignored;

	return api_tenant_open_store(runtime, name, &storage, &ignored) == 0 &&
	       tenant_store_path(path, name, "", &ignored) == 0 &&
	       storage_exists(&storage, path, &ignored) == 1;
}

int api_tenant_host(struct ctr_runtime *runtime, struct tenant_host *ret, struct error *err)
{
	const struct host *host = lifecycle_host(&runtime->lifecycle, err);
	int proc_fd = host ? lifecycle_proc(&runtime->lifecycle, err) : -1;

	if (!host || proc_fd < 0)
		return -err->code;
	*ret = (struct tenant_host){ proc_fd, rootfs_plan_detached(host) };
	return 0;
}

static int bundle_path(const struct storage *storage, const char *name, char **ret,
		       struct error *err)
{
	return str_printf(ret, err, "%s/tenants/%s", storage->path, name);
}

int api_tenant_look(struct ctr_runtime *runtime, const struct storage *storage, const char *name,
		    struct container *ret, struct error *err)
{
	cleanup_container struct container c = { .fd = -1, .pidfd = -1 };
	cleanup_free char *bundle = NULL;
	struct error inner = { 0 };
	int r = api_open_root(runtime, API_ROOT_EXISTS, &inner);

	if (r == 0)
		r = inspect_open(&runtime->lifecycle, name, false, &c, &inner);
	if (r == -ENOENT)
		return 0;
	if (r < 0) {
		*err = inner;
		return r;
	}
	TRY(bundle_path(storage, name, &bundle, err));
	if (strcmp(c.record.bundle, bundle) != 0)
		return error_set(err, EEXIST,
				 "container `%s` is not the tenant's: it was made from %s", name,
				 c.record.bundle);
	*ret = c;
	c = (struct container){ .fd = -1, .pidfd = -1 };
	return 1;
}

/* --- start ------------------------------------------------------------------------------------- */

/* What is left of the time before goes. */
static int make_room(struct ctr_runtime *runtime, const struct storage *storage, const char *name,
		     struct error *err)
{
	cleanup_container struct container c = { .fd = -1, .pidfd = -1 };
	int r = api_tenant_look(runtime, storage, name, &c, err);

	if (r <= 0)
		return r;
	if (c.status != STATUS_STOPPED)
		return error_set(err, STATUS_REFUSED, "tenant `%s` runs already", name);
	return delete_container(&runtime->lifecycle, name, true, err);
}

/*
 * The lock is for the time between: before it the container's state says that nobody runs, and
 * after it that the tenant does.
 */
int api_tenant_start(struct ctr_runtime *runtime, const struct storage *storage, const char *name,
		     struct error *err)
{
	struct create_result result = { -1, -1, { -1, -1, -1 } };
	struct create_options options = { .config = "config.json" };
	cleanup_close int lock = tenant_store_lock(storage, name, err);
	cleanup_free char *bundle = NULL;

	TRY(lock);
	TRY(api_begin(runtime, name, API_ROOT_MAKE, err));
	TRY(make_room(runtime, storage, name, err));
	TRY(bundle_path(storage, name, &bundle, err));
	options.bundle = bundle;
	if (create_container(&runtime->lifecycle, name, &options,
			     (struct create_how){ .start = true, .silent = true }, &result, err) <
	    0)
		return error_prefix(err, "start tenant `%s`: ", name);
	create_result_release(&result);
	return 0;
}

int api_tenant_start_named(struct ctr_runtime *runtime, const char *name, struct error *err)
{
	cleanup_storage struct storage storage = { .fd = -1, .lock_fd = -1 };

	TRY(api_tenant_open_store(runtime, name, &storage, err));
	return api_tenant_start(runtime, &storage, name, err);
}

/* --- stop -------------------------------------------------------------------------------------- */

static const char *signal_of(const struct tenant *tenant)
{
	return tenant->stop_signal ? tenant->stop_signal :
				     tenant_stop_signal((enum tenant_init)tenant->init.value);
}

/* Frozen it would neither hear nor end. */
static int ask(struct ctr_runtime *runtime, const struct tenant *tenant,
	       const struct container *c, int timeout_ms, struct error *err)
{
	struct lifecycle *l = &runtime->lifecycle;
	struct error inner = { 0 };
	int r;

	if (c->status == STATUS_PAUSED)
		TRY(pause_container(l, tenant->name, false, err));
	r = kill_container(l, tenant->name, signal_of(tenant), false, &inner);
	if (r == 0)
		r = process_wait_end(c->pidfd, timeout_ms, &inner);
	if (r == 0 || r == -ESRCH || r == -ETIMEDOUT)
		return 0;
	*err = inner;
	return r;
}

static int stop(struct ctr_runtime *runtime, const char *name, const struct ctr_stop_options *given,
		struct error *err)
{
	cleanup_storage struct storage storage = { .fd = -1, .lock_fd = -1 };
	cleanup_container struct container c = { .fd = -1, .pidfd = -1 };
	cleanup_tenant struct tenant tenant = { 0 };
	struct ctr_stop_options options = { 0 };
	int r;

	TRY(api_take_options(&options, sizeof options, given, err));
	if (options.timeout_ms < 0 || options.timeout_ms > INT_MAX)
		return error_set(err, EINVAL, "stop: a timeout of %lld ms is none",
				 (long long)options.timeout_ms);
	TRY(api_tenant_open_store(runtime, name, &storage, err));
	TRY(tenant_store_load(&storage, name, &tenant, err));
	r = api_tenant_look(runtime, &storage, name, &c, err);
	if (r <= 0)
		return r;
	if (c.status == STATUS_RUNNING || c.status == STATUS_PAUSED)
		TRY(ask(runtime, &tenant, &c,
			options.timeout_ms ? (int)options.timeout_ms : STOP_TIMEOUT_MS, err));
	return delete_container(&runtime->lifecycle, name, true, err);
}

int ctr_tenant_stop(struct ctr_runtime *runtime, const char *name,
		    const struct ctr_stop_options *options, struct ctr_error *err)
{
	struct error inside = { 0 };

	return api_result(stop(runtime, name, options, &inside), &inside, err);
}

/* --- the shell --------------------------------------------------------------------------------- */

/* What init sees as "/"; the process is the container's, whatever its pid was before. */
static int open_root(struct ctr_runtime *runtime, const char *id, struct error *err)
{
	cleanup_container struct container c = { .fd = -1, .pidfd = -1 };
	int proc_fd = lifecycle_proc(&runtime->lifecycle, err);
	cleanup_close int root = -1;
	char path[64];

	TRY(proc_fd);
	TRY(inspect_open(&runtime->lifecycle, id, false, &c, err));
	TRY(status_allows(c.status, STATUS_OP_EXEC, id, err));
	snprintf(path, sizeof path, "%lld/root", (long long)c.record.pid.value);
	root = openat(proc_fd, path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (root < 0)
		return error_errno(err, errno, "open the root of container `%s`", id);
	TRY(inspect_verify(&runtime->lifecycle, &c.record, err));
	return steal_fd(&root);
}

/* Of the first line for uid 0. The file is the container's: it may be anything, or missing. */
static int read_shell(int root, char **ret, struct error *err)
{
	struct error ignored;
	cleanup_close int fd =
		rootfs_open(root, "/etc/passwd", O_RDONLY | O_NONBLOCK | O_NOCTTY, &ignored);
	cleanup_free char *text = NULL;
	struct passwd_user user = { .shell = "" };
	struct stat st;

	if (fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
	    fd_read_all(fd, "/etc/passwd", PASSWD_SIZE_MAX, &text, NULL, &ignored) == 0)
		passwd_find(text, 0, &user);
	return str_printf(ret, err, "%s", *user.shell == '/' ? user.shell : "/bin/sh");
}

static int find_shell(struct ctr_runtime *runtime, const char *id, char **ret, struct error *err)
{
	cleanup_close int root = -1;

	TRY(api_begin(runtime, id, API_ROOT_EXISTS, err));
	root = open_root(runtime, id, err);
	TRY(root);
	return read_shell(root, ret, err);
}

int ctr_shell(struct ctr_runtime *runtime, const char *id, char **ret, struct ctr_error *err)
{
	struct error inside = { 0 };

	return api_result(find_shell(runtime, id, ret, &inside), &inside, err);
}
