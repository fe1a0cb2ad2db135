/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"

static char text[CLOCK_TEXT_SIZE];

Test(clock, the_epoch_is_the_first_of_january_1970)
{
	clock_format(&(struct timespec){ 0, 0 }, 0, text);
	cr_assert_str_eq(text, "1970-01-01T00:00:00Z");
}

Test(clock, the_fraction_has_as_many_digits_as_asked)
{
	clock_format(&(struct timespec){ 0, 123456789 }, 6, text);
	cr_assert_str_eq(text, "1970-01-01T00:00:00.123456Z");
	clock_format(&(struct timespec){ 0, 7 }, 9, text);
	cr_assert_str_eq(text, "1970-01-01T00:00:00.000000007Z");
}

Test(clock, agrees_with_the_c_library_over_five_centuries)
{
	for (long long t = 0; t < 500LL * 366 * 86400; t += 86400LL * 13 + 4321) {
		time_t seconds = (time_t)t;
		char expected[CLOCK_TEXT_SIZE];
		struct tm tm;

		gmtime_r(&seconds, &tm);
		strftime(expected, sizeof expected, "%Y-%m-%dT%H:%M:%SZ", &tm);
		clock_format(&(struct timespec){ seconds, 0 }, 0, text);
		cr_assert_str_eq(text, expected);
	}
}
