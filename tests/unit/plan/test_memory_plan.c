/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "plan/resource_plan.h"
#include "resources_fixture.h"

#define M "linux.resources.memory."

Test(memory_plan, nothing_asked_is_nothing_written)
{
	expect("{\"memory\":{}}", "");
	expect("{\"memory\":{\"limit\":0,\"swap\":0}}", "");
}

Test(memory_plan, the_limit_the_low_mark_and_the_difference_to_swap)
{
	expect("{\"memory\":{\"limit\":1000000,\"reservation\":500000,\"swap\":1500000}}",
	       "memory.max=1000000;memory.low=500000;memory.swap.max=500000;");
}

Test(memory_plan, swap_as_large_as_the_limit_is_no_swap)
{
	expect("{\"memory\":{\"limit\":4096,\"swap\":4096}}",
	       "memory.max=4096;?memory.swap.max=0;");
}

Test(memory_plan, unlimited_memory_without_a_word_on_swap_frees_both)
{
	expect("{\"memory\":{\"limit\":-1}}", "?memory.max=max;?memory.swap.max=max;");
	expect("{\"memory\":{\"limit\":-1,\"swap\":-1}}", "?memory.max=max;?memory.swap.max=max;");
}

Test(memory_plan, unlimited_swap_needs_no_limit)
{
	expect("{\"memory\":{\"swap\":-1}}", "?memory.swap.max=max;");
	expect("{\"memory\":{\"limit\":4096,\"swap\":-1}}",
	       "memory.max=4096;?memory.swap.max=max;");
}

Test(memory_plan, swap_is_meaningless_without_a_limit_or_below_it)
{
	expect_error("{\"memory\":{\"swap\":4096}}", EINVAL,
		     M "swap: is memory and swap together; set the limit too");
	expect_error("{\"memory\":{\"limit\":-1,\"swap\":4096}}", EINVAL,
		     M "swap: is memory and swap together; set the limit too");
	expect_error("{\"memory\":{\"limit\":8192,\"swap\":4096}}", EINVAL,
		     M "swap: is memory and swap together; less than the limit");
}

Test(memory_plan, what_only_v1_has_is_refused)
{
	expect_error("{\"memory\":{\"kernel\":1}}", ENOTSUP, M "kernel is cgroup v1 only");
	expect_error("{\"memory\":{\"kernelTCP\":1}}", ENOTSUP, M "kernelTCP is cgroup v1 only");
	expect_error("{\"memory\":{\"swappiness\":60}}", ENOTSUP, M "swappiness is cgroup v1 only");
	expect_error("{\"memory\":{\"disableOOMKiller\":true}}", ENOTSUP,
		     M "disableOOMKiller is cgroup v1 only");
}

Test(memory_plan, what_v2_does_anyway_is_accepted)
{
	expect("{\"memory\":{\"kernel\":-1,\"kernelTCP\":0,\"useHierarchy\":true,"
	       "\"disableOOMKiller\":false,\"checkBeforeUpdate\":true}}",
	       "");
}
