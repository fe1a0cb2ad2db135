/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <errno.h>
#include <string.h>

#include "base/error.h"

Test(error, set_returns_the_negative_code_and_keeps_the_text)
{
	struct error err = {};

	cr_assert_eq(error_set(&err, EINVAL, "mounts[%d]: %s", 3, "no"), -EINVAL);
	cr_assert_eq(err.code, EINVAL);
	cr_assert_str_eq(err.text, "mounts[3]: no");
}

Test(error, errno_adds_the_words_of_the_system)
{
	struct error err = {};

	cr_assert_eq(error_errno(&err, EACCES, "open %s", "/x"), -EACCES);
	cr_assert_str_eq(err.text, "open /x: Permission denied");
}

Test(error, prefix_stands_in_front_and_keeps_the_code)
{
	struct error err = {};

	error_set(&err, ENOENT, "open /x");
	cr_assert_eq(error_prefix(&err, "mounts[%d] (%s): ", 1, "/data"), -ENOENT);
	cr_assert_str_eq(err.text, "mounts[1] (/data): open /x");
}

Test(error, texts_that_are_too_long_are_cut_not_overrun)
{
	struct error err = {};
	char text[1000];

	memset(text, 'x', sizeof text - 1);
	text[sizeof text - 1] = '\0';
	error_errno(&err, EIO, "%s", text);
	cr_assert_eq(strlen(err.text), sizeof err.text - 1);
	error_prefix(&err, "%s", text);
	cr_assert_eq(strlen(err.text), sizeof err.text - 1);
	cr_assert_eq(err.code, EIO);
}

static int fail_with(int r)
{
	return r;
}

static int try_it(int r)
{
	TRY(fail_with(r));
	return 7;
}

Test(error, try_hands_up_failures_only)
{
	cr_assert_eq(try_it(-ENOENT), -ENOENT);
	cr_assert_eq(try_it(0), 7);
	cr_assert_eq(try_it(1), 7);
}
