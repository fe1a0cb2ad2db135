/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>

#include "src/quantity.h"

static void bytes(const char *text, int64_t expected)
{
	int64_t got = -7;

	cr_expect(quantity_bytes(text, &got), "%s", text);
	cr_expect_eq(got, expected, "%s: %lld", text, (long long)got);
}

Test(quantity, sizes_are_bytes_or_powers_of_1024)
{
	bytes("0", 0);
	bytes("536870912", 536870912);
	bytes("512k", 512 << 10);
	bytes("512M", 512 << 20);
	bytes("1.5g", 1610612736);
	bytes("2 GiB", 2LL << 30);
	bytes("3tb", 3LL << 40);
	bytes("7b", 7);
	bytes("-1", -1);
}

Test(quantity, what_is_no_size_is_refused)
{
	static const char *const wrong[] = { "",     "-",   "-2",	    "m",  "1x",
					     "1mm",  "1.",  ".5",	    "1 ", "1..2",
					     "0x10", "1ib", "99999999999g", "1e3" };
	int64_t ignored;

	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		cr_expect_not(quantity_bytes(wrong[i], &ignored), "%s", wrong[i]);
}

Test(quantity, integers_are_whole_and_not_below_the_least)
{
	int64_t got;

	cr_expect(quantity_integer("-1", -1, &got) && got == -1);
	cr_expect(quantity_integer("42", 0, &got) && got == 42);
	cr_expect_not(quantity_integer("-1", 0, &got));
	cr_expect_not(quantity_integer(" 1", 0, &got));
	cr_expect_not(quantity_integer("1 ", 0, &got));
	cr_expect_not(quantity_integer("--1", INT64_MIN, &got));
	cr_expect_not(quantity_integer("+1", 0, &got));
	cr_expect_not(quantity_integer("9223372036854775808", 0, &got));
}

Test(quantity, lengths_of_time_are_those_of_go_or_seconds)
{
	int64_t got;

	cr_expect(quantity_milliseconds("5s", &got) && got == 5000);
	cr_expect(quantity_milliseconds("250ms", &got) && got == 250);
	cr_expect(quantity_milliseconds("1m30s", &got) && got == 90000);
	cr_expect(quantity_milliseconds("1.5h", &got) && got == 5400000);
	cr_expect(quantity_milliseconds("2", &got) && got == 2000);
	cr_expect_not(quantity_milliseconds("", &got));
	cr_expect_not(quantity_milliseconds("0", &got));
	cr_expect_not(quantity_milliseconds("-1s", &got));
	cr_expect_not(quantity_milliseconds("1d", &got));
	cr_expect_not(quantity_milliseconds("s", &got));
}
