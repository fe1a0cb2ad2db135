/* SPDX-License-Identifier: Apache-2.0 */
#include <sys/stat.h>

#include "mounts_fixture.h"

static size_t count(const struct mounts_fixture *f, enum mount_op_kind kind)
{
	size_t n = 0;

	for (size_t i = 0; i < f->plan.ops.n; i++)
		n += f->plan.ops.item[i].kind == kind;
	return n;
}

Test(mount_nodes, every_container_gets_the_usual_ones)
{
	struct mounts_fixture f = { .host = fixture_host() };
	const struct mount_op *op;

	mounts_fixture_plan(&f, MOUNTS_CONFIG("", ""));
	cr_expect_eq(count(&f, MOUNT_OP_DEVICE), 6);
	cr_expect_eq(count(&f, MOUNT_OP_SYMLINK), 6);
	op = mounts_fixture_op(&f, "/dev/urandom");
	cr_expect(op->device.type == S_IFCHR && op->device.mode == 0666);
	cr_expect(op->device.major == 1 && op->device.minor == 9);
	cr_expect(op->device.keep && !op->device.bind && !op->source);
	cr_expect_str_eq(mounts_fixture_op(&f, "/dev/ptmx")->source, "pts/ptmx");
	mounts_fixture_release(&f);
}

Test(mount_nodes, the_hosts_dev_is_left_alone)
{
	struct mounts_fixture f = { .host = fixture_host() };

	mounts_fixture_plan(&f, MOUNTS_CONFIG("'mounts':[{'destination':'/dev/','source':'/dev',"
					      "'options':['rbind']}],",
					      ",'devices':[{'type':'c','path':'/dev/a','major':1,"
					      "'minor':1}]"));
	cr_expect_eq(count(&f, MOUNT_OP_DEVICE), 0);
	cr_expect_eq(count(&f, MOUNT_OP_SYMLINK), 0);
	mounts_fixture_release(&f);
}

Test(mount_nodes, an_own_device_replaces_the_default_one)
{
	struct mounts_fixture f = { .host = fixture_host() };
	const struct mount_op *op;

	mounts_fixture_plan(&f, MOUNTS_CONFIG("", ",'devices':[{'type':'c','path':'/dev//null',"
						  "'major':1,'minor':3,'fileMode':384,'uid':7,"
						  "'gid':8}]"));
	cr_expect_eq(count(&f, MOUNT_OP_DEVICE), 6);
	op = mounts_fixture_op(&f, "/dev/null");
	cr_expect(op->device.mode == 0600 && op->device.uid == 7 && op->device.gid == 8);
	cr_expect_str_eq(op->from, "linux.devices[0]");
	mounts_fixture_release(&f);
}

Test(mount_nodes, the_hosts_ptmx_never_comes_in)
{
	struct mounts_fixture f = { .host = fixture_host() };

	mounts_fixture_plan(&f, MOUNTS_CONFIG("", ",'devices':[{'type':'c','path':'/dev/ptmx',"
						  "'major':5,'minor':2}]"));
	cr_expect_eq(mounts_fixture_op(&f, "/dev/ptmx")->kind, MOUNT_OP_SYMLINK);
	mounts_fixture_release(&f);
}

Test(mount_nodes, without_mknod_the_hosts_nodes_are_bound)
{
	struct mounts_fixture f = { .host = fixture_host() };

	f.host.in_user_namespace = true;
	mounts_fixture_plan(&f, MOUNTS_CONFIG("", ",'devices':[{'type':'p','path':'/dev/p'},"
						  "{'type':'b','path':'/dev/b','major':8,"
						  "'minor':0}]"));
	cr_expect_eq(mounts_fixture_op(&f, "/dev/null")->device.bind, true);
	cr_expect_str_eq(mounts_fixture_op(&f, "/dev/b")->source, "/dev/b");
	cr_expect_eq(mounts_fixture_op(&f, "/dev/p")->device.bind, false, "a FIFO can be made");
	mounts_fixture_release(&f);
}
