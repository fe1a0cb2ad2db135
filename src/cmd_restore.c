/* SPDX-License-Identifier: Apache-2.0 */
#include "checkpoint_options.h"
#include "command.h"
#include "create_options.h"

struct restore_options {
	struct ctr_restore_options restore;
	const char *empty_ns;
};

/* clang-format off */
#define O struct restore_options
static const struct command_option options[] = {
	MAKE_OPTIONS(O, restore.create.),
	{ 'd', "detach", FILLS_FLAG(O, restore.detach), NULL,
	  "return once the container runs", NULL },
	CRIU_OPTIONS(O, restore.),
	{ 0, "tcp-close", FILLS_FLAG(O, restore.tcp_close), NULL,
	  "restore connections as closed ones", NULL },
	{ 0, "lsm-profile", FILLS_STRING(O, restore.lsm_profile), "TYPE:NAME",
	  "the AppArmor profile or SELinux label to run with", NULL },
	{ 0, "lsm-mount-context", FILLS_STRING(O, restore.lsm_mount_context), "CONTEXT",
	  "the SELinux context of the mounts", NULL },
};
#undef O
/* clang-format on */

static const struct restore_options defaults = {
	.restore = {
		.size = sizeof(struct ctr_restore_options),
		.create = { .size = sizeof(struct ctr_create_options) },
	},
};

const struct command_syntax cmd_restore_syntax = {
	COMMAND_OPTIONS(options), COMMAND_DEFAULTS(defaults), .arguments = "ID",
	.needs = "an ID",	  .max_arguments = 1,	      .check = ctr_checkpoint_check,
};

int cmd_restore(struct ctr_runtime *runtime, const struct command_line *line, struct ctr_error *err)
{
	struct restore_options *given = line->options;
	int result =
		checkpoint_options_empty_ns(given->empty_ns, &given->restore.empty_network, err);

	if (result < 0)
		return result;
	return ctr_restore(runtime, line->arguments[0], &given->restore, err);
}
