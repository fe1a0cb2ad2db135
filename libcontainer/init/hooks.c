/* SPDX-License-Identifier: Apache-2.0 */
#include "init/hooks.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "kernel/process.h"

/* A config's list as execve(2) wants it; the strings stay the config's. */
static int null_terminated(char *const *item, size_t n, char ***ret, struct error *err)
{
	char **vector = calloc(n + 1, sizeof *vector);

	if (!vector)
		return error_errno(err, ENOMEM, "prepare the hook");
	if (n)
		memcpy(vector, item, n * sizeof *vector);
	*ret = vector;
	return 0;
}

static int timeout_of(const struct spec_hook *hook)
{
	if (!hook->timeout.set)
		return -1;
	return hook->timeout.value > INT_MAX / 1000 ? INT_MAX : (int)hook->timeout.value * 1000;
}

static int run_hook(const struct hooks_call *call, const char *state, const struct spec_hook *hook,
		    struct error *err)
{
	cleanup_free char **argv = NULL, **envp = NULL;
	char words[300] = "";
	struct process_command command = {
		.path = hook->path,
		.cwd = call->cwd,
		.input = state,
		.watch = call->watch,
		.timeout_ms = timeout_of(hook),
		.ret_stderr = words,
		.stderr_room = sizeof words,
	};
	int status;

	/* Without args the path itself is argv[0]. */
	TRY(hook->args.n ? null_terminated(hook->args.item, hook->args.n, &argv, err) :
			   null_terminated(&hook->path, 1, &argv, err));
	TRY(null_terminated(hook->env.item, hook->env.n, &envp, err));
	command.argv = argv;
	command.envp = envp;
	TRY(process_run(&command, &status, err));
	if (status == 0)
		return 0;
	return error_set(err, ECANCELED, "ended with status %d%s%s", status, words[0] ? ": " : "",
			 words);
}

static int run_named(const struct hooks_call *call, const char *state,
		     const struct spec_hook *hooks, size_t i, struct error *err)
{
	if (run_hook(call, state, &hooks[i], err) < 0)
		return error_prefix(err, "hooks.%s[%zu] (%s): ", call->name, i, hooks[i].path);
	return 0;
}

int hooks_run(const struct hooks_call *call, const struct spec_hook *hooks, size_t n,
	      struct error *err)
{
	cleanup_free char *state = NULL;

	if (!n)
		return 0;
	TRY(json_encode(&spec_state_schema, call->state, JSON_COMPACT, &state, err));
	for (size_t i = 0; i < n; i++)
		TRY(run_named(call, state, hooks, i, err));
	return 0;
}

void hooks_run_all(const struct hooks_call *call, const struct spec_hook *hooks, size_t n)
{
	struct hooks_call inner = *call;
	cleanup_free char *state = NULL;
	struct error err = { 0 };

	if (!n)
		return;
	if (json_encode(&spec_state_schema, call->state, JSON_COMPACT, &state, &err) < 0) {
		log_warning("hooks.%s: %s", call->name, err.text);
		return;
	}
	if (inner.cwd && access(inner.cwd, X_OK) < 0)
		inner.cwd = "/";
	for (size_t i = 0; i < n; i++)
		if (run_named(&inner, state, hooks, i, &err) < 0)
			log_warning("%s", err.text);
}
