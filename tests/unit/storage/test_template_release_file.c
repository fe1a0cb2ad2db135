/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>

#include "storage/template_system.h"

static const char *value(const char *text, const char *key)
{
	static char ret[16];

	template_release_file_value(text, key, ret, sizeof ret);
	return ret;
}

Test(template_release_file, finds_a_value_with_and_without_quotes)
{
	cr_expect_str_eq(value("NAME=x\nID=debian\n", "ID"), "debian");
	cr_expect_str_eq(value("VERSION_ID=\"12\"", "VERSION_ID"), "12");
	cr_expect_str_eq(value("ID='arch'\n", "ID"), "arch");
}

Test(template_release_file, does_not_take_the_end_of_another_key)
{
	cr_expect_str_eq(value("VERSION_ID=12\n", "ID"), "");
	cr_expect_str_eq(value("IDX=12\n", "ID"), "");
}

Test(template_release_file, takes_nothing_but_plain_words)
{
	cr_expect_str_eq(value("ID=\"a b\"\n", "ID"), "");
	cr_expect_str_eq(value("ID=a\033[2J\n", "ID"), "");
	cr_expect_str_eq(value("ID=longer-than-there-is-room\n", "ID"), "");
	cr_expect_str_eq(value("ID=\"\n", "ID"), "");
	cr_expect_str_eq(value("", "ID"), "");
}
