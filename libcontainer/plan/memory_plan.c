/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>

#include "plan/resource_plan.h"

#define MEMORY "linux.resources.memory."

/*
 * The spec's swap is memory and swap together, v2's is swap alone. Unlimited memory
 * without a word on swap has both unlimited, as cgroup v1 had. 0 is unset.
 */
static int build_swap(const struct resource_context *x, int64_t limit, int64_t swap,
		      struct error *err)
{
	struct resource_wish wish = RESOURCE_WISH(HOST_MEMORY, MEMORY "swap", "memory.swap.max");

	if (swap == 0 && limit != -1)
		return 0;
	if (swap == 0 || swap == -1)
		return resource_write_add_limit(x, wish, -1, err);
	if (limit <= 0)
		return error_set(err, EINVAL,
				 MEMORY "swap: is memory and swap together; set the limit too");
	if (swap < limit)
		return error_set(err, EINVAL,
				 MEMORY "swap: is memory and swap together; less than the limit");
	wish.may_be_missing = swap == limit; /* kernels without swap accounting */
	return resource_write_add_limit(x, wish, swap - limit, err);
}

static int refuse_v1_only(const struct spec_memory *memory, struct error *err)
{
	if (memory->kernel.set && memory->kernel.value != 0 && memory->kernel.value != -1)
		return resource_write_refuse_v1(MEMORY "kernel", err);
	if (memory->kernel_tcp.set && memory->kernel_tcp.value != 0 &&
	    memory->kernel_tcp.value != -1)
		return resource_write_refuse_v1(MEMORY "kernelTCP", err);
	/* Engines mean "unset" by -1, which is this in unsigned. */
	if (memory->swappiness.set && memory->swappiness.value != UINT64_MAX)
		return resource_write_refuse_v1(MEMORY "swappiness", err);
	if (memory->disable_oom_killer)
		return resource_write_refuse_v1(MEMORY "disableOOMKiller", err);
	return 0;
}

int memory_plan_build(const struct resource_context *x, const struct spec_memory *memory,
		      struct error *err)
{
	int64_t limit, swap;

	if (!memory)
		return 0;
	TRY(refuse_v1_only(memory, err));
	limit = memory->limit.set ? memory->limit.value : 0;
	swap = memory->swap.set ? memory->swap.value : 0;
	if (limit)
		TRY(resource_write_add_limit(
			x, RESOURCE_WISH(HOST_MEMORY, MEMORY "limit", "memory.max"), limit, err));
	if (memory->reservation.set) {
		int64_t low = memory->reservation.value;

		TRY(resource_write_add_limit(x,
					     RESOURCE_WISH(HOST_MEMORY, MEMORY "reservation",
							   "memory.low", .is_default = !low),
					     low, err));
	}
	return build_swap(x, limit, swap, err);
}
