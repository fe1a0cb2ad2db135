/* SPDX-License-Identifier: Apache-2.0 */
/* The options before the command. */
#pragma once

#include "command.h"

enum { GLOBAL_LOG_LEVEL_DEFAULT = 99 };

enum global_error_format { GLOBAL_ERROR_TEXT, GLOBAL_ERROR_JSON };

struct global_options {
	struct ctr_runtime_options runtime;
	unsigned int log_format; /* 1: json */
	unsigned int log_level;	 /* enum ctr_log_level, or GLOBAL_LOG_LEVEL_DEFAULT */
	enum global_error_format error_format;
	bool debug, systemd_cgroup, version;
	unsigned int rootless; /* read by nobody: ctr looks itself */
	const char *criu;      /* likewise */
};

extern const struct command_syntax global_syntax;

/*
 * What the library is to be told: the flags that stand for another option's value
 * (--debug, --systemd-cgroup) are applied. Strings are borrowed.
 */
struct ctr_runtime_options global_runtime_options(const struct global_options *globals);
