/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <sys/mount.h>

#include "mounts_fixture.h"

Test(mount_plan, the_root_turns_readonly_last_of_all)
{
	struct mounts_fixture f = { .host = fixture_host() };
	const struct mount_op *last;

	mounts_fixture_plan(&f, "{'ociVersion':'1.2.0','root':{'path':'rootfs','readonly':true},"
				"'mounts':[{'destination':'/t','type':'tmpfs','options':['ro']}],"
				"'linux':{'namespaces':[{'type':'mount'}],'maskedPaths':['/m'],"
				"'readonlyPaths':['/r']}}");
	cr_assert_eq(f.result, 0, "%s", f.err.text);
	cr_assert_eq(f.plan.ops.n - f.plan.n_early, 4);
	last = &f.plan.ops.item[f.plan.n_early];
	cr_expect_str_eq(last[0].target, "/t");
	cr_expect_eq(last[1].kind, MOUNT_OP_READONLY);
	cr_expect_eq(last[2].kind, MOUNT_OP_MASK);
	cr_expect_str_eq(last[3].target, "/");
	cr_expect_eq(last[3].attr_set, MOUNT_ATTR_RDONLY);
	cr_expect(last[1].optional && last[2].optional && !last[3].optional);
	mounts_fixture_release(&f);
}

Test(mount_plan, the_working_directory_is_made_before_hooks_and_pivot)
{
	struct mounts_fixture f = { .host = fixture_host() };

	mounts_fixture_plan(&f, MOUNTS_CONFIG("'process':{'terminal':true,'cwd':'/a/b/',"
					      "'user':{'uid':0,'gid':0}},",
					      ""));
	cr_assert_eq(f.result, 0, "%s", f.err.text);
	cr_expect_eq(f.plan.n_early, f.plan.ops.n);
	cr_expect_eq(f.plan.ops.item[f.plan.ops.n - 1].kind, MOUNT_OP_DIRECTORY);
	cr_expect_str_eq(f.plan.ops.item[f.plan.ops.n - 1].target, "/a/b");
	cr_expect_eq(f.plan.ops.item[f.plan.ops.n - 2].kind, MOUNT_OP_CONSOLE);
	mounts_fixture_release(&f);
}

Test(mount_plan, propagation_never_reaches_back_to_the_host_by_default)
{
	static const struct {
		const char *more;
		unsigned long parent, root;
	} rows[] = {
		{ "", MS_SLAVE | MS_REC, 0 },
		{ ",'rootfsPropagation':'private'", MS_PRIVATE | MS_REC, 0 },
		{ ",'rootfsPropagation':'rshared'", MS_SHARED | MS_REC, MS_SHARED | MS_REC },
		{ ",'rootfsPropagation':'shared'", MS_SHARED | MS_REC, MS_SHARED },
		{ ",'rootfsPropagation':'unbindable'", MS_SLAVE | MS_REC, MS_UNBINDABLE },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct mounts_fixture f = { .host = fixture_host() };
		char config[512];

		snprintf(config, sizeof config, MOUNTS_CONFIG("", "%s"), rows[i].more);
		mounts_fixture_plan(&f, config);
		cr_expect_eq(f.plan.parent_propagation, rows[i].parent, "%s", rows[i].more);
		cr_expect_eq(f.plan.root_propagation, rows[i].root, "%s", rows[i].more);
		mounts_fixture_release(&f);
	}
}

Test(mount_plan, an_existing_mount_namespace_gets_no_mounts)
{
	struct mounts_fixture f = { .host = fixture_host() };

	mounts_fixture_plan(
		&f,
		"{'ociVersion':'1.2.0','root':{'path':'rootfs'},'linux':{'namespaces':[{'type':'mount',"
		"'path':'/proc/1/ns/mnt'}]}}");
	cr_expect_eq(f.result, 0);
	cr_expect_not(f.plan.mount_namespace);
	mounts_fixture_release(&f);
}

Test(mount_plan, a_hidden_tmpfs_is_readonly_at_once)
{
	struct mounts_fixture f = { .host = fixture_host() };

	mounts_fixture_plan(
		&f,
		MOUNTS_CONFIG("'mounts':[{'destination':'/a/b','type':'tmpfs','options':['ro']},"
			      "{'destination':'/a','type':'tmpfs'}],",
			      ""));
	cr_assert_eq(f.result, 0, "%s", f.err.text);
	cr_expect_eq(f.plan.ops.item[0].late_readonly, false);
	cr_expect_eq(f.plan.ops.item[0].attr_set, MOUNT_ATTR_RDONLY);
	cr_expect_eq(f.plan.n_early, f.plan.ops.n);
	mounts_fixture_release(&f);
}

Test(mount_plan, a_label_without_selinux_is_not_ignored)
{
	struct mounts_fixture f = { .host = fixture_host() };

	mounts_fixture_plan(&f, MOUNTS_CONFIG("", ",'mountLabel':'a:b:c:s0'"));
	cr_expect_eq(f.result, -ENOTSUP);
	cr_expect_not_null(strstr(f.err.text, "linux.mountLabel"), "%s", f.err.text);
	mounts_fixture_release(&f);
}
