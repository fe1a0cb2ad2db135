/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From a table of rules to a classic BPF program. Pure: no system calls, no
 * libseccomp.
 *
 * For each architecture the numbers of its system calls are cut into runs with the same
 * answer, found by a balanced search (about nine comparisons), so neither the kernel's
 * load nor the calls themselves pay for the length of a profile.
 */
#pragma once

#include <stdbool.h>

#include "base/json.h"
#include "kernel/filter.h"

/* To be raised with every change of what is compiled: cached filters of old ones end. */
#define FILTER_COMPILE_VERSION 1

#define FILTER_ARGUMENTS  6
#define FILTER_NONE_NAMED (-1)

struct filter_rule { /* all conditions must hold */
	uint32_t action;
	unsigned n;
	struct filter_condition conditions[FILTER_ARGUMENTS];
};

struct filter_call {
	uint32_t number;
	uint32_t action;       /* of the rule */
	size_t rule;	       /* index into the table's rules, in the profile's order */
	uint32_t through_call; /* where number is socketcall or ipc: for which of theirs; or 0 */
};

struct filter_architecture {
	uint32_t token; /* AUDIT_ARCH_*, or libseccomp's own number for x32 */
	int64_t newest; /* the highest number that a rule names, or FILTER_NONE_NAMED */
	LIST_OF(struct filter_call) calls;
};

struct filter_table {
	uint32_t default_action;
	LIST_OF(struct filter_rule) rules;
	LIST_OF(struct filter_architecture) architectures;
};

/* The kernel's order of actions, without their data: the lower, the more restrictive. */
int32_t filter_compile_rank(uint32_t action);

/*
 * Several rules may match a call: the most restrictive action wins, as between filters
 * (seccomp(2)); of rules without conditions the first counts alone. A foreign
 * architecture kills the process, and so does x32 unless it is listed. `enosys` as in
 * filter_export. Sorts the calls. Errors: ENOMEM, E2BIG (over 4096 instructions).
 */
int filter_compile(struct filter_table *table, bool enosys, struct filter_program *ret,
		   struct error *err);
