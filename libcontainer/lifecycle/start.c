/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <signal.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "init/hooks.h"
#include "kernel/process.h"
#include "lifecycle/document.h"
#include "state/gate.h"

/* The program runs; a hook that fails now ends it (config.md#poststart). */
static int run_poststart(struct lifecycle *l, const struct container *container,
			 const struct spec_config *config, struct error *err)
{
	cleanup_free char *state = NULL;
	struct error ignored;

	(void)l;
	TRY(inspect_state_json(container, &state, err));
	if (hooks_run(&(struct hooks_call){ "poststart", state, container->record.bundle, -1 },
		      config->hooks->poststart.item, config->hooks->poststart.n, err) == 0)
		return 0;
	process_signal(container->pidfd, SIGKILL, &ignored);
	process_wait_end(container->pidfd, 10000, &ignored);
	return -err->code;
}

static int poststart(struct lifecycle *l, const struct container *container, struct error *err)
{
	struct spec_config config = {};
	cleanup_free char *text = NULL;
	size_t len;
	int r;

	TRY(store_load_config(container->fd, &text, &len, err));
	r = json_decode(&spec_config_schema, text, len, &config, err);
	if (r == 0 && config.hooks && config.hooks->poststart.n)
		r = run_poststart(l, container, &config, err);
	json_release(&spec_config_schema, &config);
	return r;
}

int start_container(struct lifecycle *l, const char *id, struct error *err)
{
	cleanup_container struct container container = { .fd = -1, .pidfd = -1 };
	cleanup_close int gate = -1;

	TRY(inspect_open(l, id, true, &container, err));
	TRY(status_allows(container.status, STATUS_OP_START, id, err));
	gate = gate_open(container.fd, err);
	TRY(gate);
	TRY(gate_wait_exec(gate, err));
	gate_remove(container.fd);
	container.status = STATUS_RUNNING;
	if (!container.record.has_poststart)
		return 0;
	return poststart(l, &container, err);
}
