/* SPDX-License-Identifier: Apache-2.0 */
#include "base/passwd.h"

#include <criterion/criterion.h>
#include <stdio.h>

static struct passwd_user user;

static bool find(const char *lines, uint32_t uid)
{
	static char text[400];

	snprintf(text, sizeof text, "%s", lines);
	user = (struct passwd_user){ 0 };
	return passwd_find(text, uid, &user);
}

Test(passwd, the_first_line_of_a_uid_says_name_and_home)
{
	static const char file[] = "root:x:0:0:root:/root:/bin/sh\n"
				   "a:x:1000:1000:A,,,:/home/a:/bin/sh\n"
				   "b:x:1000:1000::/home/b:/bin/sh";

	cr_assert(find(file, 1000));
	cr_expect_str_eq(user.name, "a");
	cr_expect_str_eq(user.home, "/home/a");
	cr_assert(find(file, 0));
	cr_expect_str_eq(user.home, "/root");
	cr_expect_not(find(file, 1));
}

Test(passwd, what_is_no_line_is_passed_over)
{
	cr_expect_not(find("", 0));
	cr_expect_not(find("\n\n:::::\nroot\nroot:x:0\nroot:x:0:0:root:/root\n", 0));
	cr_expect_not(find("root:x::0:root:/root:/bin/sh\n", 0), "an empty number is none");
	cr_expect_not(find("root:x:0x:0:root:/root:/bin/sh\n", 0));
	cr_assert(find("root:x:0x:0::/a:\nb:x:0:0::/b:\n", 0));
	cr_expect_str_eq(user.home, "/b");
	cr_assert(find("b:x:4294967294:0:::", 4294967294u));
	cr_expect_str_eq(user.home, "");
}
