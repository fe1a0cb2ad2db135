/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <sched.h>

#include "fixture.h"

struct result {
	struct spec_config config; /* the plan borrows its paths */
	struct namespace_plan plan;
	struct error err;
	int r;
};

static struct result planned(const char *linux_, struct host host)
{
	struct result result = {};
	char text[1024];

	snprintf(text, sizeof text, "{'ociVersion':'1.2.0','root':{'path':'rootfs'},'linux':%s}",
		 linux_);
	result.config = fixture_config(text);
	result.r = namespace_plan_build(&result.config, &host, &result.plan, &result.err);
	return result;
}

static void release(struct result *result)
{
	namespace_plan_release(&result->plan);
	fixture_release(&result->config);
}

Test(namespace_plan, cgroup_and_time_are_left_to_init)
{
	struct result result = planned("{'namespaces':[{'type':'pid'},{'type':'cgroup'},"
				       "{'type':'time'},{'type':'mount'}]}",
				       fixture_host());
	const struct namespace_plan *plan = &result.plan;

	cr_assert_eq(result.r, 0, "%s", result.err.text);
	cr_expect_eq(plan->clone, CLONE_NEWPID | CLONE_NEWNS);
	cr_expect_eq(plan->unshare, CLONE_NEWCGROUP | CLONE_NEWTIME);
	cr_expect_eq(plan->present, plan->clone | plan->unshare);
	cr_expect_eq(plan->time_offsets, false);
	release(&result);
}

Test(namespace_plan, a_path_is_joined_and_not_made)
{
	struct result result =
		planned("{'namespaces':[{'type':'pid'},{'type':'network','path':'/run/n'}]}",
			fixture_host());
	const struct namespace_plan *plan = &result.plan;

	cr_assert_eq(result.r, 0, "%s", result.err.text);
	cr_expect_eq(plan->clone, CLONE_NEWPID);
	cr_assert_eq(plan->join.n, 1);
	cr_expect_eq(plan->join.item[0].type, CLONE_NEWNET);
	cr_expect_str_eq(plan->join.item[0].path, "/run/n");
	cr_expect_str_eq(plan->join.item[0].from, "linux.namespaces[1]");
	cr_expect_eq(plan->loopback_up, false, "the loopback of others is not ours");
	release(&result);
}

Test(namespace_plan, a_new_network_gets_its_loopback)
{
	struct result result = planned("{'namespaces':[{'type':'network'}]}", fixture_host());

	cr_assert_eq(result.r, 0, "%s", result.err.text);
	cr_expect_eq(result.plan.loopback_up, true);
	release(&result);
}

Test(namespace_plan, one_time_offset_leaves_the_other_at_zero)
{
	struct result result = planned("{'namespaces':[{'type':'time'}],"
				       "'timeOffsets':{'boottime':{'secs':-7,'nanosecs':9}}}",
				       fixture_host());

	cr_assert_eq(result.r, 0, "%s", result.err.text);
	cr_expect_eq(result.plan.time_offsets, true);
	cr_expect_eq(result.plan.boottime_secs, -7);
	cr_expect_eq(result.plan.boottime_nanosecs, 9);
	cr_expect_eq(result.plan.monotonic_secs, 0);
	release(&result);
}

Test(namespace_plan, without_privilege_a_user_namespace_is_needed)
{
	static const struct {
		const char *linux_;
		int r;
	} rows[] = {
		{ "{'namespaces':[{'type':'mount'}]}", -EPERM },
		{ "{'namespaces':[]}", -EPERM },
		{ "{'namespaces':[{'type':'mount'},{'type':'user'}]}", 0 },
		{ "{'namespaces':[{'type':'user','path':'/proc/7/ns/user'}]}", 0 },
	};
	struct host host = fixture_host();

	host.privileged = false;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct result result = planned(rows[i].linux_, host);

		cr_expect_eq(result.r, rows[i].r, "%s", rows[i].linux_);
		if (result.r < 0)
			cr_expect_not_null(strstr(result.err.text, "ctr spec --rootless"), "%s",
					   result.err.text);
		release(&result);
	}
}

Test(namespace_plan, a_net_device_keeps_its_name_when_none_is_given)
{
	static const char text[] = "{'namespaces':[{'type':'network'}],"
				   "'netDevices':{'a':{'name':'b%d'},'c':{}}}";
	struct result result = planned(text, fixture_host());

	cr_assert_eq(result.r, 0, "%s", result.err.text);
	cr_assert_eq(result.plan.net_devices.n, 2);
	cr_expect_str_eq(result.plan.net_devices.item[0].name, "a");
	cr_expect_str_eq(result.plan.net_devices.item[0].new_name, "b%d");
	cr_expect_str_eq(result.plan.net_devices.item[1].new_name, "c");
	release(&result);
}

Test(namespace_plan, every_type_has_its_own_flag)
{
	uint64_t all = 0;

	for (int type = 0; type < SPEC_NAMESPACE_COUNT; type++) {
		uint64_t flag = namespace_plan_flag(type);

		cr_expect(flag && !(flag & (flag - 1)) && !(all & flag), "type %d", type);
		all |= flag;
	}
}
