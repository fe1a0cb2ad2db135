/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/str.h"

Test(str, appends_become_one_text)
{
	cleanup_str struct str s = {};
	cleanup_free char *text = NULL;
	struct error err;

	str_add(&s, "a");
	str_add_n(&s, "bcd", 2);
	str_addf(&s, "-%d-%s", 42, "x");
	cr_assert_eq(s.len, 8);
	cr_assert_eq(str_steal(&s, &text, &err), 0);
	cr_assert_str_eq(text, "abc-42-x");
	cr_assert(!s.text && !s.len && !s.room);
}

Test(str, an_empty_builder_gives_an_empty_text)
{
	cleanup_str struct str s = {};
	cleanup_free char *text = NULL;
	struct error err;

	cr_assert_eq(str_steal(&s, &text, &err), 0);
	cr_assert_str_eq(text, "");
}

Test(str, long_texts_grow)
{
	cleanup_str struct str s = {};

	for (int i = 0; i < 10000; i++)
		str_addf(&s, "%05d", i);
	cr_assert_eq(s.len, 50000);
	cr_assert_eq(strlen(s.text), 50000);
	cr_assert_str_eq(s.text + 49995, "09999");
}

Test(str, a_failed_append_is_reported_by_steal)
{
	struct str s = {};
	char *text = NULL;
	struct error err = {};

	str_add(&s, "kept");
	str_add_n(&s, "x", (size_t)-1 - 4); /* more than there is */
	str_add(&s, "ignored");
	cr_assert_eq(str_steal(&s, &text, &err), -ENOMEM);
	cr_assert_eq(err.code, ENOMEM);
	cr_assert_null(text);
	cr_assert_null(s.text);
}

Test(str, printf_makes_a_new_text)
{
	cleanup_free char *text = NULL;
	struct error err;

	cr_assert_eq(str_printf(&text, &err, "%s/%d", "a", 7), 0);
	cr_assert_str_eq(text, "a/7");
}

Test(str, vectors_are_null_terminated_at_every_length)
{
	cleanup_strv struct strv v = {};
	struct error err;

	for (size_t i = 0; i < 100; i++) {
		char text[8];

		snprintf(text, sizeof text, "%zu", i);
		cr_assert_eq(strv_add(&v, text, &err), 0);
		cr_assert_eq(v.n, i + 1);
		cr_assert_null(v.item[v.n]);
		cr_assert_str_eq(v.item[i], text);
	}
	cr_assert_str_eq(v.item[0], "0");
}

Test(str, numbers_are_read_whole_and_exactly)
{
	struct error err;
	long long n = -7;

	cr_assert_eq(str_to_int("0", "--x", 0, 10, &n, &err), 0);
	cr_assert_eq(n, 0);
	cr_assert_eq(str_to_int("-12", "--x", -20, 10, &n, &err), 0);
	cr_assert_eq(n, -12);
	cr_assert_eq(str_to_int("9223372036854775807", "--x", 0, LLONG_MAX, &n, &err), 0);
	cr_assert_eq(n, LLONG_MAX);
	cr_assert_eq(str_to_int("-9223372036854775808", "--x", LLONG_MIN, 0, &n, &err), 0);
	cr_assert_eq(n, LLONG_MIN);
}

Test(str, what_is_not_a_decimal_number_is_refused)
{
	static const char *const wrong[] = { "",  " 1",	 "1 ", "+1", "01",  "0x1", "1e3", "1.0",
					     "-", "--1", "a",  "1a", "\n1", "-01", "00" };
	struct error err = {};
	long long n = -7;

	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		cr_expect_eq(str_to_int(wrong[i], "--user", -100, 100, &n, &err), -EINVAL,
			     "'%s' was taken", wrong[i]);
	cr_assert_eq(n, -7);
	str_to_int("1a", "--user", 0, 9, &n, &err);
	cr_assert_str_eq(err.text, "--user: '1a' is not a whole number");
}

Test(str, numbers_outside_the_range_are_refused)
{
	struct error err = {};
	long long n = -7;

	cr_assert_eq(str_to_int("11", "--user", 0, 10, &n, &err), -ERANGE);
	cr_assert_str_eq(err.text, "--user: 11 is out of range (0 to 10)");
	cr_assert_eq(str_to_int("-1", "--user", 0, 10, &n, &err), -ERANGE);
	cr_assert_eq(str_to_int("9223372036854775808", "--user", 0, LLONG_MAX, &n, &err), -ERANGE);
	cr_assert_eq(n, -7);
}
