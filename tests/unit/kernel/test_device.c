/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/file.h"
#include "kernel/device.h"

static char path[64];

static int open_directory(void)
{
	int fd;

	if (geteuid() != 0)
		cr_skip_test("needs root: device nodes");
	strcpy(path, "/tmp/test_device.XXXXXX");
	cr_assert_not_null(mkdtemp(path));
	fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	cr_assert_geq(fd, 0);
	return fd;
}

static void remove_directory(int fd)
{
	struct error err = { 0 };

	close(fd);
	cr_assert_eq(file_remove_tree(AT_FDCWD, path, &err), 0, "%s", err.text);
}

Test(device, a_node_has_its_mode_and_owner_whatever_the_umask)
{
	struct error err = { 0 };
	int fd = open_directory();
	struct stat st;

	umask(077);
	cr_assert_eq(device_make(fd, "null", S_IFCHR | 0666, makedev(1, 3), 7, 8, 0, &err), 0, "%s",
		     err.text);
	cr_assert_eq(fstatat(fd, "null", &st, AT_SYMLINK_NOFOLLOW), 0);
	cr_expect_eq(st.st_mode, S_IFCHR | 0666);
	cr_expect_eq(st.st_rdev, makedev(1, 3));
	cr_expect_eq(st.st_uid, 7);
	cr_expect_eq(st.st_gid, 8);
	cr_expect_eq(umask(0), 077, "the umask is as before");
	remove_directory(fd);
}

Test(device, block_devices_and_pipes_are_made_too)
{
	struct error err = { 0 };
	int fd = open_directory();
	struct stat st;

	cr_expect_eq(device_make(fd, "disk", S_IFBLK | 0600, makedev(7, 200), 0, 0, 0, &err), 0);
	cr_assert_eq(fstatat(fd, "disk", &st, 0), 0);
	cr_expect(S_ISBLK(st.st_mode) && st.st_rdev == makedev(7, 200));
	cr_expect_eq(device_make(fd, "pipe", S_IFIFO | 0640, 0, 0, 0, 0, &err), 0);
	cr_expect_eq(device_make(fd, "pipe", S_IFIFO | 0640, 0, 0, 0, 1, &err), 0);
	remove_directory(fd);
}

Test(device, an_existing_file_is_an_error)
{
	struct error err = { 0 };
	int fd = open_directory();

	cr_assert_eq(device_make(fd, "null", S_IFCHR | 0666, makedev(1, 3), 0, 0, 0, &err), 0);
	cr_expect_eq(device_make(fd, "null", S_IFCHR | 0666, makedev(1, 3), 0, 0, 0, &err),
		     -EEXIST);
	remove_directory(fd);
}

Test(device, only_the_same_device_is_kept)
{
	struct error err = { 0 };
	int fd = open_directory();

	cr_assert_eq(device_make(fd, "null", S_IFCHR | 0600, makedev(1, 3), 0, 0, 0, &err), 0);
	cr_expect_eq(device_make(fd, "null", S_IFCHR | 0666, makedev(1, 3), 0, 0, 1, &err), 0);
	cr_expect_eq(device_make(fd, "null", S_IFCHR | 0666, makedev(1, 5), 0, 0, 1, &err),
		     -EEXIST);
	cr_expect_eq(device_make(fd, "null", S_IFBLK | 0666, makedev(1, 3), 0, 0, 1, &err),
		     -EEXIST);
	remove_directory(fd);
}

Test(device, a_link_in_its_place_is_not_followed)
{
	struct error err = { 0 };
	int fd = open_directory();

	cr_assert_eq(symlinkat("/dev/null", fd, "null"), 0);
	cr_expect_eq(device_make(fd, "null", S_IFCHR | 0666, makedev(1, 3), 0, 0, 1, &err),
		     -EEXIST);
	cr_assert_eq(symlinkat("new", fd, "dangling"), 0);
	cr_expect_eq(device_make(fd, "dangling", S_IFCHR | 0666, makedev(1, 3), 0, 0, 0, &err),
		     -EEXIST);
	cr_expect_eq(faccessat(fd, "new", F_OK, 0), -1);
	remove_directory(fd);
}

Test(device, names_that_lead_elsewhere_are_refused)
{
	static const char *const names[] = { "", ".", "..", "a/b", "../null", "/null" };
	struct error err = { 0 };
	int fd = open_directory();

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		cr_expect_eq(
			device_make(fd, names[i], S_IFCHR | 0666, makedev(1, 3), 0, 0, 0, &err),
			-EINVAL, "%s", names[i]);
		cr_expect_eq(device_make_link(fd, names[i], "x", &err), -EINVAL, "%s", names[i]);
	}
	remove_directory(fd);
}

Test(device, links_leave_what_exists)
{
	struct error err = { 0 };
	int fd = open_directory();
	char text[64] = "";

	cr_expect_eq(device_make_link(fd, "fd", "/proc/self/fd", &err), 0);
	cr_expect_eq(device_make_link(fd, "fd", "/elsewhere", &err), 0);
	cr_expect_gt(readlinkat(fd, "fd", text, sizeof text - 1), 0);
	cr_expect_str_eq(text, "/proc/self/fd");
	remove_directory(fd);
}
