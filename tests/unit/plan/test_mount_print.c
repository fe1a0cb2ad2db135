/* SPDX-License-Identifier: Apache-2.0 */
#include <sys/mount.h>

#include "mounts_fixture.h"

Test(mount_print, a_line_shows_every_field_of_an_operation)
{
	struct mount_parameter parameters[] = { { "a", "1" }, { "b", NULL } };
	unsigned long propagation[] = { MS_SLAVE | MS_REC, MS_SHARED };
	struct mount_op op = {
		.kind = MOUNT_OP_BIND,
		.from = "mounts[0]",
		.target = "/t",
		.source = "/s",
		.fstype = "f",
		.parameters = { parameters, 2 },
		.propagation = { propagation, 2 },
		.attr_set = MOUNT_ATTR_RDONLY,
		.attr_clear_recursive = MOUNT_ATTR_NODEV,
		.recursive = true,
		.source_in_rootfs = true,
		.source_nofollow = true,
		.target_nofollow = true,
		.copy_symlink = true,
		.copy_up = true,
		.real_directory = true,
		.optional = true,
		.late_readonly = true,
	};
	struct mount_plan plan = { .ops = { &op, 1 },
				   .n_early = 0,
				   .parent_propagation = MS_PRIVATE | MS_REC,
				   .root_propagation = MS_SHARED,
				   .mount_label = "l" };
	struct error err = {};
	struct str out = {};
	char *text = NULL;

	mount_print(&plan, &out);
	cr_assert_eq(str_steal(&out, &text, &err), 0);
	cr_expect_str_eq(text, "\nmounts\n"
			       "  no mount namespace: chroot\n"
			       "  propagation rprivate from the host\n"
			       "  propagation shared of the root\n"
			       "  label l\n"
			       "mounts after pivot_root\n"
			       "  bind /t <- /s type f recursive source-in-rootfs source-nofollow "
			       "target-nofollow copy-symlink copy-up real-directory optional "
			       "late-readonly ro rdev rslave shared data(a=1,b)  # mounts[0]\n");
	free(text);
}

Test(mount_print, a_device_is_one_line)
{
	struct mounts_fixture f = { .host = fixture_host() };

	mounts_fixture_plan(&f, MOUNTS_CONFIG("", ",'devices':[{'type':'b','path':'/dev/b',"
						  "'major':8,'minor':1,'fileMode':432,'uid':1,"
						  "'gid':2}]"));
	cr_expect_not_null(strstr(f.text, "  device /dev/b b 8:1 mode 0660 owner 1:2  "
					  "# linux.devices[0]\n"),
			   "%s", f.text);
	mounts_fixture_release(&f);
}
