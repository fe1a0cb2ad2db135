/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "plan/cgroup_plan.h"

static const struct host host = { .privileged = true,
				  .cgroup_mount = "/sys/fs/cgroup/unified",
				  .controllers = HOST_HUGETLB | HOST_PIDS,
				  .controllers_v1 = HOST_MEMORY };
static const struct host rootless = { .euid = 1000,
				      .cgroup_mount = "/sys/fs/cgroup",
				      .cgroup_parent = "/user.slice/me",
				      .controllers = 0xff };

struct planned {
	struct cgroup_plan plan;
	struct error err;
	int result;
};

/* `linux_` is the inside of the config's linux object. */
static struct planned build(const struct host *on, enum cgroup_manager manager, const char *linux_)
{
	struct spec_config config = {};
	struct planned p = {};
	char text[4096];
	int len = snprintf(text, sizeof text,
			   "{\"ociVersion\":\"1.2.0\",\"root\":{\"path\":\"r\"},\"linux\":{%s}}",
			   linux_);

	cr_assert_eq(json_decode(&spec_config_schema, text, len, &config, &p.err), 0, "%s",
		     p.err.text);
	p.result = cgroup_plan_build(&config, on, manager, "web1", &p.plan, &p.err);
	json_release(&spec_config_schema, &config);
	return p;
}

static void expect_path(const struct host *on, const char *linux_, const char *path)
{
	struct planned p = build(on, CGROUP_MANAGER_CGROUPFS, linux_);

	cr_assert_eq(p.result, 0, "%s", p.err.text);
	cr_assert_str_eq(p.plan.path, path);
	cgroup_plan_release(&p.plan);
}

static void expect_error(const struct host *on, enum cgroup_manager manager, const char *linux_,
			 int code, const char *message)
{
	struct planned p = build(on, manager, linux_);

	cr_assert_eq(p.result, -code, "%s: %d %s", linux_, p.result, p.err.text);
	cr_assert_str_eq(p.err.text, message);
	cgroup_plan_release(&p.plan);
}

Test(cgroup_plan, the_default_path_has_the_id)
{
	struct error err = {};
	char *path;

	cr_assert_eq(cgroup_plan_default_path("web1", &path, &err), 0);
	cr_assert_str_eq(path, "/ctr/web1");
	free(path);
	expect_path(&host, "", "/ctr/web1");
	expect_path(&host, "\"cgroupsPath\":\"\"", "/ctr/web1");
}

Test(cgroup_plan, a_config_without_linux_has_a_cgroup_too)
{
	const struct spec_config config = {};
	struct cgroup_plan plan = {};
	struct error err = {};

	cr_assert_eq(cgroup_plan_build(&config, &host, CGROUP_MANAGER_CGROUPFS, "a", &plan, &err),
		     0);
	cr_assert_str_eq(plan.path, "/ctr/a");
	cr_assert_not(plan.best_effort);
	cgroup_plan_release(&plan);
}

Test(cgroup_plan, absolute_and_relative_paths_are_below_the_mount)
{
	expect_path(&host, "\"cgroupsPath\":\"/pods//a/./b/\"", "/pods/a/b");
	expect_path(&host, "\"cgroupsPath\":\"pods/a\"", "/pods/a");
	expect_path(&host, "\"cgroupsPath\":\"a b\"", "/a b");
	expect_path(&host, "\"cgroupsPath\":\"/pods/a:b:c\"", "/pods/a:b:c");
}

Test(cgroup_plan, a_path_cannot_leave_or_be_the_root)
{
	static const char *const leaving[] = { "../../x", "/../x", "a/../../b", "a/..", ".." };

	for (size_t i = 0; i < sizeof leaving / sizeof *leaving; i++) {
		char text[64];

		snprintf(text, sizeof text, "\"cgroupsPath\":\"%s\"", leaving[i]);
		expect_error(&host, CGROUP_MANAGER_CGROUPFS, text, EINVAL,
			     "linux.cgroupsPath: '..' is not allowed in it");
	}
	expect_path(&host, "\"cgroupsPath\":\"a..b/..c\"", "/a..b/..c");
	expect_error(&host, CGROUP_MANAGER_CGROUPFS, "\"cgroupsPath\":\"/\"", EINVAL,
		     "linux.cgroupsPath: the root cgroup is not for a container");
	expect_error(&rootless, CGROUP_MANAGER_CGROUPFS, "\"cgroupsPath\":\"./.\"", EINVAL,
		     "linux.cgroupsPath: the root cgroup is not for a container");
}

