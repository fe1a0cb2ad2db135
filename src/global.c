/* SPDX-License-Identifier: Apache-2.0 */
#include "global.h"

static const char *const text_formats[] = { "text", "json", NULL };
static const char *const rootless_words[] = { "auto", "true", "false", NULL };

static const char *const log_levels[] = {
	[CTR_LOG_ERROR] = "error",
	[CTR_LOG_WARNING] = "warning",
	[CTR_LOG_INFO] = "info",
	[CTR_LOG_DEBUG] = "debug",
	NULL,
};

static const char *const cgroup_managers[] = {
	[CTR_CGROUP_CGROUPFS] = "cgroupfs",
	[CTR_CGROUP_SYSTEMD] = "systemd",
	[CTR_CGROUP_DISABLED] = "disabled",
	NULL,
};

/* clang-format off */
#define G struct global_options
static const struct command_option options[] = {
	{ 0, "root", FILLS_STRING(G, runtime.root), "DIR",
	  "where containers are kept (default: /run/ctr)", NULL },
	{ 0, "store", FILLS_STRING(G, runtime.store), "DIR",
	  "where templates are kept (default: $CTR_STORE or /var/lib/ctr)", NULL },
	{ 0, "log", FILLS_STRING(G, runtime.log), "FILE",
	  "append log lines to FILE (default: standard error)", NULL },
	{ 0, "log-format", FILLS_CHOICE(G, log_format), "text|json",
	  "form of the log lines (default: text)", text_formats },
	{ 0, "log-level", FILLS_CHOICE(G, log_level), "error|warning|info|debug",
	  "least important line to log (default: warning; error with --log or JSON)", log_levels },
	{ 0, "debug", FILLS_FLAG(G, debug), NULL,
	  "the same as --log-level debug", NULL },
	{ 0, "error-format", FILLS_CHOICE(G, error_format), "text|json",
	  "form of the error on standard error (default: text)", text_formats },
	{ 0, "cgroup-manager", FILLS_CHOICE(G, runtime.cgroup_manager), "cgroupfs|systemd|disabled",
	  "who makes the cgroups (default: cgroupfs)", cgroup_managers },
	{ 0, "systemd-cgroup", FILLS_FLAG(G, systemd_cgroup), NULL,
	  "the same as --cgroup-manager systemd", NULL },
	{ 0, "rootless", FILLS_CHOICE(G, rootless), "auto|true|false",
	  "accepted, no effect", rootless_words },
	{ 0, "criu", FILLS_STRING(G, criu), "PATH",
	  "accepted, no effect", NULL },
	{ 'v', "version", FILLS_FLAG(G, version), NULL,
	  "print the version", NULL },
	{ 'V', "version", FILLS_FLAG(G, version), NULL, NULL, NULL },
};
#undef G
/* clang-format on */

static const struct global_options defaults = {
	.runtime = { .size = sizeof(struct ctr_runtime_options) },
	.log_level = GLOBAL_LOG_LEVEL_DEFAULT,
};

const struct command_syntax global_syntax = {
	COMMAND_OPTIONS(options),
	COMMAND_DEFAULTS(defaults),
	.arguments = "COMMAND [OPTION]... [ARGUMENT]...",
	.max_arguments = COMMAND_ANY,
	.stops_at_argument = true,
};

struct ctr_runtime_options global_runtime_options(const struct global_options *globals)
{
	struct ctr_runtime_options ret = globals->runtime;

	ret.log_json = globals->log_format == 1;
	/* Programs ask for a file or for JSON, and read one error and nothing else (podman). */
	if (globals->log_level != GLOBAL_LOG_LEVEL_DEFAULT)
		ret.log_level = (enum ctr_log_level)globals->log_level;
	else if (!ret.log && !ret.log_json && globals->error_format == GLOBAL_ERROR_TEXT)
		ret.log_level = CTR_LOG_WARNING;
	if (globals->debug)
		ret.log_level = CTR_LOG_DEBUG;
	if (globals->systemd_cgroup)
		ret.cgroup_manager = CTR_CGROUP_SYSTEMD;
	return ret;
}
