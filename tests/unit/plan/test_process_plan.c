/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <errno.h>
#include <string.h>

#include "plan/process_plan.h"

/* A config is decoded and planned; what is borrowed lives as long as this. */
struct planned {
	struct spec_config config;
	struct process_plan plan;
	struct error err;
	int result;
};

static const struct host host = { .privileged = true, .cap_last = 40 };
static const struct idmap_plan no_idmap;

#define ROOT "\"user\":{\"uid\":0,\"gid\":0}"

/* `process` is the inside of the object, `rest` what follows it in the document. */
static void build(struct planned *p, const char *process, const char *rest, const struct host *on,
		  const struct idmap_plan *idmap)
{
	char text[4096];
	int len = snprintf(
		text, sizeof text,
		"{\"ociVersion\":\"1.2.0\",\"root\":{\"path\":\"r\"},\"process\":{\"cwd\":\"/\",%s}%s}",
		process, rest);

	*p = (struct planned){};
	cr_assert_eq(json_decode(&spec_config_schema, text, len, &p->config, &p->err), 0, "%s",
		     p->err.text);
	p->result = process_plan_build(&p->config, p->config.process, on, idmap, &p->plan, &p->err);
}

static void release(struct planned *p)
{
	process_plan_release(&p->plan);
	json_release(&spec_config_schema, &p->config);
}

Test(process_plan, no_process_is_no_error)
{
	const struct spec_config config = {};
	struct process_plan plan = {};
	struct error err = {};

	cr_assert_eq(process_plan_build(&config, NULL, &host, &no_idmap, &plan, &err), 0);
	cr_assert_not(plan.present);
}

Test(process_plan, what_is_not_said_gets_its_default)
{
	struct planned p;

	build(&p, ROOT ",\"args\":[\"sh\",\"-c\",\"id\"]", "", &host, &no_idmap);
	cr_assert_eq(p.result, 0, "%s", p.err.text);
	cr_assert(p.plan.present);
	cr_assert_not(p.plan.terminal);
	cr_assert_str_eq(p.plan.cwd, "/");
	cr_assert_eq(p.plan.args.n, 3);
	cr_assert_str_eq(p.plan.args.item[2], "id");
	cr_assert_null(p.plan.args.item[3]);
	cr_assert_eq(p.plan.umask, 0022);
	cr_assert(p.plan.add_home);
	cr_assert_eq(p.plan.groups_mode, PROCESS_GROUPS_SET);
	cr_assert_eq(p.plan.groups.n, 0);
	cr_assert_eq(p.plan.limits.n, 0);
	cr_assert_eq(p.plan.capabilities.bounding, 0);
	cr_assert_not(p.plan.oom_score_adj_set);
	cr_assert_not(p.plan.personality_set);
	cr_assert_not(p.plan.no_new_privileges);
	cr_assert_null(p.plan.apparmor_profile);
	cr_assert_null(p.plan.selinux_label);
	release(&p);
}

Test(process_plan, without_a_user_it_is_root)
{
	const struct spec_config config = {};
	const struct spec_process process = { .cwd = "/" };
	struct process_plan plan = {};
	struct error err = {};

	cr_assert_eq(process_plan_build(&config, &process, &host, &no_idmap, &plan, &err), 0);
	cr_assert_eq(plan.uid, 0);
	cr_assert_eq(plan.gid, 0);
	cr_assert_eq(plan.umask, 0022);
	process_plan_release(&plan);
}

Test(process_plan, the_user_is_taken_as_given)
{
	struct planned p;

	build(&p,
	      "\"user\":{\"uid\":1000,\"gid\":100,\"umask\":63,\"additionalGids\":[5,4294967294]}",
	      "", &host, &no_idmap);
	cr_assert_eq(p.result, 0, "%s", p.err.text);
	cr_assert_eq(p.plan.uid, 1000);
	cr_assert_eq(p.plan.gid, 100);
	cr_assert_eq(p.plan.umask, 077);
	cr_assert_eq(p.plan.groups.n, 2);
	cr_assert_eq(p.plan.groups.item[0], 5);
	cr_assert_eq(p.plan.groups.item[1], 4294967294U);
	release(&p);
}