Test(cgroup_plan, names_that_the_kernel_cannot_keep_are_refused)
{
	char text[400];

	expect_error(&host, CGROUP_MANAGER_CGROUPFS, "\"cgroupsPath\":\"a\\n\"", EINVAL,
		     "linux.cgroupsPath: has a control character in it");
	snprintf(text, sizeof text, "\"cgroupsPath\":\"/a/%0300d/b\"", 0);
	expect_error(&host, CGROUP_MANAGER_CGROUPFS, text, EINVAL,
		     "linux.cgroupsPath: a part of it is over 255 bytes");
}

Test(cgroup_plan, the_systemd_form_is_sent_to_its_driver)
{
	expect_error(&host, CGROUP_MANAGER_CGROUPFS, "\"cgroupsPath\":\"a.slice:docker:x\"", EINVAL,
		     "linux.cgroupsPath: 'a.slice:docker:x' is the form of the systemd driver; "
		     "use --systemd-cgroup or a path");
}

Test(cgroup_plan, under_systemd_it_is_where_the_unit_will_be)
{
	const struct host bare = { .privileged = true };
	struct planned p = build(&host, CGROUP_MANAGER_SYSTEMD,
				 "\"cgroupsPath\":\"a.slice:docker:x\",\"resources\":"
				 "{\"pids\":{\"limit\":9}}");

	cr_assert_eq(p.result, 0, "%s", p.err.text);
	cr_assert_str_eq(p.plan.path, "/a.slice/docker-x.scope");
	cr_assert_str_eq(p.plan.unit.name, "docker-x.scope");
	cr_assert_eq(p.plan.writes.n, 1);
	cr_assert_gt(p.plan.device_program.n, 0);
	cgroup_plan_release(&p.plan);
	p = build(&rootless, CGROUP_MANAGER_SYSTEMD, "");
	cr_assert_not(p.plan.best_effort);
	cgroup_plan_release(&p.plan);
	expect_error(&bare, CGROUP_MANAGER_SYSTEMD, "", ENOTSUP,
		     "the systemd cgroup driver needs cgroup v2, which is not mounted");
}

Test(cgroup_plan, without_privilege_everything_is_below_our_own)
{
	expect_path(&rootless, "", "/user.slice/me/ctr/web1");
	expect_path(&rootless, "\"cgroupsPath\":\"/a\"", "/user.slice/me/a");
	expect_path(&rootless, "\"cgroupsPath\":\"/user.slice/me/a\"", "/user.slice/me/a");
	expect_path(&rootless, "\"cgroupsPath\":\"/user.slice/mean\"",
		    "/user.slice/me/user.slice/mean");
}

Test(cgroup_plan, without_privilege_wish_and_limit_it_is_best_effort)
{
	static const struct {
		const char *linux_;
		bool best_effort;
	} cases[] = {
		{ "", true },
		{ "\"resources\":{\"devices\":[{\"allow\":false,\"access\":\"rwm\"}]}", true },
		{ "\"resources\":{\"pids\":{\"limit\":-1}}", true },
		{ "\"resources\":{\"pids\":{\"limit\":5}}", false },
		{ "\"cgroupsPath\":\"/a\"", false },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct planned p = build(&rootless, CGROUP_MANAGER_CGROUPFS, cases[i].linux_);

		cr_assert_eq(p.result, 0, "%s", p.err.text);
		cr_assert_eq(p.plan.best_effort, cases[i].best_effort, "%s", cases[i].linux_);
		cr_assert_not(p.plan.device_filter);
		cgroup_plan_release(&p.plan);
	}
}

Test(cgroup_plan, disabled_cgroups_take_no_limits)
{
	struct planned p = build(&host, CGROUP_MANAGER_DISABLED,
				 "\"cgroupsPath\":\"/a\",\"resources\":{\"devices\":"
				 "[{\"allow\":false,\"access\":\"rwm\"}]}");

	cr_assert_eq(p.result, 0, "%s", p.err.text);
	cr_assert_null(p.plan.path);
	cr_assert_not(p.plan.device_filter);
	cr_assert_not(p.plan.best_effort);
	cgroup_plan_release(&p.plan);
	expect_error(&host, CGROUP_MANAGER_DISABLED, "\"resources\":{\"memory\":{\"limit\":9}}",
		     ENOTSUP,
		     "linux.resources.memory.limit: needs a cgroup, and cgroups are disabled");
}

