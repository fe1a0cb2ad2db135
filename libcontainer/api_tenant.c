/* SPDX-License-Identifier: Apache-2.0 */
/* Making tenants, and removing them. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "api_tenant.h"
#include "base/cleanup.h"
#include "base/list.h"
#include "base/log.h"
#include "kernel/workers.h"
#include "lifecycle/inspect.h"
#include "tenant/deploy.h"
#include "tenant/tenant_store.h"

/* --- destroy ----------------------------------------------------------------------------------- */

int api_tenant_remove(struct ctr_runtime *runtime, struct storage *storage, const char *name,
		      bool force, struct error *err)
{
	cleanup_container struct container c = { .fd = -1, .pidfd = -1 };
	cleanup_close int lock = tenant_store_lock(storage, name, err);
	int r;

	TRY(lock);
	r = api_tenant_look(runtime, storage, name, &c, err);
	/* Somebody else's container by that name stays. */
	if (r < 0 && r != -EEXIST)
		return r;
	if (r == 1 && c.status != STATUS_STOPPED && !force)
		return error_set(err, STATUS_REFUSED,
				 "tenant `%s` is %s: stop it first, or use --force", name,
				 status_name(c.status));
	if (r == 1)
		TRY(delete_container(&runtime->lifecycle, name, true, err));
	return tenant_store_remove(storage, name, err);
}

static int destroy(struct ctr_runtime *runtime, const char *name, bool force, struct error *err)
{
	cleanup_storage struct storage storage = { .fd = -1, .lock_fd = -1 };

	TRY(api_tenant_open_store(runtime, name, &storage, err));
	return api_tenant_remove(runtime, &storage, name, force, err);
}

int ctr_tenant_destroy(struct ctr_runtime *runtime, const char *name, bool force,
		       struct ctr_error *err)
{
	struct error inside = { 0 };

	return api_result(destroy(runtime, name, force, &inside), &inside, err);
}

/* --- rename ------------------------------------------------------------------------------------ */

static int rename_tenant(struct ctr_runtime *runtime, const char *name, const char *new_name,
			 struct error *err)
{
	cleanup_storage struct storage storage = { .fd = -1, .lock_fd = -1 };
	cleanup_container struct container c = { .fd = -1, .pidfd = -1 };
	cleanup_close int lock = -1;
	int r;

	if (!new_name)
		return error_set(err, EINVAL, "rename: no new name is given");
	TRY(api_tenant_open_store(runtime, name, &storage, err));
	lock = tenant_store_lock(&storage, name, err);
	TRY(lock);
	r = api_tenant_look(runtime, &storage, name, &c, err);
	if (r < 0 && r != -EEXIST)
		return r;
	if (r == 1 && c.status != STATUS_STOPPED)
		return error_set(err, STATUS_REFUSED, "tenant `%s` is %s: stop it first", name,
				 status_name(c.status));
	if (r == 1)
		TRY(delete_container(&runtime->lifecycle, name, true, err));
	return tenant_store_rename(&storage, name, new_name, err);
}

int ctr_tenant_rename(struct ctr_runtime *runtime, const char *name, const char *new_name,
		      struct ctr_error *err)
{
	struct error inside = { 0 };

	return api_result(rename_tenant(runtime, name, new_name, &inside), &inside, err);
}

/* --- deploy ------------------------------------------------------------------------------------ */

static struct optional_int limit(int64_t value)
{
	return (struct optional_int){ value > 0, value };
}

static size_t count_words(char *const *words)
{
	size_t n = 0;

	while (words && words[n])
		n++;
	return n;
}

/* Everything is borrowed but the list of binds, which the caller frees. */
static int take_settings(const struct ctr_deploy_options *options, struct tenant_settings *ret,
			 struct error *err)
{
	*ret = (struct tenant_settings){
		.hostname = (char *)options->hostname,
		.memory = limit(options->memory),
		.cpu_millis = limit(options->cpu_millis),
		.pids = limit(options->pids),
		.host_network = options->host_network,
	};
	ret->env.item = (char **)options->env;
	ret->env.n = count_words(options->env);
	ret->command.item = (char **)options->command;
	ret->command.n = count_words(options->command);
	for (size_t i = 0; i < options->n_binds; i++) {
		const struct ctr_bind *from = &options->binds[i];
		struct tenant_bind *bind = list_add(&ret->binds);

		if (!bind)
			return error_errno(err, ENOMEM, "deploy");
		*bind = (struct tenant_bind){ (char *)from->source, (char *)from->destination,
					      from->readonly };
	}
	return 0;
}

