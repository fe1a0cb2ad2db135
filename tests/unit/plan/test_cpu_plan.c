/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "plan/resource_plan.h"
#include "resources_fixture.h"

#define CPU "linux.resources.cpu."

Test(cpu_plan, weights_follow_the_curve_at_every_number_of_shares)
{
	cr_assert_eq(cpu_plan_weight(0), 1);
	cr_assert_eq(cpu_plan_weight(2), 1);
	cr_assert_eq(cpu_plan_weight(1024), 100);
	cr_assert_eq(cpu_plan_weight(262144), 10000);
	cr_assert_eq(cpu_plan_weight(UINT64_MAX), 10000);
	for (unsigned shares = 3; shares < 262144; shares++) {
		double l = log2(shares);
		double exact = ceil(pow(10, (l * l + 125 * l) / 612 - 7.0 / 34) - 1e-9);

		cr_assert_eq(cpu_plan_weight(shares), (unsigned)exact, "%u: %u instead of %g",
			     shares, cpu_plan_weight(shares), exact);
	}
}

Test(cpu_plan, shares_become_a_weight_and_none_are_left_out)
{
	expect("{\"cpu\":{\"shares\":1024}}", "cpu.weight=100;");
	expect("{\"cpu\":{\"shares\":0}}", "");
}

Test(cpu_plan, quota_and_period_are_one_write)
{
	expect("{\"cpu\":{\"quota\":50000,\"period\":200000}}", "cpu.max=50000 200000;");
	expect("{\"cpu\":{\"quota\":50000}}", "cpu.max=50000 100000;");
	expect("{\"cpu\":{\"period\":200000}}", "cpu.max=max 200000;");
	expect("{\"cpu\":{\"quota\":-1}}", "?cpu.max=max 100000;");
	expect("{\"cpu\":{\"quota\":0,\"period\":0}}", "?cpu.max=max 100000;");
	expect("{\"cpu\":{\"period\":0}}", "");
}

Test(cpu_plan, the_burst_follows_the_quota_and_is_within_it)
{
	expect("{\"cpu\":{\"quota\":5000,\"burst\":5000}}",
	       "cpu.max=5000 100000;cpu.max.burst=5000;");
	expect("{\"cpu\":{\"quota\":5000,\"burst\":0}}", "cpu.max=5000 100000;?cpu.max.burst=0;");
	expect_error("{\"cpu\":{\"quota\":5000,\"burst\":5001}}", EINVAL,
		     CPU "burst: is more than the quota");
}

Test(cpu_plan, an_idle_group_has_no_weight)
{
	expect("{\"cpu\":{\"idle\":1,\"shares\":1024}}", "cpu.idle=1;");
	expect("{\"cpu\":{\"idle\":0,\"shares\":1024}}", "?cpu.idle=0;cpu.weight=100;");
}

Test(cpu_plan, realtime_is_of_v1)
{
	expect("{\"cpu\":{\"realtimeRuntime\":0,\"realtimePeriod\":0}}", "");
	expect_error("{\"cpu\":{\"realtimeRuntime\":1}}", ENOTSUP,
		     CPU "realtimeRuntime is cgroup v1 only");
	expect_error("{\"cpu\":{\"realtimePeriod\":1}}", ENOTSUP,
		     CPU "realtimePeriod is cgroup v1 only");
}

Test(cpu_plan, lists_of_processors_and_nodes_are_checked)
{
	static const char *const wrong[] = {
		"3-1", "1-", "-1", ",", "0,", "0 1", "0--1", "99999999"
	};

	expect("{\"cpu\":{\"cpus\":\"0-3,7,9-9\",\"mems\":\"0\"}}",
	       "cpuset.cpus=0-3,7,9-9;cpuset.mems=0;");
	expect("{\"cpu\":{\"cpus\":\"\"}}", "");
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		struct error err = {};
		char text[64];

		snprintf(text, sizeof text, "{\"cpu\":{\"mems\":\"%s\"}}", wrong[i]);
		free(writes_on(&host, text, &err));
		cr_assert_eq(err.code, EINVAL, "%s", wrong[i]);
	}
	expect_error("{\"cpu\":{\"cpus\":\"a\"}}", EINVAL,
		     CPU "cpus: 'a' is not a list like 0-3,7");
}
