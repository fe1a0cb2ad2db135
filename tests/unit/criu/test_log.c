/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>

#include "criu/log.h"

#define EXPECT_LAST(log, expected)                          \
	do {                                                \
		char text_[80];                             \
		criu_log_last_error(log, text_, sizeof text_); \
		cr_expect_str_eq(text_, expected);          \
	} while (0)

Test(log, the_last_error_is_given_without_time_and_place)
{
	EXPECT_LAST("(00.01) Error (criu/a.c:1): first: one\n"
		    "(00.02)     12: Error (criu/mount.c:1098): mnt: Can't open /x (y): No\n"
		    "(00.03) Warn  (criu/b.c:2): b: two\n",
		    "mnt: Can't open /x (y): No");
}

Test(log, an_error_that_only_follows_from_another_is_passed_over)
{
	EXPECT_LAST("(00.01) Error (criu/a.c:1): the: reason\n"
		    "(00.02) Error (criu/d.c:3): Dump files (pid: 1113) failed with -1\n"
		    "(00.03) Error (criu/d.c:4): Dumping FAILED.\n",
		    "the: reason");
}

Test(log, without_an_error_there_is_nothing)
{
	EXPECT_LAST("", "");
	EXPECT_LAST("(00.01) all is well\nError but not one\n", "");
	EXPECT_LAST("(00.03) Error (criu/d.c:4): Dumping FAILED.\n", "");
}

Test(log, a_last_line_without_an_end_counts)
{
	EXPECT_LAST("(00.01) Error (a.c:1): cut", "cut");
}

Test(log, a_long_error_is_cut_to_its_room)
{
	char text[8];

	criu_log_last_error("Error (a.c:1): 0123456789", text, sizeof text);
	cr_expect_str_eq(text, "0123456");
}
