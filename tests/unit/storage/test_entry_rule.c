/* SPDX-License-Identifier: Apache-2.0 */
#include "storage/entry_rule.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <linux/capability.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static struct error err;

static const char *path(const char *given)
{
	static char ret[ENTRY_RULE_PATH_MAX];

	return entry_rule_path(given, ret, &err) == 0 ? ret : NULL;
}

Test(entry_rule, a_path_becomes_plain_and_relative)
{
	cr_expect_str_eq(path("usr/bin/sh"), "usr/bin/sh");
	cr_expect_str_eq(path("./usr//bin/./sh/"), "usr/bin/sh");
	cr_expect_str_eq(path("/etc/passwd"), "etc/passwd");
	cr_expect_str_eq(path("..."), "...");
}

Test(entry_rule, every_name_of_the_root_is_the_same)
{
	static const char *const roots[] = { ".", "./", "/", "//", "././/." };

	for (size_t i = 0; i < sizeof roots / sizeof *roots; i++)
		cr_expect_str_eq(path(roots[i]), "", "%s", roots[i]);
}

Test(entry_rule, a_path_that_leads_out_is_refused)
{
	static const char *const bad[] = { "..", "../x", "a/../b", "a/..", "/..", "", "./.." };

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		cr_expect_null(path(bad[i]), "%s", bad[i]);
	cr_expect_null(path(NULL));
}

Test(entry_rule, long_and_deep_paths_are_refused)
{
	char text[3 * 4096] = "";

	memset(text, 'x', 255);
	cr_expect(path(text));
	text[255] = 'x';
	cr_expect_null(path(text));
	memset(text, 0, sizeof text);
	for (int i = 0; i < ENTRY_RULE_DEPTH_MAX; i++)
		strcat(text, "a/");
	cr_expect(path(text));
	strcat(text, "a");
	cr_expect_null(path(text));
	memset(text, 0, sizeof text);
	for (int i = 0; i < 40; i++) {
		memset(text + strlen(text), 'y', 120);
		strcat(text, "/");
	}
	cr_expect_null(path(text));
}

Test(entry_rule, the_marks_of_an_image_are_told_apart)
{
	cr_expect_eq(entry_rule_mark("passwd"), ENTRY_RULE_PLAIN);
	cr_expect_eq(entry_rule_mark(".wh"), ENTRY_RULE_PLAIN);
	cr_expect_eq(entry_rule_mark(".wh.passwd"), ENTRY_RULE_WHITEOUT);
	cr_expect_eq(entry_rule_mark(".wh..hidden"), ENTRY_RULE_WHITEOUT);
	cr_expect_eq(entry_rule_mark(".wh..wh..opq"), ENTRY_RULE_OPAQUE);
	cr_expect_eq(entry_rule_mark(".wh..wh.plnk"), ENTRY_RULE_AUFS);
	cr_expect_eq(entry_rule_mark(".wh."), ENTRY_RULE_BAD);
	cr_expect_eq(entry_rule_mark(".wh.."), ENTRY_RULE_BAD);
	cr_expect_eq(entry_rule_mark(".wh..."), ENTRY_RULE_BAD);
}

Test(entry_rule, devices_are_left_out_and_whiteouts_refused)
{
	cr_expect_eq(entry_rule_kind(S_IFREG | 04755, 0, 0, 65535), ENTRY_RULE_TAKE);
	cr_expect_eq(entry_rule_kind(S_IFCHR, 0x103, 0, 0), ENTRY_RULE_LEAVE_OUT);
	cr_expect_eq(entry_rule_kind(S_IFCHR, 0, 0, 0), ENTRY_RULE_REFUSE_WHITEOUT);
	cr_expect_eq(entry_rule_kind(S_IFBLK, 0x800, 0, 0), ENTRY_RULE_LEAVE_OUT);
	cr_expect_eq(entry_rule_kind(S_IFSOCK, 0, 0, 0), ENTRY_RULE_LEAVE_OUT);
	cr_expect_eq(entry_rule_kind(0, 0, 0, 0), ENTRY_RULE_REFUSE_TYPE);
}

Test(entry_rule, an_owner_outside_of_a_tenants_ids_is_refused)
{
	cr_expect_eq(entry_rule_kind(S_IFREG, 0, 65536, 0), ENTRY_RULE_REFUSE_ID);
	cr_expect_eq(entry_rule_kind(S_IFDIR, 0, 0, 4294967296), ENTRY_RULE_REFUSE_ID);
	cr_expect_eq(entry_rule_kind(S_IFLNK, 0, -1, 0), ENTRY_RULE_REFUSE_ID);
	cr_expect(entry_rule_reason(ENTRY_RULE_REFUSE_ID));
	cr_expect_null(entry_rule_reason(ENTRY_RULE_TAKE));
	cr_expect_null(entry_rule_reason(ENTRY_RULE_LEAVE_OUT));
}

static bool takes(const char *name)
{
	char value[] = "x";
	size_t len = 1;

	return entry_rule_attribute(name, value, &len);
}

Test(entry_rule, what_overlayfs_trusts_never_enters)
{
	cr_expect(takes("user.comment"));
	cr_expect(takes("system.posix_acl_access"));
	cr_expect(takes("system.posix_acl_default"));
	cr_expect_not(takes("user.overlay.redirect"));
	cr_expect_not(takes("trusted.overlay.redirect"));
	cr_expect_not(takes("trusted.overlay.opaque"));
	cr_expect_not(takes("trusted.overlay.metacopy"));
	cr_expect_not(takes("trusted.x"));
	cr_expect_not(takes("security.selinux"));
	cr_expect_not(takes("security.ima"));
	cr_expect_not(takes("system.nfs4_acl"));
}

Test(entry_rule, a_capability_of_the_first_root_loses_its_namespace)
{
	struct vfs_ns_cap_data data = { .magic_etc = VFS_CAP_REVISION_3 | 1,
					.data[0] = { .permitted = 0x400 } };
	size_t len = XATTR_CAPS_SZ_3;

	cr_assert(entry_rule_attribute("security.capability", &data, &len));
	cr_expect_eq(len, XATTR_CAPS_SZ_2);
	cr_expect_eq(data.magic_etc, VFS_CAP_REVISION_2 | 1u);
	cr_expect_eq(data.data[0].permitted, 0x400u);
	cr_expect(entry_rule_attribute("security.capability", &data, &len));
}

Test(entry_rule, a_capability_of_another_root_or_of_no_form_is_dropped)
{
	struct vfs_ns_cap_data data = { .magic_etc = VFS_CAP_REVISION_3, .rootid = 100000 };
	size_t len = XATTR_CAPS_SZ_3, short_len = 4, long_len = 100;

	cr_expect_not(entry_rule_attribute("security.capability", &data, &len));
	cr_expect_not(entry_rule_attribute("security.capability", &data, &short_len));
	cr_expect_not(entry_rule_attribute("security.capability", &data, &long_len));
}
