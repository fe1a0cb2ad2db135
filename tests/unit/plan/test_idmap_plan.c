/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>

#include "fixture.h"

#define USER "'namespaces':[{'type':'user'}]"

static struct host user_host(void)
{
	struct host host = fixture_host();

	host.privileged = false;
	host.euid = 1000;
	host.egid = 1001;
	return host;
}

/* uid and gid: "id host size,..." without brackets. */
static int planned(const char *uids, const char *gids, struct host host, struct idmap_plan *ret,
		   struct error *err)
{
	char text[2048];
	struct spec_config config;
	int r;

	snprintf(text, sizeof text,
		 "{'ociVersion':'1.2.0','root':{'path':'rootfs'},'linux':{" USER
		 ",'uidMappings':[%s],'gidMappings':[%s]}}",
		 uids, gids);
	config = fixture_config(text);
	r = idmap_plan_build(&config, &host, ret, err);
	fixture_release(&config);
	return r;
}

#define MAPPING(c, h, s) "{'containerID':" #c ",'hostID':" #h ",'size':" #s "}"

Test(idmap_plan, privilege_writes_the_maps_directly)
{
	struct idmap_plan plan = {};
	struct error err = {};

	cr_assert_eq(planned(MAPPING(0, 100000, 65536), MAPPING(0, 200000, 10), fixture_host(),
			     &plan, &err),
		     0);
	cr_expect_eq(plan.method, IDMAP_DIRECT);
	cr_expect_eq(plan.deny_setgroups, false);
	cr_expect_eq(idmap_plan_host_uid(&plan, 5), 100005);
	cr_expect_eq(idmap_plan_host_gid(&plan, 9), 200009);
	cr_expect_eq(idmap_plan_host_gid(&plan, 10), -1);
	cr_expect_eq(idmap_plan_has_uid(&plan, 65535), true);
	cr_expect_eq(idmap_plan_has_uid(&plan, 65536), false);
	idmap_plan_release(&plan);
}

Test(idmap_plan, the_own_id_alone_needs_no_help_but_loses_setgroups)
{
	struct idmap_plan plan = {};
	struct error err = {};

	cr_assert_eq(planned(MAPPING(0, 1000, 1), MAPPING(0, 1001, 1), user_host(), &plan, &err),
		     0);
	cr_expect_eq(plan.method, IDMAP_SELF);
	cr_expect_eq(plan.deny_setgroups, true);
	idmap_plan_release(&plan);
}

Test(idmap_plan, anything_else_needs_the_helpers)
{
	static const char *const maps[][2] = {
		{ MAPPING(0, 1000, 2), MAPPING(0, 1001, 1) },
		{ MAPPING(0, 1000, 1), MAPPING(0, 1000, 1) },
		{ MAPPING(0, 1000, 1) "," MAPPING(1, 100000, 9), MAPPING(0, 1001, 1) },
	};

	for (size_t i = 0; i < sizeof maps / sizeof *maps; i++) {
		struct idmap_plan plan = {};
		struct error err = {};

		cr_assert_eq(planned(maps[i][0], maps[i][1], user_host(), &plan, &err), 0);
		cr_expect_eq(plan.method, IDMAP_HELPER, "map %zu", i);
		cr_expect_eq(plan.deny_setgroups, false);
		idmap_plan_release(&plan);
	}
}

Test(idmap_plan, bad_ranges_are_named)
{
	static const struct {
		const char *uids, *text;
	} bad[] = {
		{ MAPPING(0, 10, 5) "," MAPPING(4, 100, 1),
		  "uidMappings[1]: its container ids overlap" },
		{ MAPPING(5, 10, 5) "," MAPPING(0, 14, 1), "uidMappings[1]: its host ids overlap" },
		{ MAPPING(0, 4294967294, 2), "uidMappings[0]: goes beyond" },
		{ MAPPING(4294967294, 0, 2), "uidMappings[0]: goes beyond" },
		{ MAPPING(1, 0, 4294967295), "uidMappings[0]: goes beyond" },
	};

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct idmap_plan plan = {};
		struct error err = {};

		cr_expect_eq(planned(bad[i].uids, MAPPING(0, 0, 1), fixture_host(), &plan, &err),
			     -EINVAL);
		cr_expect_not_null(strstr(err.text, bad[i].text), "%s", err.text);
		idmap_plan_release(&plan);
	}
}

Test(idmap_plan, neighbours_and_the_last_id_are_fine)
{
	struct idmap_plan plan = {};
	struct error err = {};

	cr_expect_eq(planned(MAPPING(0, 10, 5) "," MAPPING(5, 15, 1), MAPPING(0, 0, 4294967295),
			     fixture_host(), &plan, &err),
		     0, "%s", err.text);
	idmap_plan_release(&plan);
}

Test(idmap_plan, a_joined_namespace_keeps_its_own_map)
{
	struct spec_config config = fixture_config(
		"{'ociVersion':'1.2.0','root':{'path':'rootfs'},'linux':{'namespaces':[{'type':'user','path':'/p'}],"
		"'uidMappings':[" MAPPING(0, 0, 1) "],'gidMappings':[" MAPPING(0, 0, 1) "]}}");
	struct host host = fixture_host();
	struct idmap_plan plan = {};
	struct error err = {};

	cr_assert_eq(idmap_plan_build(&config, &host, &plan, &err), 0);
	cr_expect_eq(plan.method, IDMAP_NONE);
	cr_expect_eq(plan.uids.n, 0);
	cr_expect_eq(idmap_plan_has_uid(&plan, 4000), true);
	cr_expect_eq(idmap_plan_host_gid(&plan, 4000), 4000);
	fixture_release(&config);
}

Test(idmap_plan, the_text_is_what_the_kernel_reads)
{
	struct idmap_range item[] = { { 0, 1000, 1 }, { 1, 100000, 65536 } };
	const struct idmap_ranges ranges = { item, 2 };
	struct error err = {};
	char *text = NULL;

	cr_assert_eq(idmap_plan_text(&ranges, &text, &err), 0);
	cr_expect_str_eq(text, "0 1000 1\n1 100000 65536\n");
	free(text);
}
