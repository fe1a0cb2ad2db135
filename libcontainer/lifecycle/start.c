/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <signal.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "init/hooks.h"
#include "kernel/process.h"
#include "kernel/process_look.h"
#include "lifecycle/document.h"
#include "state/gate.h"

static int run_poststart(const struct container *container, const struct spec_hooks *hooks,
			 struct error *err)
{
	struct spec_state state;

	inspect_state(container, &state);
	return hooks_run(
		&(struct hooks_call){ "poststart", &state, container->record.bundle, NULL },
		hooks->poststart.item, hooks->poststart.n, err);
}

static int poststart(const struct container *container, struct error *err)
{
	struct spec_config config = {};
	cleanup_free char *text = NULL;
	size_t len;
	int r;

	TRY(store_load_config(container->fd, &text, &len, err));
	r = json_decode(&spec_config_schema, text, len, &config, err);
	if (r == 0 && config.hooks)
		r = run_poststart(container, config.hooks, err);
	json_release(&spec_config_schema, &config);
	return r;
}

static int start(struct lifecycle *l, struct container *container, struct error *err)
{
	cleanup_close int gate = gate_open(container->fd, err);
	int proc_fd = lifecycle_proc(l, err);
	int status;

	TRY(gate);
	TRY(proc_fd);
	TRY(gate_wait_exec(gate, err));
	TRY(process_look_executed(proc_fd, (pid_t)container->record.pid.value, container->pidfd,
				  &status, err));
	gate_remove(container->fd);
	container->status = STATUS_RUNNING;
	return container->record.has_poststart ? poststart(container, err) : 0;
}

int start_container(struct lifecycle *l, const char *id, struct error *err)
{
	cleanup_container struct container container = { .fd = -1, .pidfd = -1 };
	struct error second;

	TRY(inspect_open(l, id, true, &container, err));
	TRY(status_allows(container.status, STATUS_OP_START, id, err));
	if (start(l, &container, err) == 0)
		return 0;
	/* What cannot start, or whose hooks refuse it, is destroyed (runtime.md#lifecycle, from
	   step 12 on); delete takes the lock itself. */
	inspect_release(&container);
	if (delete_container(l, id, true, &second) < 0)
		log_warning("%s", second.text);
	return -err->code;
}
