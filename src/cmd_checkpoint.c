/* SPDX-License-Identifier: Apache-2.0 */
#include "checkpoint_options.h"
#include "command.h"

struct checkpoint_options {
	struct ctr_checkpoint_options checkpoint;
	const char *empty_ns;
};

/* clang-format off */
#define O struct checkpoint_options
static const struct command_option options[] = {
	CRIU_OPTIONS(O, checkpoint.),
	{ 0, "parent-path", FILLS_STRING(O, checkpoint.parent_path), "DIR",
	  "an earlier --pre-dump, relative to --image-path", NULL },
	{ 0, "leave-running", FILLS_FLAG(O, checkpoint.leave_running), NULL,
	  "let the container go on afterwards", NULL },
	{ 0, "pre-dump", FILLS_FLAG(O, checkpoint.pre_dump), NULL,
	  "only the memory, while the container runs on", NULL },
	{ 0, "tcp-skip-in-flight", FILLS_FLAG(O, checkpoint.tcp_skip_in_flight), NULL,
	  "leave out connections that are being made", NULL },
	{ 0, "link-remap", FILLS_FLAG(O, checkpoint.link_remap), NULL,
	  "keep unlinked files by linking them", NULL },
	{ 0, "page-server", FILLS_STRING(O, checkpoint.page_server), "ADDRESS:PORT",
	  "send the memory to CRIU's page server there", NULL },
	{ 0, "status-fd", FILLS_NUMBER(O, checkpoint.status_fd), "N",
	  "write a zero byte to N when --lazy-pages is ready", NULL },
};
#undef O
/* clang-format on */

static const struct checkpoint_options defaults = {
	.checkpoint = { .size = sizeof(struct ctr_checkpoint_options) },
};

const struct command_syntax cmd_checkpoint_syntax = {
	COMMAND_OPTIONS(options), COMMAND_DEFAULTS(defaults), .arguments = "ID",
	.needs = "an ID",	  .max_arguments = 1,	      .check = ctr_checkpoint_check,
};

int cmd_checkpoint(struct ctr_runtime *runtime, const struct command_line *line,
		   struct ctr_error *err)
{
	struct checkpoint_options *given = line->options;
	int result = checkpoint_options_empty_ns(given->empty_ns, &given->checkpoint.empty_network,
						 err);

	if (result < 0)
		return result;
	return ctr_checkpoint(runtime, line->arguments[0], &given->checkpoint, err);
}
