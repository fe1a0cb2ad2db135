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
	UNSUPPORTED("scheduler"),
	UNSUPPORTED("ioPriority"),
	UNSUPPORTED("execCPUAffinity"));
/* clang-format on */
