/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <sched.h>

#include "fixture.h"
#include "plan/rootfs_plan.h"

static struct spec_rootfs rootfs;
static struct rootfs_plan plan;
static struct mount_plan mounts;
static struct host host;
static struct namespace_plan namespaces;
static const struct mount_plan_facts facts = { .host = &host, .namespaces = &namespaces };
static struct error err;

static void begin(void)
{
	host = fixture_host();
	namespaces = (struct namespace_plan){};
	mounts = (struct mount_plan){ .mount_namespace = true };
	err = (struct error){};
}

static void end(void)
{
	json_release(&spec_rootfs_schema, &rootfs);
	rootfs_plan_release(&plan);
	mount_plan_release(&mounts);
}

TestSuite(rootfs_plan, .init = begin, .fini = end);

static int build(const char *members)
{
	char json[1000];

	snprintf(json, sizeof json, "{'store':'/s//x/',%s}", members);
	for (char *c = json; *c; c++)
		*c = *c == '\'' ? '"' : *c;
	json_release(&spec_rootfs_schema, &rootfs);
	rootfs_plan_release(&plan);
	cr_assert_eq(json_decode(&spec_rootfs_schema, json, strlen(json), &rootfs, &err), 0, "%s",
		     err.text);
	return rootfs_plan_build(&rootfs, &facts, &mounts, &plan, &err);
}

Test(rootfs_plan, without_layers_there_is_nothing)
{
	cr_assert_eq(rootfs_plan_build(NULL, &facts, &mounts, &plan, &err), 0);
	cr_expect_null(plan.store);
}

Test(rootfs_plan, what_lies_in_the_store_is_named_below_it)
{
	cr_assert_eq(build("'lower':['a/b','/s/x/c','/else','../y'],'upper':'./u','work':'/s/x/w'"),
		     0, "%s", err.text);
	cr_expect_str_eq(plan.store, "/s/x");
	cr_expect_str_eq(plan.lower.item[0].name, "a/b");
	cr_expect_str_eq(plan.lower.item[1].name, "c");
	cr_expect_null(plan.lower.item[2].name);
	cr_expect_str_eq(plan.lower.item[2].path, "/else");
	cr_expect_null(plan.lower.item[3].name);
	cr_expect_str_eq(plan.lower.item[3].path, "/s/y");
	cr_expect_str_eq(plan.upper.name, "u");
	cr_expect_str_eq(plan.work.name, "w");
	cr_expect_eq(plan.idmap, 0);
	cr_expect_not(plan.detached);
}

Test(rootfs_plan, the_store_may_be_the_root_of_the_host)
{
	char *lower[] = { "usr", "/opt/x" };
	struct spec_rootfs whole = { .store = "/", .lower = { lower, 2 } };

	cr_assert_eq(rootfs_plan_build(&whole, &facts, &mounts, &plan, &err), 0, "%s", err.text);
	cr_expect_str_eq(plan.lower.item[0].name, "usr");
	cr_expect_str_eq(plan.lower.item[1].name, "opt/x");
}

Test(rootfs_plan, devices_of_layers_are_nothing_in_a_user_namespace)
{
	cr_assert_eq(build("'lower':['a','b']"), 0);
	cr_expect_not(plan.nodev);
	namespaces.present = CLONE_NEWUSER;
	cr_assert_eq(build("'lower':['a','b']"), 0);
	cr_expect(plan.nodev);
}

Test(rootfs_plan, layers_of_detached_mounts_need_a_new_kernel)
{
	host.kernel_version = 6 << 16 | 14;
	cr_assert_eq(build("'lower':['a','b']"), 0);
	cr_expect_not(plan.detached);
	host.kernel_version = 6 << 16 | 15;
	cr_assert_eq(build("'lower':['a','b']"), 0);
	cr_expect(plan.detached);
}

Test(rootfs_plan, its_map_is_one_of_the_mounts)
{
	struct mount_idmap *map;

	cr_assert_eq(build("'lower':['a','b'],'uidMappings':[{'containerID':1,'hostID':5,'size':3},"
			   "{'containerID':0,'hostID':70,'size':1}],"
			   "'gidMappings':[{'containerID':0,'hostID':80,'size':1}]"),
		     0, "%s", err.text);
	cr_assert_eq(plan.idmap, 1);
	cr_assert_eq(mounts.idmaps.n, 1);
	map = &mounts.idmaps.item[0];
	cr_expect_eq(map->uids.n, 2);
	cr_expect_eq(plan.uid, 70);
	cr_expect_eq(plan.gid, 80);
}

Test(rootfs_plan, what_cannot_be_is_refused_by_name)
{
	static const struct {
		const char *members, *text;
	} rows[] = {
		{ "'lower':['a','a']", "lower[1]: /s/x/a overlaps lower[0]" },
		{ "'lower':['a','b','a/c']", "lower[2]: /s/x/a/c overlaps lower[0]" },
		{ "'lower':['a/c','a']", "lower[1]: /s/x/a overlaps lower[0]" },
		{ "'lower':['.','a']", "lower[1]" },
		{ "'lower':['a'],'upper':'a','work':'w'", "upper: /s/x/a overlaps lower[0]" },
		{ "'lower':['a'],'upper':'u','work':'a/w'", "work: /s/x/a/w overlaps lower[0]" },
		{ "'lower':['a'],'upper':'u','work':'u/w'", "work: /s/x/u/w overlaps upper" },
		{ "'lower':['a'],'upper':'w/u','work':'w'", "work: /s/x/w overlaps upper" },
		{ "'lower':['a'],'upper':'/u','work':'w'", "upper: /u is not below the store" },
		{ "'lower':['a'],'upper':'../u','work':'w'", "upper: /s/u is not below the store" },
		{ "'lower':['a'],'upper':'u','work':'.'", "work: /s/x is not below the store" },
		{ "'lower':['a','b'],'uidMappings':[{'containerID':1,'hostID':5,'size':3}],"
		  "'gidMappings':[{'containerID':0,'hostID':80,'size':1}]",
		  "uidMappings: does not map 0" },
		{ "'lower':['a','b'],'uidMappings':[{'containerID':0,'hostID':5,'size':3}],"
		  "'gidMappings':[{'containerID':0,'hostID':4294967290,'size':100}]",
		  "gidMappings[0]: goes beyond" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		cr_expect_eq(build(rows[i].members), -EINVAL, "%s", rows[i].members);
		cr_expect_not_null(strstr(err.text, rows[i].text), "%s: %s", rows[i].members,
				   err.text);
	}
}

Test(rootfs_plan, it_is_roots_and_wants_a_mount_namespace)
{
	host.privileged = false;
	cr_expect_eq(build("'lower':['a','b']"), -ENOTSUP);
	host.privileged = host.in_user_namespace = true;
	cr_expect_eq(build("'lower':['a','b']"), -ENOTSUP);
	host.in_user_namespace = false;
	mounts.mount_namespace = false;
	cr_expect_eq(build("'lower':['a','b']"), -EINVAL);
	cr_expect_not_null(strstr(err.text, "mount namespace"));
}
