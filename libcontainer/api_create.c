/* SPDX-License-Identifier: Apache-2.0 */
/* The public operations that make processes: create, run, plan, exec. */
#include <errno.h>

#include "api.h"

struct create_options api_create_options(const struct ctr_create_options *options)
{
	return (struct create_options){
		.bundle = options->bundle ? options->bundle : ".",
		.config = options->config ? options->config : "config.json",
		.pid_file = options->pid_file,
		.console_socket = options->console_socket,
		.pidfd_socket = options->pidfd_socket,
		.preserve_fds = options->preserve_fds,
		.no_pivot = options->no_pivot,
		.no_new_keyring = options->no_new_keyring,
	};
}

static int create(struct ctr_runtime *runtime, const char *id,
		  const struct ctr_create_options *given, struct error *err)
{
	struct create_result result = { -1, -1, { -1, -1, -1 } };
	struct ctr_create_options options = { 0 };
	struct create_options inner;

	TRY(api_take_options(&options, sizeof options, given, err));
	TRY(api_begin(runtime, id, API_ROOT_MAKE, err));
	inner = api_create_options(&options);
	TRY(create_container(&runtime->lifecycle, id, &inner, (struct create_how){}, &result, err));
	create_result_release(&result);
	return 0;
}

int ctr_create(struct ctr_runtime *runtime, const char *id,
	       const struct ctr_create_options *options, struct ctr_error *err)
{
	struct error inside = { 0 };

	return api_result(create(runtime, id, options, &inside), &inside, err);
}

static int run(struct ctr_runtime *runtime, const char *id, const struct ctr_run_options *given,
	       struct error *err)
{
	struct ctr_run_options options = { 0 };
	struct create_options inner;

	TRY(api_take_options(&options, sizeof options, given, err));
	TRY(api_begin(runtime, id, API_ROOT_MAKE, err));
	inner = api_create_options(&options.create);
	return run_container(&runtime->lifecycle, id, &inner, options.detach, options.keep, err);
}

int ctr_run(struct ctr_runtime *runtime, const char *id, const struct ctr_run_options *options,
	    struct ctr_error *err)
{
	struct error inside = { 0 };

	return api_result(run(runtime, id, options, &inside), &inside, err);
}

/* Without the state root: a plan takes nothing and leaves nothing. */
static int plan(struct ctr_runtime *runtime, const char *id, const struct ctr_create_options *given,
		char **ret, struct error *err)
{
	struct ctr_create_options options = { 0 };
	struct create_options inner;

	TRY(api_take_options(&options, sizeof options, given, err));
	if (!id)
		return error_set(err, EINVAL, "no container ID is given");
	TRY(store_check_id(id, err));
	inner = api_create_options(&options);
	return create_plan(&runtime->lifecycle, id, &inner, ret, err);
}

int ctr_plan(struct ctr_runtime *runtime, const char *id, const struct ctr_create_options *options,
	     char **ret, struct ctr_error *err)
{
	struct error inside = { 0 };

	return api_result(plan(runtime, id, options, ret, &inside), &inside, err);
}

static int exec(struct ctr_runtime *runtime, const char *id, const struct ctr_exec_options *given,
		struct error *err)
{
	struct ctr_exec_options options = { 0 };
	struct exec_options inner;

	TRY(api_take_options(&options, sizeof options, given, err));
	if (!options.process && (!options.args || !options.args[0]))
		return error_set(err, EINVAL, "exec: no program is given");
	TRY(api_begin(runtime, id, API_ROOT_EXISTS, err));
	inner = (struct exec_options){
		.process = options.process,
		.args = options.args,
		.env = options.env,
		.caps = options.caps,
		.cwd = options.cwd,
		.user = options.user,
		.apparmor = options.apparmor,
		.process_label = options.process_label,
		.additional_gids = options.additional_gids,
		.n_additional_gids = options.n_additional_gids,
		.tty = options.tty,
		.no_new_privs = options.no_new_privs,
		.detach = options.detach,
		.ignore_paused = options.ignore_paused,
		.pid_file = options.pid_file,
		.console_socket = options.console_socket,
		.pidfd_socket = options.pidfd_socket,
		.cgroup = options.cgroup,
		.preserve_fds = options.preserve_fds,
	};
	return exec_process(&runtime->lifecycle, id, &inner, err);
}

int ctr_exec(struct ctr_runtime *runtime, const char *id, const struct ctr_exec_options *options,
	     struct ctr_error *err)
{
	struct error inside = { 0 };

	return api_result(exec(runtime, id, options, &inside), &inside, err);
}
