/* SPDX-License-Identifier: Apache-2.0 */
/*
 * config.md#process: a part of config.json, and the whole document of
 * `exec --process`.
 */
#include "spec/config.h"

/* clang-format off */
static SCHEMA(spec_console_size,
	NEEDS_RANGE(spec_console_size, height, "height", 0, UINT16_MAX),
	NEEDS_RANGE(spec_console_size, width, "width", 0, UINT16_MAX));

static SCHEMA(spec_user,
	ID(spec_user, uid, "uid"),
	ID(spec_user, gid, "gid"),
	RANGE(spec_user, umask, "umask", 0, 0777),
	INTS(spec_user, additional_gids, "additionalGids", 0, JSON_ID_MAX));

static SCHEMA(spec_rlimit,
	NEEDS_ENUM(spec_rlimit, type, "type", spec_config_rlimit_names),
	NEEDS_UINT(spec_rlimit, hard, "hard"),
	NEEDS_UINT(spec_rlimit, soft, "soft"));

static SCHEMA(spec_capabilities,
	STRINGS(spec_capabilities, bounding, "bounding"),
	STRINGS(spec_capabilities, effective, "effective"),
	STRINGS(spec_capabilities, inheritable, "inheritable"),
	STRINGS(spec_capabilities, permitted, "permitted"),
	STRINGS(spec_capabilities, ambient, "ambient"));

static SCHEMA(spec_scheduler,
	NEEDS_ENUM(spec_scheduler, policy, "policy", spec_config_scheduler_policy_names),
	RANGE(spec_scheduler, nice, "nice", -20, 19),
	RANGE(spec_scheduler, priority, "priority", 0, 99),
	ENUMS(spec_scheduler, flags, "flags", spec_config_scheduler_flag_names),
	UINT(spec_scheduler, runtime, "runtime"),
	UINT(spec_scheduler, deadline, "deadline"),
	UINT(spec_scheduler, period, "period"));

static SCHEMA(spec_io_priority,
	NEEDS_ENUM(spec_io_priority, class, "class", spec_config_io_class_names),
	NEEDS_RANGE(spec_io_priority, priority, "priority", 0, 7));

static SCHEMA(spec_exec_cpu_affinity,
	STRING(spec_exec_cpu_affinity, initial, "initial"),
	STRING(spec_exec_cpu_affinity, final, "final"));

SCHEMA(spec_process,
	BOOL(spec_process, terminal, "terminal"),
	OBJECT(spec_process, console_size, "consoleSize", spec_console_size),
	OBJECT(spec_process, user, "user", spec_user),
	STRINGS(spec_process, args, "args"),
	STRINGS(spec_process, env, "env"),
	NEEDS_STRING(spec_process, cwd, "cwd"),
	OBJECT(spec_process, capabilities, "capabilities", spec_capabilities),
	OBJECTS(spec_process, rlimits, "rlimits", spec_rlimit),
	BOOL(spec_process, no_new_privileges, "noNewPrivileges"),
	STRING(spec_process, apparmor_profile, "apparmorProfile"),
	RANGE(spec_process, oom_score_adj, "oomScoreAdj", -1000, 1000),
	STRING(spec_process, selinux_label, "selinuxLabel"),
	OBJECT(spec_process, scheduler, "scheduler", spec_scheduler),
	OBJECT(spec_process, io_priority, "ioPriority", spec_io_priority),
	OBJECT(spec_process, exec_cpu_affinity, "execCPUAffinity", spec_exec_cpu_affinity));
/* clang-format on */
