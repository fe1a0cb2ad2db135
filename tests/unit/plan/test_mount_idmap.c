/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>

#include "mounts_fixture.h"
#include "plan/mount_idmap.h"

#define NEW_USER                                                                                   \
	"{'type':'mount'},{'type':'user'}],'uidMappings':["                                        \
	"{'containerID':0,'hostID':100000,'size':10},{'containerID':10,'hostID':5000,'size':10}]," \
	"'gidMappings':[{'containerID':0,'hostID':200000,'size':10}]"

static void plan_of(struct mounts_fixture *f, const char *options, const char *namespaces)
{
	char config[1000];

	f->host = fixture_host();
	snprintf(config, sizeof config,
		 "{'ociVersion':'1.2.0','root':{'path':'rootfs'},'mounts':[{'destination':'/a',"
		 "'type':'bind','source':'/srv','options':[%s]}],'linux':{'namespaces':[%s}}",
		 options, namespaces);
	mounts_fixture_plan(f, config);
}

static void expect_map(const char *options, const char *text)
{
	struct mounts_fixture f = {};

	plan_of(&f, options, NEW_USER);
	cr_assert_eq(f.result, 0, "%s: %s", options, f.err.text);
	cr_expect_not_null(strstr(f.text, text), "%s: %s", options, f.text);
	mounts_fixture_release(&f);
}

static void expect_error(const char *options, const char *namespaces, int code, const char *text)
{
	struct mounts_fixture f = {};

	plan_of(&f, options, namespaces);
	cr_expect(code ? f.result == code : f.result < 0, "%s: %s", options, f.err.text);
	cr_expect_not_null(strstr(f.err.text, text), "%s: %s", options, f.err.text);
	mounts_fixture_release(&f);
}

Test(mount_idmap, only_its_own_words_are_its_options)
{
	cr_expect(mount_idmap_is_option("idmap"));
	cr_expect(mount_idmap_is_option("ridmap"));
	cr_expect(mount_idmap_is_option("ridmap=uids=0-0-1"));
	cr_expect_not(mount_idmap_is_option("idmapped"));
	cr_expect_not(mount_idmap_is_option("ro"));
	cr_expect_not(mount_idmap_is_option("size=1"));
	cr_expect_not(mount_idmap_is_option(""));
}

Test(mount_idmap, without_a_map_it_is_the_containers)
{
	expect_map("'bind','idmap'", " idmap=uids=0-100000-10#10-5000-10;gids=0-200000-10 ");
	expect_map("'rbind','ridmap'", " ridmap=uids=0-100000-10#10-5000-10;gids=0-200000-10 ");
}

Test(mount_idmap, numbers_are_the_file_systems_the_hosts_and_how_many)
{
	expect_map("'bind','idmap=uids=0-7-1#5-9-2;gids=3-4-5'",
		   " idmap=uids=0-7-1#5-9-2;gids=3-4-5 ");
}

Test(mount_idmap, at_means_ids_of_the_container_which_may_lie_in_two_ranges)
{
	expect_map("'bind','idmap=uids=@50-8-4;gids=0-1-1'",
		   " idmap=uids=50-100008-2#52-5000-2;gids=0-1-1 ");
	expect_map("'bind','idmap=uids=0-1-1;gids=19-9-1#@1-0-10'",
		   " idmap=uids=0-1-1;gids=19-9-1#1-200000-10 ");
	expect_error("'bind','idmap=uids=@0-15-6;gids=0-1-1'", NEW_USER, -EINVAL,
		     "does not map id 20");
}

Test(mount_idmap, the_half_that_is_not_given_is_the_containers)
{
	expect_map("'bind','idmap=gids=0-1-1'", " idmap=uids=0-100000-10#10-5000-10;gids=0-1-1 ");
	expect_error("'bind','idmap=gids=0-1-1'", "{'type':'mount'}]", -EINVAL, "has no uids");
}

Test(mount_idmap, equal_maps_are_one)
{
	struct mounts_fixture f = { .host = fixture_host() };

	mounts_fixture_plan(
		&f,
		"{'ociVersion':'1.2.0','root':{'path':'rootfs'},'mounts':["
		"{'destination':'/a','source':'/s','options':['bind','idmap=uids=0-1-1;gids=0-1-1']},"
		"{'destination':'/b','source':'/s','options':['bind','idmap=uids=0-1-1;gids=0-1-1']},"
		"{'destination':'/c','source':'/s','options':['bind']},"
		"{'destination':'/d','source':'/s','options':['bind','idmap=uids=0-2-1;gids=0-1-1']}],"
		"'linux':{'namespaces':[{'type':'mount'}]}}");
	cr_assert_eq(f.result, 0, "%s", f.err.text);
	cr_expect_eq(f.plan.idmaps.n, 2);
	cr_expect_eq(mounts_fixture_op(&f, "/a")->idmap, 1);
	cr_expect_eq(mounts_fixture_op(&f, "/b")->idmap, 1);
	cr_expect_eq(mounts_fixture_op(&f, "/c")->idmap, 0);
	cr_expect_eq(mounts_fixture_op(&f, "/d")->idmap, 2);
	mounts_fixture_release(&f);
}

Test(mount_idmap, what_is_no_map_is_refused_with_its_place)
{
	static const char *const broken[] = {
		"uids",
		"uids=",
		"uids=1",
		"uids=1-2",
		"uids=1-2-3-4",
		"uids=a-2-3",
		"uids=-1-2-3",
		"uids=0-1-0",
		"uids=0-4294967295-1",
		"uids=0-4294967290-10",
		"uids=0-1-1;",
		"uids=0-1-1;pids=0-1-1",
		"uids= 0-1-1",
		"uids=0-1-1#",
		"uids=#0-1-1",
		"uids=0-1-1,gids=0-1-1",
		"uids=0-1-2#1-7-1",
		"uids=0-1-2#7-2-1",
		"=",
		"",
		"uids=@@0-1-1",
		"uids=99999999999999999999-1-1",
	};

	for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
		char options[100];

		snprintf(options, sizeof options, "'bind','idmap=%s'", broken[i]);
		expect_error(options, NEW_USER, 0, "mounts[0].options[1]");
	}
}
