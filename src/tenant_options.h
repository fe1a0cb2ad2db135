/* SPDX-License-Identifier: Apache-2.0 */
/* What deploy and set have in common: limits and binds, as people write them. (Pure.) */
#pragma once

#include "command.h"

struct tenant_limits {
	const char *memory, *cpus, *pids; /* NULL: not given */
};

/* clang-format off */
#define TENANT_LIMIT_OPTIONS(type, member) \
	{ 'm', "memory", FILLS_STRING(type, member.memory), "SIZE", \
	  "most memory, such as 512m; -1: no limit", NULL }, \
	{ 'c', "cpus", FILLS_STRING(type, member.cpus), "N", \
	  "most processors, such as 1.5; -1: no limit", NULL }, \
	{ 'p', "pids", FILLS_STRING(type, member.pids), "N", \
	  "most processes; -1: no limit", NULL }
/* clang-format on */

/* 0: not given; -1: no limit. */
struct tenant_numbers {
	int64_t memory, cpu_millis, pids;
};

/* `command` is for errors. Errors: EINVAL. */
int tenant_limits_parse(const char *command, const struct tenant_limits *limits,
			struct tenant_numbers *ret, struct ctr_error *err);

/* Processors as thousandths: "2", "0.5", "1.125"; "-1" is no limit. False for anything else. */
bool tenant_cpus_parse(const char *text, int64_t *ret);

struct tenant_binds {
	struct ctr_bind *items;
	size_t n;
	char *text; /* what the items point into */
};

/* "SRC:DST", "SRC:DST:ro", "SRC:DST:rw". Errors: EINVAL, ENOMEM. */
int tenant_binds_parse(const char *command, const struct command_strings *given,
		       struct tenant_binds *ret, struct ctr_error *err);
void tenant_binds_release(struct tenant_binds *binds);
