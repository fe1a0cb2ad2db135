/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdlib.h>

#include "fixture.h"

struct named {
	struct unit_plan unit;
	char *path;
	struct error err;
	int result;
};

static struct named name(const char *cgroups_path, const struct host *host)
{
	struct named n = {};

	n.result = unit_plan_name(cgroups_path, host, "web1", &n.unit, &n.path, &n.err);
	return n;
}

static void expect_name(const char *cgroups_path, const char *unit, const char *path)
{
	const struct host host = fixture_host();
	struct named n = name(cgroups_path, &host);

	cr_assert_eq(n.result, 0, "%s: %s", cgroups_path, n.err.text);
	cr_expect_str_eq(n.unit.name, unit);
	cr_expect_str_eq(n.path, path);
	cr_expect_not(n.unit.user);
	unit_plan_release(&n.unit);
	free(n.path);
}

static void expect_refused(const char *cgroups_path, const char *why)
{
	const struct host host = fixture_host();
	struct named n = name(cgroups_path, &host);

	cr_expect_eq(n.result, -EINVAL, "%s", cgroups_path);
	cr_expect_null(n.path);
	cr_expect_not_null(strstr(n.err.text, why), "%s: %s", cgroups_path, n.err.text);
	unit_plan_release(&n.unit);
}

/* Plan a whole config, which has the annotations given and those resources. */
static int plan(const char *annotations, const char *resources, struct cgroup_plan *ret,
		struct error *err)
{
	const struct host host = fixture_host();
	struct spec_config config;
	char text[2048];
	int r;

	snprintf(text, sizeof text,
		 "{'ociVersion':'1.3.0','root':{'path':'r'},'annotations':{%s},"
		 "'linux':{'resources':{%s}}}",
		 annotations, resources);
	config = fixture_config(text);
	r = cgroup_plan_build(&config, &host, CGROUP_MANAGER_SYSTEMD, "web1", ret, err);
	fixture_release(&config);
	return r;
}

static void expect_property(const struct unit_plan *unit, const char *property, const char *value)
{
	size_t n = 0;

	for (size_t i = 0; i < unit->properties.n; i++)
		if (!strcmp(unit->properties.item[i].name, property)) {
			cr_expect_str_eq(unit->properties.item[i].value, value, "%s = %s", property,
					 unit->properties.item[i].value);
			n++;
		}
	cr_expect_eq(n, value ? 1 : 0, "%zu of %s", n, property);
}

Test(unit_plan, the_three_parts_name_a_scope_in_a_slice)
{
	expect_name("system.slice:docker:0123", "docker-0123.scope",
		    "/system.slice/docker-0123.scope");
	expect_name("machine.slice::0123", "0123.scope", "/machine.slice/0123.scope");
	expect_name("::0123", "0123.scope", "/system.slice/0123.scope");
	expect_name(NULL, "ctr-web1.scope", "/system.slice/ctr-web1.scope");
	expect_name("", "ctr-web1.scope", "/system.slice/ctr-web1.scope");
}

Test(unit_plan, a_slice_is_below_those_that_its_name_begins_with)
{
	expect_name("kubepods-burstable-pod1.slice:cri:9", "cri-9.scope",
		    "/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod1.slice/"
		    "cri-9.scope");
	expect_name("-:a:b", "a-b.scope", "/a-b.scope");
	expect_name("-.slice:a:b", "a-b.scope", "/a-b.scope");
}

Test(unit_plan, a_name_that_is_a_slice_stands_for_itself)
{
	expect_name("system.slice:x:my-test.slice", "my-test.slice", "/my.slice/my-test.slice");
	cr_assert(unit_plan_is_slice("my-test.slice"));
	cr_assert_not(unit_plan_is_slice("my.slice.scope"));
}

Test(unit_plan, what_units_cannot_be_named_is_escaped)
{
	expect_name("::a+b c", "a\\x2bb\\x20c.scope", "/system.slice/a\\x2bb\\x20c.scope");
}

Test(unit_plan, other_forms_and_slices_that_are_none_are_refused)
{
	char longest[400];

	expect_refused("/a/b", "expected cgroupsPath to be of format \"slice:prefix:name\"");
	expect_refused("a:b", "expected cgroupsPath");
	expect_refused("a.slice:b:c:d", "expected cgroupsPath");
	expect_refused("a.slice:b/c:d", "expected cgroupsPath");
	expect_refused("a:b:c", "does not end in .slice");
	expect_refused(".slice:b:c", "is not the name of a slice");
	expect_refused("a--b.slice:b:c", "is not the name of a slice");
	expect_refused("-a.slice:b:c", "is not the name of a slice");
	expect_refused("a-.slice:b:c", "is not the name of a slice");
	expect_refused("a b.slice:b:c", "is not the name of a slice");
	expect_refused("a.slice:b:", "the name is empty");
	expect_refused("a.slice:b:c--d.slice", "is not the name of a slice");
	snprintf(longest, sizeof longest, "::%0300d", 0);
	expect_refused(longest, "over 255 bytes");
}

