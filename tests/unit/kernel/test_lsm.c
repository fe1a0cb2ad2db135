/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "kernel/lsm.h"
#include "kernel/procfs.h"

Test(lsm, a_label_without_its_module_is_an_error)
{
	struct error err = { 0 };
	int proc = procfs_open(&err);

	cr_assert_geq(proc, 0, "%s", err.text);
	if (lsm_apparmor_is_enabled() || lsm_selinux_is_enabled())
		cr_skip_test("needs a kernel without AppArmor and SELinux");
	cr_expect_lt(lsm_set_apparmor_exec(proc, "ctr-default", &err), 0);
	cr_expect_not_null(strstr(err.text, "AppArmor profile ctr-default"), "%s", err.text);
	cr_expect_lt(lsm_set_selinux_exec(proc, "system_u:object_r:x_t:s0", &err), 0);
	cr_expect_not_null(strstr(err.text, "SELinux label"), "%s", err.text);
	close(proc);
}

Test(lsm, a_directory_that_is_no_procfs_is_refused)
{
	struct error err = { 0 };
	int fd = open("/tmp", O_PATH | O_DIRECTORY | O_CLOEXEC);

	cr_expect_lt(lsm_set_selinux_exec(fd, "x", &err), 0);
	cr_expect_not_null(strstr(err.text, "thread-self"), "%s", err.text);
	close(fd);
}
