/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <errno.h>
#include <stdlib.h>

#include "criu/external.h"

static const char mountinfo[] =
	"35 42 0:21 /b/rootfs / ro,relatime - tmpfs run rw\n"
	"38 35 0:21 /data /my\\040data ro,relatime master:2 - tmpfs run rw\n"
	"380 35 0:21 /data /back\\134slash\\011tab ro - tmpfs run rw\n";

static void expect_key(const char *target, const char *expected)
{
	char key[CRIU_KEY_SIZE];
	struct error err = { 0 };

	cr_assert_eq(criu_external_key(target, key, &err), 0);
	cr_expect_str_eq(key, expected);
}

Test(external, a_key_is_the_target_without_anything_that_has_a_meaning)
{
	expect_key("/data", "mount.data");
	expect_key("/var/lib/x", "mount.var.lib.x");
	expect_key("/a]:b[c", "mount.a-5D-3Ab-5Bc");
	expect_key("/\xc3\xa4", "mount.-C3-A4");
}

Test(external, no_two_targets_have_the_same_key)
{
	expect_key("/a.b", "mount.a-2Eb");
	expect_key("/a/b", "mount.a.b");
	expect_key("/a-2Eb", "mount.a-2D2Eb");
}

Test(external, a_target_without_room_for_its_key_is_an_error)
{
	char target[300], key[CRIU_KEY_SIZE];
	struct error err = { 0 };

	memset(target, 'a', sizeof target);
	target[0] = '/';
	target[251] = 0;
	cr_expect_eq(criu_external_key(target, key, &err), -ENAMETOOLONG);
	target[250] = 0;
	cr_expect_eq(criu_external_key(target, key, &err), 0);
	cr_expect_eq(strlen(key), CRIU_KEY_SIZE - 1);
}

Test(external, a_mount_is_named_by_its_mount_point_and_key)
{
	struct error err = { 0 };
	char *text = NULL;

	cr_assert_eq(criu_external_mount("/my data]", "mounts.1", &text, &err), 0);
	cr_expect_str_eq(text, "mnt[/my data]]:mounts.1");
	free(text);
}

Test(external, a_mount_point_that_would_end_the_name_early_is_refused)
{
	struct error err = { 0 };
	char *text = NULL;

	cr_expect_eq(criu_external_mount("/a]:mounts.0", "mounts.1", &text, &err), -EINVAL);
	cr_expect_null(text);
	cr_expect(strstr(err.text, "/a]:mounts.0"));
}

static char *mountpoint(uint64_t id, int *ret)
{
	struct error err = { 0 };
	char *text = NULL;

	*ret = criu_external_mountpoint(mountinfo, id, &text, &err);
	return text;
}

Test(external, a_mount_point_is_found_by_the_id_of_its_mount_and_decoded)
{
	int r;
	char *text = mountpoint(38, &r);

	cr_assert_eq(r, 0);
	cr_expect_str_eq(text, "/my data");
	free(text);
	text = mountpoint(380, &r);
	cr_assert_eq(r, 0);
	cr_expect_str_eq(text, "/back\\slash\ttab");
	free(text);
	text = mountpoint(35, &r);
	cr_assert_eq(r, 0);
	cr_expect_str_eq(text, "/");
	free(text);
}

Test(external, an_id_that_no_line_begins_with_is_no_mount)
{
	int r;

	cr_expect_null(mountpoint(42, &r));
	cr_expect_eq(r, -ENOENT);
	cr_expect_null(mountpoint(3, &r));
	cr_expect_eq(r, -ENOENT);
}
