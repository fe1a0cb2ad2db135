/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <errno.h>
#include <stdio.h>

#include "base/number_set.h"

static struct number_set set;
static struct error err;

static void release(void)
{
	number_set_release(&set);
}

TestSuite(number_set, .fini = release);

/* Its members, each with a blank behind it. */
static const char *members(void)
{
	static char text[512];
	size_t len = 0;

	*text = '\0';
	for (size_t i = 0; i <= NUMBER_SET_MAX && len < sizeof text - 8; i++)
		if (number_set_has(&set, i))
			len += (size_t)snprintf(text + len, sizeof text - len, "%zu ", i);
	return text;
}

Test(number_set, lists_and_ranges_are_the_numbers_they_say)
{
	static const struct {
		const char *text, *members;
	} rows[] = {
		{ "", "" },
		{ "  ", "" },
		{ "0", "0 " },
		{ "0-3,7", "0 1 2 3 7 " },
		{ "7,0-1", "0 1 7 " },
		{ " 1 - 2 , 4 ", "1 2 4 " },
		{ "2-2,2", "2 " },
		{ "63-65", "63 64 65 " },
		{ "8191", "8191 " },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		cr_assert_eq(number_set_parse(rows[i].text, &set, &err), 0, "%s", err.text);
		cr_expect_str_eq(members(), rows[i].members, "'%s': %s", rows[i].text, members());
		cr_expect_eq(number_set_check(rows[i].text, &err), 0);
		release();
	}
}

Test(number_set, what_is_no_list_is_refused_and_leaves_the_output_alone)
{
	static const char *const texts[] = { "x",    "-1",  "1-",   "3-1",    "1,",  ",1",
					     "1,,2", "1 2", "8192", "1-9000", "0x1", "1;2" };

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		cr_expect_eq(number_set_parse(texts[i], &set, &err), -EINVAL, "'%s'", texts[i]);
		cr_expect_eq(number_set_check(texts[i], &err), -EINVAL, "'%s'", texts[i]);
		cr_expect_null(set.word);
	}
	cr_expect_str_eq(err.text, "wants a list such as 0-3,7 of numbers up to 8191");
}

Test(number_set, the_empty_set_has_no_words)
{
	cr_assert_eq(number_set_parse("", &set, &err), 0);
	cr_expect_eq(set.n, 0);
	cr_expect_not(number_set_has(&set, 0));
}
