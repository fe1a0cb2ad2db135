/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"

struct result {
	struct spec_config config;
	struct rdt_plan plan;
};

static struct result planned(const char *rdt, bool exec)
{
	struct result result = {};
	struct error err = {};
	char text[512];

	snprintf(text, sizeof text,
		 "{'ociVersion':'1.3.0','root':{'path':'rootfs'},'linux':{'intelRdt':%s}}", rdt);
	result.config = fixture_config(text);
	cr_assert_eq(rdt_plan_build(&result.config, "web1", exec, &result.plan, &err), 0, "%s",
		     err.text);
	return result;
}

static void release(struct result *result)
{
	rdt_plan_release(&result->plan);
	fixture_release(&result->config);
}

Test(rdt_plan, without_a_name_the_group_is_the_containers_own)
{
	struct result result = planned("{'enableMonitoring':true}", false);

	cr_expect(result.plan.present);
	cr_expect_str_eq(result.plan.group, "web1");
	cr_expect(result.plan.own);
	cr_expect_not(result.plan.must_exist);
	cr_expect_str_eq(result.plan.monitor, "web1/mon_groups/web1");
	release(&result);
}

Test(rdt_plan, a_named_group_without_schemata_must_be_there)
{
	struct result result = planned("{'closID':'gold'}", false);

	cr_expect_str_eq(result.plan.group, "gold");
	cr_expect_not(result.plan.own);
	cr_expect(result.plan.must_exist);
	cr_expect_null(result.plan.monitor);
	release(&result);
}

Test(rdt_plan, schemata_come_last_and_are_not_compared)
{
	struct result result = planned("{'closID':'gold','schemata':['L2:0=1','L2:1=1'],"
				       "'memBwSchema':'MB:0=10','l3CacheSchema':'L3:0=f'}",
				       false);
	const struct rdt_plan *plan = &result.plan;

	cr_assert_eq(plan->lines.n, 4);
	cr_expect_str_eq(plan->lines.item[0], "L3:0=f");
	cr_expect_str_eq(plan->lines.item[1], "MB:0=10");
	cr_expect_str_eq(plan->lines.item[3], "L2:1=1");
	cr_expect_eq(plan->n_compared, 2);
	cr_expect_not(plan->must_exist);
	release(&result);
}

Test(rdt_plan, the_slash_is_the_default_group)
{
	struct result result = planned("{'closID':'/','enableMonitoring':true}", false);

	cr_expect_str_empty(result.plan.group);
	cr_expect_str_eq(result.plan.monitor, "mon_groups/web1");
	release(&result);
}

Test(rdt_plan, exec_only_joins)
{
	struct result result = planned("{'schemata':['L2:0=1'],'enableMonitoring':true}", true);

	cr_expect(result.plan.present);
	cr_expect_eq(result.plan.lines.n, 0);
	cr_expect_not(result.plan.own);
	cr_expect_not_null(result.plan.monitor);
	release(&result);
}