struct start_job {
	struct ctr_runtime *runtime;
	const struct storage *storage;
	const struct strv *names;
};

static int start_one(void *data, size_t i, struct error *err)
{
	const struct start_job *job = data;

	return api_tenant_start(job->runtime, job->storage, job->names->item[i], err);
}

/* All or none: what was made goes again. */
static void undo(struct ctr_runtime *runtime, struct storage *storage, const struct strv *names)
{
	for (size_t i = 0; i < names->n; i++) {
		struct error second = { 0 };

		if (api_tenant_remove(runtime, storage, names->item[i], true, &second) < 0)
			log_warning("undo deploy: %s", second.text);
	}
}

static int start_all(struct ctr_runtime *runtime, struct storage *storage,
		     const struct strv *names, const struct ctr_deploy_options *options,
		     struct error *err)
{
	struct start_job job = { runtime, storage, names };
	const struct workers workers = { .n = names->n,
					 .work = start_one,
					 .data = &job,
					 .tell = options->tell,
					 .tell_data = options->tell_data };

	/* Opened before, so that it is not done again in each process. */
	TRY(api_open_root(runtime, API_ROOT_MAKE, err));
	if (workers_run(&workers, err) == 0)
		return 0;
	undo(runtime, storage, names);
	return -err->code;
}

static int deploy_opened(struct ctr_runtime *runtime, struct storage *storage,
			 const char *name, const struct ctr_deploy_options *options,
			 const struct tenant_settings *settings, struct error *err)
{
	const struct personalize_account account = { options->user ? options->user : "root",
						     options->password_hash,
						     options->authorized_keys };
	struct deploy deploy = {
		.name = name,
		.count = (size_t)options->count,
		.template_name = options->template_name,
		.settings = settings,
		.id_base = limit(options->id_base),
		.personalize = { .resolv_conf = options->resolv_conf,
				 .user_data = options->user_data,
				 .accounts = &account,
				 .n_accounts = options->user || options->password_hash ||
					       options->authorized_keys,
				 .keep_identity = options->keep_identity },
		.tell = options->tell,
		.tell_data = options->tell_data,
	};
	cleanup_strv struct strv names = { 0 };

	TRY(api_tenant_host(runtime, &deploy.host, err));
	TRY(deploy_tenants(storage, &deploy, &names, err));
	return options->start ? start_all(runtime, storage, &names, options, err) : 0;
}

/* A signal that would end us waits until all of it has happened, or nothing. */
static int deploy_undisturbed(struct ctr_runtime *runtime, struct storage *storage,
			      const char *name, const struct ctr_deploy_options *options,
			      struct error *err)
{
	struct tenant_settings settings;
	sigset_t set, before;
	int r = take_settings(options, &settings, err);

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	sigprocmask(SIG_BLOCK, &set, &before);
	if (r == 0)
		r = deploy_opened(runtime, storage, name, options, &settings, err);
	sigprocmask(SIG_SETMASK, &before, NULL);
	free(settings.binds.item);
	return r;
}

static int deploy_named(struct ctr_runtime *runtime, const char *name,
			const struct ctr_deploy_options *given, struct error *err)
{
	cleanup_storage struct storage storage = { .fd = -1, .lock_fd = -1 };
	struct ctr_deploy_options options = { 0 };
	struct error inner = { 0 };
	int r;

	TRY(api_take_options(&options, sizeof options, given, err));
	if (!name)
		return error_set(err, EINVAL, "deploy: no name is given");
	if (!options.template_name)
		return error_set(err, EINVAL, "deploy: no template is given");
	if (options.count < 0 || options.memory < 0 || options.cpu_millis < 0 ||
	    options.pids < 0 || options.id_base < 0)
		return error_set(err, EINVAL, "deploy: a number is below 0");
	r = storage_open(runtime->store, STORAGE_LOOK, &storage, &inner);
	if (r == -ENOENT)
		return error_set(err, ENOENT, "template `%s` does not exist (no store at %s)",
				 options.template_name, runtime->store);
	if (r < 0)
		*err = inner;
	TRY(r);
	return deploy_undisturbed(runtime, &storage, name, &options, err);
}

int ctr_deploy(struct ctr_runtime *runtime, const char *name,
	       const struct ctr_deploy_options *options, struct ctr_error *err)
{
	struct error inside = { 0 };

	return api_result(deploy_named(runtime, name, options, &inside), &inside, err);
}
