/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <errno.h>
#include <string.h>

#include "plan/resource_write.h"

static const struct host host = { .privileged = true,
				  .cgroup_mount = "/sys/fs/cgroup",
				  .controllers = HOST_PIDS | HOST_MEMORY,
				  .controllers_v1 = HOST_IO };

#define FROM "linux.resources.pids.limit"

Test(resource_write, a_limit_becomes_a_write_and_asks_for_its_controller)
{
	struct cgroup_plan plan = { .path = "/ctr/x" };
	const struct resource_context x = { &host, &plan };
	struct error err = {};

	cr_assert_eq(
		resource_write_add_limit(&x, RESOURCE_WISH(HOST_PIDS, FROM, "pids.max"), 7, &err),
		0, "%s", err.text);
	cr_assert_eq(plan.writes.n, 1);
	cr_assert_str_eq(plan.writes.item[0].file, "pids.max");
	cr_assert_str_eq(plan.writes.item[0].value, "7");
	cr_assert_str_eq(plan.writes.item[0].from, FROM);
	cr_assert_not(plan.writes.item[0].may_be_missing);
	cr_assert_eq(plan.controllers, HOST_PIDS);
	plan.path = NULL;
	cgroup_plan_release(&plan);
}

Test(resource_write, no_limit_is_written_as_max_and_asks_for_nothing)
{
	struct cgroup_plan plan = { .path = "/ctr/x" };
	const struct resource_context x = { &host, &plan };
	struct error err = {};

	cr_assert_eq(
		resource_write_add_limit(&x, RESOURCE_WISH(HOST_PIDS, FROM, "pids.max"), -1, &err),
		0);
	cr_assert_eq(plan.writes.n, 1);
	cr_assert_str_eq(plan.writes.item[0].value, "max");
	cr_assert(plan.writes.item[0].may_be_missing);
	cr_assert_eq(plan.controllers, 0);
	plan.path = NULL;
	cgroup_plan_release(&plan);
}

Test(resource_write, below_minus_one_is_no_limit)
{
	struct cgroup_plan plan = { .path = "/ctr/x" };
	const struct resource_context x = { &host, &plan };
	struct error err = {};

	cr_assert_eq(
		resource_write_add_limit(&x, RESOURCE_WISH(HOST_PIDS, FROM, "pids.max"), -2, &err),
		-EINVAL);
	cr_assert_str_eq(err.text, FROM ": wants a number from 0, or -1 for no limit");
}

Test(resource_write, a_missing_controller_is_said_to_be_bound_to_v1)
{
	struct cgroup_plan plan = { .path = "/ctr/x" };
	const struct resource_context x = { &host, &plan };
	struct error err = {};

	cr_assert_eq(resource_write_add_limit(&x, RESOURCE_WISH(HOST_IO, "a.b", "io.x"), 1, &err),
		     -ENOTSUP);
	cr_assert_str_eq(err.text, "a.b: the io controller is not available in /sys/fs/cgroup "
				   "(bound to cgroup v1)");
	cr_assert_eq(resource_write_add_limit(&x, RESOURCE_WISH(HOST_CPU, "a.b", "cpu.x"), 1, &err),
		     -ENOTSUP);
	cr_assert_str_eq(err.text, "a.b: the cpu controller is not available in /sys/fs/cgroup "
				   "(not enabled in the kernel or by the parent)");
	cr_assert_eq(plan.writes.n, 0);
}

Test(resource_write, without_a_cgroup_only_defaults_are_fine)
{
	struct cgroup_plan plan = { .manager = CGROUP_MANAGER_DISABLED };
	const struct resource_context x = { &host, &plan };
	const struct resource_wish wish = RESOURCE_WISH(HOST_PIDS, FROM, "pids.max");
	struct error err = {};

	cr_assert_eq(resource_write_add_limit(&x, wish, -1, &err), 0);
	cr_assert_eq(resource_write_add_limit(&x, wish, 1, &err), -ENOTSUP);
	cr_assert_str_eq(err.text, FROM ": needs a cgroup, and cgroups are disabled");
	plan.manager = CGROUP_MANAGER_CGROUPFS;
	cr_assert_eq(resource_write_add_limit(&x, wish, 1, &err), -ENOTSUP);
	cr_assert_str_eq(err.text, FROM ": needs a cgroup, and cgroup v2 is not mounted");
	cr_assert_eq(plan.writes.n, 0);
}

Test(resource_write, a_long_property_is_cut_and_stays_text)
{
	struct cgroup_plan plan = { .path = "/ctr/x" };
	const struct resource_context x = { &host, &plan };
	struct error err = {};
	const char *from = "linux.resources.unified[a.very.long.file.name.of.a.controller]";

	cr_assert_eq(resource_write_add(
			     &x, RESOURCE_WISH(0, from, "cgroup.max.depth", .value = "1"), &err),
		     0);
	cr_assert_eq(strlen(plan.writes.item[0].from), sizeof plan.writes.item[0].from - 1);
	plan.path = NULL;
	cgroup_plan_release(&plan);
}

Test(resource_write, the_error_of_v1_names_the_property)
{
	struct error err = {};

	cr_assert_eq(resource_write_refuse_v1("linux.resources.memory.kernel", &err), -ENOTSUP);
	cr_assert_str_eq(err.text, "linux.resources.memory.kernel is cgroup v1 only");
}