Test(unit_plan, the_users_manager_has_its_own_tree)
{
	struct host host = fixture_host();
	struct named n;

	host.user_manager = true;
	host.euid = 1000;
	n = name(NULL, &host);
	cr_assert_eq(n.result, 0);
	cr_assert(n.unit.user);
	cr_assert_str_eq(
		n.path,
		"/user.slice/user-1000.slice/user@1000.service/user.slice/ctr-web1.scope");
	unit_plan_release(&n.unit);
	free(n.path);
	/* In a user namespace the cgroup says whose it is. */
	host.euid = 0;
	host.cgroup_parent = "/user.slice/user-1001.slice/session-2.scope";
	n = name("a.slice:b:c", &host);
	cr_assert_str_eq(n.path, "/user.slice/user-1001.slice/user@1001.service/a.slice/b-c.scope");
	unit_plan_release(&n.unit);
	free(n.path);
}

Test(unit_plan, a_scope_is_delegated_and_leaves_no_failed_unit)
{
	struct cgroup_plan p = {};
	struct error err = {};

	cr_assert_eq(plan("", "", &p, &err), 0, "%s", err.text);
	expect_property(&p.unit, "Delegate", "true");
	expect_property(&p.unit, "Slice", "'system.slice'");
	expect_property(&p.unit, "CollectMode", "'inactive-or-failed'");
	expect_property(&p.unit, "DefaultDependencies", "false");
	expect_property(&p.unit, "DevicePolicy", "'strict'");
	expect_property(&p.unit, "MemoryMax", NULL);
	cgroup_plan_release(&p);
}

Test(unit_plan, annotations_set_properties_and_have_the_last_word)
{
	struct cgroup_plan p = {};
	struct error err = {};

	cr_assert_eq(plan("'org.systemd.property.TimeoutStopUSec':'uint64 5',"
			  "'org.systemd.property.RuntimeMaxSec':'1.5',"
			  "'org.systemd.property.CPUAccounting':'false','other':'x'",
			  "", &p, &err),
		     0, "%s", err.text);
	expect_property(&p.unit, "TimeoutStopUSec", "uint64 5");
	expect_property(&p.unit, "RuntimeMaxUSec", "uint64 1500000");
	expect_property(&p.unit, "CPUAccounting", "false");
	cgroup_plan_release(&p);
}

Test(unit_plan, annotations_cannot_say_who_is_in_the_unit_and_where_it_is)
{
	static const struct {
		const char *annotation, *why;
	} cases[] = {
		{ "'org.systemd.property.PIDs':'[uint32 1]'", "is for ctr to set" },
		{ "'org.systemd.property.Slice':'1'", "is for ctr to set" },
		{ "'org.systemd.property.Delegate':'false'", "is for ctr to set" },
		{ "'org.systemd.property.a1':'1'", "is not the name of a property" },
		{ "'org.systemd.property.':'1'", "is not the name of a property" },
		{ "'org.systemd.property.Nice':'much'", "annotations[org.systemd.property.Nice]" },
		{ "'org.systemd.property.StopSec':'-1'", "wants a number of seconds" },
		{ "'org.systemd.property.StopSec':'true'", "wants a number of seconds" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct cgroup_plan p = {};
		struct error err = {};

		cr_expect_eq(plan(cases[i].annotation, "", &p, &err), -EINVAL, "%s",
			     cases[i].annotation);
		cr_expect_not_null(strstr(err.text, cases[i].why), "%s", err.text);
		cgroup_plan_release(&p);
	}
}

Test(unit_plan, lists_grow_by_an_element)
{
	struct unit_plan unit = {};
	struct error err = {};

	cr_assert_eq(unit_plan_append(&unit, "A", "'x'", &err), 0);
	cr_assert_eq(unit_plan_append(&unit, "A", "'y'", &err), 0);
	expect_property(&unit, "A", "['x', 'y']");
	cr_assert_eq(unit_plan_set(&unit, "A", 250, &err, "%d", 5), 0);
	expect_property(&unit, "A", "5");
	cr_assert_eq(unit.properties.item[0].since.value, 250);
	unit_plan_release(&unit);
}