Test(process_plan, the_last_of_equal_names_wins)
{
	struct planned p;

	build(&p, ROOT ",\"env\":[\"A=1\",\"B=2\",\"AB=3\",\"A=4\",\"HOME=/x\",\"B=\",\"C\"]", "",
	      &host, &no_idmap);
	cr_assert_eq(p.result, 0, "%s", p.err.text);
	cr_assert_eq(p.plan.env.n, 5);
	cr_assert_str_eq(p.plan.env.item[0], "AB=3");
	cr_assert_str_eq(p.plan.env.item[1], "A=4");
	cr_assert_str_eq(p.plan.env.item[2], "HOME=/x");
	cr_assert_str_eq(p.plan.env.item[3], "B=");
	cr_assert_str_eq(p.plan.env.item[4], "C");
	cr_assert_null(p.plan.env.item[5]);
	cr_assert_not(p.plan.add_home);
	release(&p);
}

Test(process_plan, an_empty_home_is_left_to_init)
{
	struct planned p;

	build(&p, ROOT ",\"env\":[\"HOME=/x\",\"A=1\",\"HOME=\"]", "", &host, &no_idmap);
	cr_assert_eq(p.plan.env.n, 1);
	cr_assert_str_eq(p.plan.env.item[0], "A=1");
	cr_assert(p.plan.add_home);
	release(&p);
}

Test(process_plan, an_unmapped_user_is_refused)
{
	struct idmap_range range = { 0, 100000, 1000 };
	const struct idmap_plan idmap = { .method = IDMAP_DIRECT,
					  .uids = { &range, 1 },
					  .gids = { &range, 1 } };
	struct planned p;

	build(&p, "\"user\":{\"uid\":1000,\"gid\":0}", "", &host, &idmap);
	cr_assert_eq(p.result, -EINVAL);
	cr_assert_str_eq(p.err.text, "process.user.uid: 1000 is not mapped in the user namespace");
	release(&p);
	build(&p, "\"user\":{\"uid\":999,\"gid\":1000}", "", &host, &idmap);
	cr_assert_str_eq(p.err.text, "process.user.gid: 1000 is not mapped in the user namespace");
	release(&p);
	build(&p, "\"user\":{\"uid\":999,\"gid\":999,\"additionalGids\":[1,2000]}", "", &host,
	      &idmap);
	cr_assert_str_eq(p.err.text, "process.user.additionalGids[1]: 2000 is not mapped in the "
				     "user namespace");
	release(&p);
}

Test(process_plan, denied_setgroups_keeps_the_groups)
{
	struct idmap_range range = { 0, 1000, 1 };
	const struct idmap_plan idmap = { .method = IDMAP_SELF,
					  .deny_setgroups = true,
					  .uids = { &range, 1 },
					  .gids = { &range, 1 } };
	struct planned p;

	build(&p, ROOT, "", &host, &idmap);
	cr_assert_eq(p.result, 0, "%s", p.err.text);
	cr_assert_eq(p.plan.groups_mode, PROCESS_GROUPS_KEEP);
	release(&p);
	build(&p, "\"user\":{\"uid\":0,\"gid\":0,\"additionalGids\":[0]}", "", &host, &idmap);
	cr_assert_eq(p.result, -EINVAL);
	cr_assert_eq(strncmp(p.err.text, "process.user.additionalGids: ", 29), 0, "%s", p.err.text);
	release(&p);
}

Test(process_plan, the_annotation_keeps_the_groups)
{
	struct planned p;

	build(&p, "\"user\":{\"uid\":0,\"gid\":0,\"additionalGids\":[7]}",
	      ",\"annotations\":{\"run.oci.keep_original_groups\":\"1\"}", &host, &no_idmap);
	cr_assert_eq(p.result, 0, "%s", p.err.text);
	cr_assert_eq(p.plan.groups_mode, PROCESS_GROUPS_KEEP);
	cr_assert_eq(p.plan.groups.n, 0);
	release(&p);
	build(&p, ROOT, ",\"annotations\":{\"run.oci.keep_original_groups\":\"0\"}", &host,
	      &no_idmap);
	cr_assert_eq(p.plan.groups_mode, PROCESS_GROUPS_SET);
	release(&p);
}

Test(process_plan, limits_keep_their_order_and_range)
{
	struct planned p;

	build(&p,
	      ROOT ",\"rlimits\":[{\"type\":\"RLIMIT_NOFILE\",\"soft\":1024,\"hard\":2048},"
		   "{\"type\":\"RLIMIT_CORE\",\"soft\":0,\"hard\":18446744073709551615}]",
	      "", &host, &no_idmap);
	cr_assert_eq(p.result, 0, "%s", p.err.text);
	cr_assert_eq(p.plan.limits.n, 2);
	cr_assert_eq(p.plan.limits.item[0].resource, RLIMIT_NOFILE);
	cr_assert_eq(p.plan.limits.item[0].limit.rlim_cur, 1024);
	cr_assert_eq(p.plan.limits.item[0].limit.rlim_max, 2048);
	cr_assert_eq(p.plan.limits.item[1].resource, RLIMIT_CORE);
	cr_assert_eq(p.plan.limits.item[1].limit.rlim_max, RLIM_INFINITY);
	release(&p);
}

