/* SPDX-License-Identifier: Apache-2.0 */
#include "command.h"

struct exec_options {
	struct ctr_exec_options exec;
	struct command_strings env, caps;
	struct command_ids additional_gids;
};

/* clang-format off */
#define E struct exec_options
static const struct command_option options[] = {
	{ 'p', "process", FILLS_STRING(E, exec.process), "FILE",
	  "read what to run from the process document in FILE", NULL },
	{ 0, "cwd", FILLS_STRING(E, exec.cwd), "DIR",
	  "working directory of the program", NULL },
	{ 'e', "env", FILLS_STRINGS(E, env), "NAME=VALUE",
	  "set a variable of its environment (repeatable)", NULL },
	{ 't', "tty", FILLS_SWITCH(E, exec.tty), NULL,
	  "give it a terminal; --tty=false: give it none", NULL },
	{ 'u', "user", FILLS_STRING(E, exec.user), "UID[:GID]",
	  "run it as this user", NULL },
	{ 'g', "additional-gids", FILLS_IDS(E, additional_gids), "GID[,GID]...",
	  "add supplementary groups (repeatable)", NULL },
	{ 'c', "cap", FILLS_STRINGS(E, caps), "CAPABILITY",
	  "add a capability (repeatable)", NULL },
	{ 0, "no-new-privs", FILLS_FLAG(E, exec.no_new_privs), NULL,
	  "let it never gain privileges", NULL },
	{ 0, "apparmor", FILLS_STRING(E, exec.apparmor), "PROFILE",
	  "confine it by this AppArmor profile", NULL },
	{ 0, "process-label", FILLS_STRING(E, exec.process_label), "LABEL",
	  "run it with this SELinux label", NULL },
	{ 'd', "detach", FILLS_FLAG(E, exec.detach), NULL,
	  "return once the program runs", NULL },
	{ 0, "pid-file", FILLS_STRING(E, exec.pid_file), "FILE",
	  "write its pid to FILE", NULL },
	{ 0, "console-socket", FILLS_STRING(E, exec.console_socket), "PATH",
	  "send its terminal to the socket at PATH", NULL },
	{ 0, "pidfd-socket", FILLS_STRING(E, exec.pidfd_socket), "PATH",
	  "send a pidfd of it to the socket at PATH", NULL },
	{ 0, "preserve-fds", FILLS_NUMBER(E, exec.preserve_fds), "N",
	  "pass N more descriptors, from 3 on, to it", NULL },
	{ 0, "cgroup", FILLS_STRING(E, exec.cgroup), "[CONTROLLERS:]PATH",
	  "put it into this cgroup below the container's", NULL },
	{ 0, "ignore-paused", FILLS_FLAG(E, exec.ignore_paused), NULL,
	  "start it in a paused container, too", NULL },
	{ 0, "no-subreaper", FILLS_NOTHING, NULL,
	  "accepted, no effect", NULL },
};
#undef E
/* clang-format on */

static const struct exec_options defaults = {
	.exec = { .size = sizeof(struct ctr_exec_options), .tty = -1 },
};

const struct command_syntax cmd_exec_syntax = {
	COMMAND_OPTIONS(options),
	COMMAND_DEFAULTS(defaults),
	.arguments = "ID COMMAND [ARGUMENT]...",
	.enters_container = true,
	.needs = "an ID",
	.max_arguments = COMMAND_ANY,
	.stops_at_argument = true,
	.failure_status = 255,
};

int cmd_exec(struct ctr_runtime *runtime, const struct command_line *line, struct ctr_error *err)
{
	struct exec_options *given = line->options;

	if (!given->exec.process && line->n_arguments < 2)
		return command_invalid(err, "exec: needs a command behind the ID, or --process");
	given->exec.args = line->arguments + 1;
	given->exec.env = given->env.items;
	given->exec.caps = given->caps.items;
	given->exec.additional_gids = given->additional_gids.items;
	given->exec.n_additional_gids = given->additional_gids.n;
	return ctr_exec(runtime, line->arguments[0], &given->exec, err);
}
