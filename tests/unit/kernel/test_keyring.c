/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <errno.h>
#include <linux/keyctl.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "kernel/keyring.h"

static long session(void)
{
	return syscall(SYS_keyctl, KEYCTL_GET_KEYRING_ID, KEY_SPEC_SESSION_KEYRING, 1);
}

Test(keyring, joining_a_name_twice_gives_two_keyrings)
{
	struct error err = { 0 };
	char text[256] = "";
	long first, second;

	if (session() < 0)
		cr_skip_test("needs a kernel with keyrings");
	cr_assert_eq(keyring_join_new("ctr.web1", &err), 0, "%s", err.text);
	first = session();
	cr_assert_gt(syscall(SYS_keyctl, KEYCTL_DESCRIBE, first, text, sizeof text - 1), 0);
	cr_expect_not_null(strstr(text, "ctr.web1."), "%s", text);
	cr_assert_eq(keyring_join_new("ctr.web1", &err), 0, "%s", err.text);
	second = session();
	cr_expect_neq(first, second, "an older one of the same name may be anybody's");
}