Test(process_plan, labels_need_their_module)
{
	const struct host labelled = { .cap_last = 40, .apparmor = true, .selinux = true };
	struct planned p;

	build(&p, ROOT ",\"apparmorProfile\":\"box\"", "", &host, &no_idmap);
	cr_assert_eq(p.result, -ENOTSUP);
	cr_assert_str_eq(p.err.text,
			 "process.apparmorProfile: AppArmor is not enabled on this host");
	release(&p);
	build(&p, ROOT ",\"selinuxLabel\":\"a:b:c\"", "", &host, &no_idmap);
	cr_assert_eq(p.result, -ENOTSUP);
	cr_assert_str_eq(p.err.text, "process.selinuxLabel: SELinux is not enabled on this host");
	release(&p);
	build(&p, ROOT ",\"apparmorProfile\":\"box\",\"selinuxLabel\":\"a:b:c\"", "", &labelled,
	      &no_idmap);
	cr_assert_eq(p.result, 0, "%s", p.err.text);
	cr_assert_str_eq(p.plan.apparmor_profile, "box");
	cr_assert_str_eq(p.plan.selinux_label, "a:b:c");
	release(&p);
}

Test(process_plan, an_unconfined_profile_is_fine_without_apparmor)
{
	struct planned p;

	build(&p, ROOT ",\"apparmorProfile\":\"unconfined\",\"selinuxLabel\":\"\"", "", &host,
	      &no_idmap);
	cr_assert_eq(p.result, 0, "%s", p.err.text);
	cr_assert_null(p.plan.apparmor_profile);
	cr_assert_null(p.plan.selinux_label);
	release(&p);
}

Test(process_plan, the_console_has_a_size_only_on_a_terminal)
{
	struct planned p;

	build(&p, ROOT ",\"terminal\":true,\"consoleSize\":{\"height\":24,\"width\":80}", "", &host,
	      &no_idmap);
	cr_assert(p.plan.terminal);
	cr_assert_eq(p.plan.rows, 24);
	cr_assert_eq(p.plan.columns, 80);
	release(&p);
	build(&p, ROOT ",\"consoleSize\":{\"height\":24,\"width\":80}", "", &host, &no_idmap);
	cr_assert_eq(p.plan.rows, 0);
	cr_assert_eq(p.plan.columns, 0);
	release(&p);
}

Test(process_plan, personality_score_and_privileges_are_passed_on)
{
	struct planned p;

	build(&p, ROOT ",\"oomScoreAdj\":-17,\"noNewPrivileges\":true",
	      ",\"linux\":{\"personality\":{\"domain\":\"LINUX32\"}}", &host, &no_idmap);
	cr_assert_eq(p.result, 0, "%s", p.err.text);
	cr_assert(p.plan.oom_score_adj_set);
	cr_assert_eq(p.plan.oom_score_adj, -17);
	cr_assert(p.plan.no_new_privileges);
	cr_assert(p.plan.personality_set);
	cr_assert_eq(p.plan.personality, 8);
	release(&p);
	build(&p, ROOT, ",\"linux\":{\"personality\":{\"domain\":\"LINUX\"}}", &host, &no_idmap);
	cr_assert(p.plan.personality_set);
	cr_assert_eq(p.plan.personality, 0);
	release(&p);
}

/* What an older `runc spec` wrote: ambient capabilities that are not inheritable. */
Test(process_plan, capabilities_reach_the_plan)
{
	struct planned p;

	build(&p,
	      ROOT ",\"capabilities\":{\"bounding\":[\"CAP_KILL\"],\"effective\":[\"CAP_KILL\"],"
		   "\"permitted\":[\"CAP_KILL\"],\"ambient\":[\"CAP_KILL\"]}",
	      "", &host, &no_idmap);
	cr_assert_eq(p.result, 0, "%s", p.err.text);
	cr_assert_eq(p.plan.capabilities.effective, 1ULL << 5);
	cr_assert_eq(p.plan.capabilities.ambient, 0);
	release(&p);
}
