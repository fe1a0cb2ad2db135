/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <sys/mount.h>

#include "mounts_fixture.h"

#define ENTRY(fields) MOUNTS_CONFIG("'mounts':[{" fields "}],", "")

static void expect_error(const char *config, int code, const char *text)
{
	struct mounts_fixture f = { .host = fixture_host() };

	mounts_fixture_plan(&f, config);
	cr_expect_eq(f.result, code, "%s", config);
	cr_expect_not_null(strstr(f.err.text, text), "%s", f.err.text);
	mounts_fixture_release(&f);
}

Test(mount_entry, a_readonly_bind_carries_its_attributes_itself)
{
	struct mounts_fixture f = { .host = fixture_host() };
	const struct mount_op *op;

	mounts_fixture_plan(&f, ENTRY("'destination':'/data','source':'/srv','options':"
				      "['rbind','ro','rnosuid','rprivate']"));
	cr_assert_eq(f.result, 0, "%s", f.err.text);
	op = mounts_fixture_op(&f, "/data");
	cr_expect_eq(op->kind, MOUNT_OP_BIND);
	cr_expect_eq(op->recursive, true);
	cr_expect_eq(op->attr_set, MOUNT_ATTR_RDONLY);
	cr_expect_eq(op->attr_set_recursive, MOUNT_ATTR_NOSUID);
	cr_assert_eq(op->propagation.n, 1);
	cr_expect_eq(op->propagation.item[0], MS_PRIVATE | MS_REC);
	cr_expect_str_eq(op->from, "mounts[0]");
	cr_expect_eq(f.plan.n_early, f.plan.ops.n, "no second step at the end");
	mounts_fixture_release(&f);
}

Test(mount_entry, a_source_below_the_rootfs_is_opened_inside)
{
	struct mounts_fixture f = { .host = fixture_host() };
	const struct mount_op *op;

	mounts_fixture_plan(&f, ENTRY("'destination':'/data','source':'rootfs/../rootfs/x',"
				      "'options':['bind']"));
	op = mounts_fixture_op(&f, "/data");
	cr_expect_eq(op->source_in_rootfs, true);
	cr_expect_str_eq(op->source, "/b/rootfs/x");
	mounts_fixture_release(&f);
}

Test(mount_entry, a_neighbour_of_the_rootfs_is_not_inside)
{
	struct mounts_fixture f = { .host = fixture_host() };
	const struct mount_op *op;

	mounts_fixture_plan(&f, ENTRY("'destination':'/data','source':'rootfs2/x',"
				      "'options':['bind']"));
	op = mounts_fixture_op(&f, "/data");
	cr_expect_eq(op->source_in_rootfs, false);
	cr_expect_str_eq(op->source, "/b/rootfs2/x");
	mounts_fixture_release(&f);
}

Test(mount_entry, unknown_words_are_data_for_a_new_filesystem)
{
	struct mounts_fixture f = { .host = fixture_host() };
	const struct mount_op *op;

	mounts_fixture_plan(&f, ENTRY("'destination':'/data','type':'tmpfs','options':"
				      "['size=65536k','huge','nosuid','x=a=b']"));
	op = mounts_fixture_op(&f, "/data");
	cr_assert_eq(op->parameters.n, 3);
	cr_expect_str_eq(op->parameters.item[0].key, "size");
	cr_expect_str_eq(op->parameters.item[0].value, "65536k");
	cr_expect_str_eq(op->parameters.item[1].key, "huge");
	cr_expect_null(op->parameters.item[1].value);
	cr_expect_str_eq(op->parameters.item[2].value, "a=b");
	mounts_fixture_release(&f);
}

Test(mount_entry, contradictions_name_their_place)
{
	expect_error(ENTRY("'destination':'/a','source':'/b','options':['bind','blue']"), -EINVAL,
		     "mounts[0].options[1]: unknown option 'blue' for a bind mount");
	expect_error(ENTRY("'destination':'/a','source':'/b','options':['bind','idmap']"), -EINVAL,
		     "mounts[0]: an idmapped mount needs uidMappings");
	expect_error(ENTRY("'destination':'/a','type':'ext4','options':['tmpcopyup']"), -EINVAL,
		     "mounts[0].options[0]: 'tmpcopyup' is only for tmpfs");
	expect_error(ENTRY("'destination':'/a','options':['bind']"), -EINVAL, "mounts[0].source");
	expect_error(ENTRY("'destination':'/a','source':'/b'"), -EINVAL, "mounts[0].type");
	expect_error(ENTRY("'destination':'//.','type':'tmpfs'"), -EINVAL, "mounts[0].destination");
}

Test(mount_entry, nothing_but_proc_goes_over_proc)
{
	static const char *const refused[] = { "/proc", "/proc/self", "/proc/sys", "proc/1/ns",
					       "/x/../proc/cpuinfo/"
					       "."
					       "./kcore" };

	for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
		char config[512];

		snprintf(config, sizeof config, ENTRY("'destination':'%s','type':'tmpfs'"),
			 refused[i]);
		expect_error(config, -EINVAL, "mounts[0].destination");
	}
	expect_error(ENTRY("'destination':'/proc','source':'/proc2','options':['bind']"), -EINVAL,
		     "mounts[0].destination");
	/* An image's own /proc would be believed by what reads it. */
	expect_error(ENTRY("'destination':'/proc','source':'/b/rootfs/proc','options':['bind']"),
		     -EINVAL, "mounts[0].destination");
}

Test(mount_entry, proc_itself_is_fine_and_must_not_be_a_link)
{
	struct mounts_fixture f = { .host = fixture_host() };

	mounts_fixture_plan(&f, MOUNTS_CONFIG("'mounts':[{'destination':'/proc','type':'proc'},"
					      "{'destination':'/proc/uptime','source':'/u',"
					      "'options':['bind']},{'destination':'/procx',"
					      "'type':'tmpfs'}],",
					      ""));
	cr_assert_eq(f.result, 0, "%s", f.err.text);
	cr_expect_eq(mounts_fixture_op(&f, "/proc")->real_directory, true);
	cr_expect_eq(mounts_fixture_op(&f, "/procx")->real_directory, false);
	mounts_fixture_release(&f);
}

Test(mount_entry, a_disk_that_is_readonly_is_opened_readonly)
{
	struct mounts_fixture f = { .host = fixture_host() };
	const struct mount_op *op;

	mounts_fixture_plan(&f, ENTRY("'destination':'/d','type':'ext4','source':'/dev/sda',"
				      "'options':['ro']"));
	op = mounts_fixture_op(&f, "/d");
	cr_expect_eq(op->attr_set, MOUNT_ATTR_RDONLY);
	cr_assert_eq(op->parameters.n, 1);
	cr_expect_str_eq(op->parameters.item[0].key, "ro");
	mounts_fixture_release(&f);
}

Test(mount_entry, a_type_that_does_not_exist_is_for_the_kernel_to_refuse)
{
	struct mounts_fixture f = { .host = fixture_host() };

	mounts_fixture_plan(&f, ENTRY("'destination':'/d','type':'9p','source':'tag'"));
	cr_expect_eq(f.result, 0);
	cr_expect_str_eq(mounts_fixture_op(&f, "/d")->fstype, "9p");
	mounts_fixture_release(&f);
}
