/* SPDX-License-Identifier: Apache-2.0 */
/*
 * linux.resources as writes into cgroup v2 files (config-linux.md#control-groups,
 * cgroup-v2.rst), without the devices, which are a program (device_plan.c).
 */
#pragma once

#include "plan/resource_write.h"

/*
 * Append the writes of `resources` to the plan and note the controllers they need, in
 * the order pids, memory, io, cpu, cpuset, hugetlb, rdma, unified. Errors: EINVAL,
 * ENOTSUP (v1-only, no cgroup, no controller), ENOMEM.
 */
int resource_plan_build(const struct spec_resources *resources, const struct host *host,
			struct cgroup_plan *ret, struct error *err);

/* The parts with a file of their own; each takes NULL. */
int memory_plan_build(const struct resource_context *x, const struct spec_memory *memory,
		      struct error *err);
int io_plan_build(const struct resource_context *x, const struct spec_block_io *io,
		  struct error *err);
int cpu_plan_build(const struct resource_context *x, const struct spec_cpu *cpu, struct error *err);

/* cpu.weight (1..10000) of cpu.shares (2..262144; others are brought into it). */
unsigned cpu_plan_weight(uint64_t shares);
