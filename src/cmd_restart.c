/* SPDX-License-Identifier: Apache-2.0 */
#include "command.h"
#include "stop_timeout.h"

static const struct command_option options[] = { STOP_TIMEOUT_OPTION };

static const struct stop_timeout defaults;

const struct command_syntax cmd_restart_syntax = {
	COMMAND_OPTIONS(options),
	COMMAND_DEFAULTS(defaults),
	.arguments = "NAME",
	.needs = "the name of a tenant",
	.max_arguments = 1,
};

int cmd_restart(struct ctr_runtime *runtime, const struct command_line *line, struct ctr_error *err)
{
	struct ctr_stop_options library = { .size = sizeof library };
	int result = stop_timeout_take("restart", line->options, &library, err);

	if (result == 0)
		result = ctr_tenant_stop(runtime, line->arguments[0], &library, err);
	return result < 0 ? result : ctr_start(runtime, line->arguments[0], err);
}
