/* SPDX-License-Identifier: Apache-2.0 */
/*
 * When and where the process runs: process.scheduler, ioPriority and execCPUAffinity, and
 * linux.memoryPolicy.
 */
#pragma once

#include "base/number_set.h"
#include "base/str.h"
#include "spec/config.h"

struct scheduler_plan {
	bool present; /* scheduling attributes, as sched_setattr(2) takes them */
	uint32_t policy, priority;
	int32_t nice;
	uint64_t flags, runtime, deadline, period;

	bool io_present;
	int io_priority; /* class and level, as ioprio_set(2) takes them */

	struct number_set initial_cpus; /* exec: of ctr, when the process is made; empty: leave */
	struct number_set cpus; /* exec: of the process in its cgroup; empty: see all_cpus */
	bool all_cpus;		/* all that the cgroup has, whatever is inherited from the caller */

	bool memory_present;
	int memory_mode; /* MPOL_* with MPOL_F_*, as set_mempolicy(2) takes it */
	struct number_set memory_nodes;
};

/*
 * `process` has passed spec_config_validate_process and may be NULL; `exec` says whether it is
 * one more process of the container. Errors: EINVAL, ENOMEM.
 */
int scheduler_plan_build(const struct spec_config *config, const struct spec_process *process,
			 bool exec, struct scheduler_plan *ret, struct error *err);
void scheduler_plan_release(struct scheduler_plan *plan);

/* As lines of the printed plan. */
void scheduler_plan_print(const struct scheduler_plan *plan, struct str *out);
