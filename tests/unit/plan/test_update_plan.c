/* SPDX-License-Identifier: Apache-2.0 */
/* What the golden plans cannot show: facts of the running container, and the way back. */
#include <errno.h>

#include "fixture.h"
#include "plan/update_plan.h"

static int build(const char *former, const char *request, struct update_facts facts,
		 struct update_plan *ret, struct error *err)
{
	static struct spec_resources under, over;
	struct spec_config config = fixture_config(
		"{'ociVersion':'1.2.0','root':{'path':'r'},'linux':{'namespaces':[]}}");
	const struct host host = fixture_host();
	struct update_request update = {
		.config = &config, .former = &under, .request = &over, .path = "/ctr/web1"
	};
	int r;

	json_release(&spec_resources_schema, &under);
	json_release(&spec_resources_schema, &over);
	update.facts = facts;
	cr_assert_eq(json_decode(&spec_resources_schema, former, strlen(former), &under, err), 0);
	cr_assert_eq(json_decode(&spec_resources_schema, request, strlen(request), &over, err), 0);
	r = update_plan_build(&update, &host, ret, err);
	fixture_release(&config);
	return r;
}

static const struct update_facts in_use = { .memory = { true, 1000 }, .swap = { true, 500 } };

Test(update_plan, a_limit_below_what_is_in_use_is_refused_where_that_is_asked)
{
	struct update_plan plan = {};
	struct error err = {};

	cr_expect_eq(build("{}", "{\"memory\":{\"limit\":999,\"checkBeforeUpdate\":true}}", in_use,
			   &plan, &err),
		     -EBUSY);
	cr_expect_not_null(strstr(err.text, "linux.resources.memory.limit: 999 is less"), "%s",
			   err.text);
	update_plan_release(&plan);
	cr_expect_eq(build("{\"memory\":{\"checkBeforeUpdate\":true}}",
			   "{\"memory\":{\"limit\":999}}", in_use, &plan, &err),
		     -EBUSY);
	update_plan_release(&plan);
	cr_expect_eq(build("{}",
			   "{\"memory\":{\"limit\":1000,\"swap\":1499,\"checkBeforeUpdate\":true}}",
			   in_use, &plan, &err),
		     -EBUSY);
	update_plan_release(&plan);
}

Test(update_plan, else_the_kernel_reclaims)
{
	struct update_plan plan = {};
	struct error err = {};

	cr_expect_eq(build("{}", "{\"memory\":{\"limit\":999}}", in_use, &plan, &err), 0, "%s",
		     err.text);
	update_plan_release(&plan);
	cr_expect_eq(build("{}", "{\"memory\":{\"limit\":1000,\"checkBeforeUpdate\":true}}", in_use,
			   &plan, &err),
		     0, "%s", err.text);
	update_plan_release(&plan);
	cr_expect_eq(build("{}", "{\"memory\":{\"limit\":1,\"checkBeforeUpdate\":true}}",
			   (struct update_facts){}, &plan, &err),
		     0, "%s", err.text);
	update_plan_release(&plan);
}

Test(update_plan, new_device_rules_come_with_the_program_of_the_old_ones)
{
	struct update_plan plan = {};
	struct error err = {};

	cr_assert_eq(
		build("{\"devices\":[{\"allow\":false}]}",
		      "{\"devices\":[{\"allow\":false},{\"allow\":true,\"type\":\"c\",\"major\":10}]}",
		      in_use, &plan, &err),
		0, "%s", err.text);
	cr_expect(plan.cgroup.device_filter && plan.former.device_filter);
	cr_expect_gt(plan.cgroup.device_program.n, plan.former.device_program.n);
	update_plan_release(&plan);
}

Test(update_plan, a_unit_of_systemd_is_told_what_is_written)
{
	const struct host host = fixture_host();
	struct spec_pids pids = { .limit = { true, 7 } };
	struct spec_device_rule rule = { .allow = { true, true }, .type = { true, SPEC_DEVICE_CHAR } };
	struct spec_resources asked = { .pids = &pids, .devices = { &rule, 1 } };
	const struct spec_config config = {};
	const struct update_request request = {
		.config = &config, .request = &asked, .path = "/a.scope", .unit = "a.scope"
	};
	struct update_plan plan = {};
	struct error err = {};
	const struct unit_plan *unit = &plan.cgroup.unit;

	cr_assert_eq(update_plan_build(&request, &host, &plan, &err), 0, "%s", err.text);
	cr_assert_str_eq(unit->name, "a.scope");
	cr_assert_eq(unit->properties.n, 3);
	cr_expect_str_eq(unit->properties.item[0].name, "TasksMax");
	cr_expect_str_eq(unit->properties.item[0].value, "uint64 7");
	cr_expect_str_eq(unit->properties.item[1].name, "DevicePolicy");
	cr_expect_str_eq(unit->properties.item[2].name, "DeviceAllow");
	/* The way back knows the rules that were. */
	cr_expect_eq(plan.former.unit.properties.n, 2);
	update_plan_release(&plan);
}
