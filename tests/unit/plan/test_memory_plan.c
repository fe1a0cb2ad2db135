/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "plan/resource_plan.h"

static const struct host host = { .privileged = true,
				  .cgroup_mount = "/sys/fs/cgroup",
				  .controllers = 0xff };

/* The writes that `resources` makes, "file=value;" each, with "?" before files that may be missing. */
static char *writes_on(const struct host *on, const char *resources, struct error *err)
{
	struct spec_resources document = {};
	struct cgroup_plan plan = {};
	struct str text = {};
	char *ret;

	cr_assert_eq(
		json_decode(&spec_resources_schema, resources, strlen(resources), &document, err),
		0, "%s", err->text);
	plan.path = strdup("/ctr/x");
	if (resource_plan_build(&document, on, &plan, err) < 0)
		str_add(&text, "error");
	for (size_t i = 0; i < plan.writes.n && !err->code; i++)
		str_addf(&text, "%s%s=%s;", plan.writes.item[i].may_be_missing ? "?" : "",
			 plan.writes.item[i].file, plan.writes.item[i].value);
	str_add(&text, "");
	cgroup_plan_release(&plan);
	json_release(&spec_resources_schema, &document);
	cr_assert_eq(str_steal(&text, &ret, err), 0);
	return ret;
}

static void expect(const char *resources, const char *writes)
{
	struct error err = {};
	char *text = writes_on(&host, resources, &err);

	cr_assert_str_eq(text, writes, "%s: %s instead of %s %s", resources, text, writes,
			 err.text);
	free(text);
}

static void expect_error(const char *resources, int code, const char *message)
{
	struct error err = {};

	free(writes_on(&host, resources, &err));
	cr_assert_eq(err.code, code, "%s: %d %s", resources, err.code, err.text);
	cr_assert_str_eq(err.text, message);
}

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