Test(cgroup_plan, without_v2_there_is_no_cgroup_unless_limits_need_it)
{
	const struct host bare = { .privileged = true };
	struct planned p = build(&bare, CGROUP_MANAGER_CGROUPFS, "");

	cr_assert_eq(p.result, 0, "%s", p.err.text);
	cr_assert_null(p.plan.path);
	cr_assert_not(p.plan.device_filter);
	cgroup_plan_release(&p.plan);
	expect_error(&bare, CGROUP_MANAGER_CGROUPFS, "\"resources\":{\"pids\":{\"limit\":9}}",
		     ENOTSUP,
		     "linux.resources.pids.limit: needs a cgroup, and cgroup v2 is not mounted");
}

Test(cgroup_plan, limits_ask_for_their_controllers)
{
	struct planned p = build(&host, CGROUP_MANAGER_CGROUPFS,
				 "\"resources\":{\"pids\":{\"limit\":9},\"memory\":{\"limit\":-1},"
				 "\"hugepageLimits\":[{\"pageSize\":\"2MB\",\"limit\":0}]}");

	cr_assert_eq(p.result, 0, "%s", p.err.text);
	cr_assert_eq(p.plan.controllers, HOST_PIDS | HOST_HUGETLB);
	cr_assert_eq(p.plan.writes.n, 3);
	cr_assert_str_eq(p.plan.writes.item[0].from, "linux.resources.pids.limit");
	cgroup_plan_release(&p.plan);
	expect_error(&host, CGROUP_MANAGER_CGROUPFS, "\"resources\":{\"memory\":{\"limit\":9}}",
		     ENOTSUP,
		     "linux.resources.memory.limit: the memory controller is not available in "
		     "/sys/fs/cgroup/unified (bound to cgroup v1)");
}

Test(cgroup_plan, a_device_program_is_for_the_hosts_own_user_namespace)
{
	struct host inside = host;
	struct planned p = build(&host, CGROUP_MANAGER_CGROUPFS, "");

	cr_assert(p.plan.device_filter);
	cr_assert_gt(p.plan.device_program.n, 0);
	cgroup_plan_release(&p.plan);
	p = build(&host, CGROUP_MANAGER_CGROUPFS, "\"namespaces\":[{\"type\":\"user\"}]");
	cr_assert_not(p.plan.device_filter);
	cgroup_plan_release(&p.plan);
	p = build(&host, CGROUP_MANAGER_CGROUPFS,
		  "\"namespaces\":[{\"type\":\"user\",\"path\":\"/proc/1/ns/user\"}]");
	cr_assert(p.plan.device_filter);
	cgroup_plan_release(&p.plan);
	inside.in_user_namespace = true;
	p = build(&inside, CGROUP_MANAGER_CGROUPFS, "");
	cr_assert_not(p.plan.device_filter);
	cgroup_plan_release(&p.plan);
}

Test(cgroup_plan, no_device_rules_are_not_permission)
{
	struct planned none = build(&host, CGROUP_MANAGER_CGROUPFS, "");
	struct planned empty =
		build(&host, CGROUP_MANAGER_CGROUPFS, "\"resources\":{\"devices\":[]}");
	struct planned denied =
		build(&host, CGROUP_MANAGER_CGROUPFS,
		      "\"resources\":{\"devices\":[{\"allow\":false,\"access\":\"rwm\"}]}");
	size_t size = none.plan.device_program.n * sizeof *none.plan.device_program.item;

	cr_assert_eq(empty.plan.device_program.n, none.plan.device_program.n);
	cr_assert_eq(denied.plan.device_program.n, none.plan.device_program.n);
	cr_assert_eq(memcmp(empty.plan.device_program.item, none.plan.device_program.item, size),
		     0);
	cr_assert_eq(memcmp(denied.plan.device_program.item, none.plan.device_program.item, size),
		     0);
	cgroup_plan_release(&none.plan);
	cgroup_plan_release(&empty.plan);
	cgroup_plan_release(&denied.plan);
}

Test(cgroup_plan, a_wrong_device_rule_names_its_place_in_the_config)
{
	expect_error(
		&host, CGROUP_MANAGER_CGROUPFS,
		"\"resources\":{\"devices\":[{\"allow\":false},{\"allow\":true,\"type\":\"p\"}]}",
		EINVAL, "linux.resources.devices[1].type: wants a, c, u or b");
}
