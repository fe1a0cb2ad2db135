/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/path.h"

Test(path, absolute_paths_are_normalised_and_relative_ones_taken_below_the_base)
{
	static const char *const cases[][3] = {
		{ "/b", "/", "/" },
		{ "/b", "//", "/" },
		{ "/b", "", "/b" },
		{ "/", "", "/" },
		{ "/b/c/", "x", "/b/c/x" },
		{ "/b//./c", "./x//y/", "/b/c/x/y" },
		{ "/b", "../x", "/x" },
		{ "/b", "../../../x", "/x" },
		{ "/b", "/a/../..", "/" },
		{ "/b", "/a/./b/../c/", "/a/c" },
		{ "/b", "/..a/...", "/..a/..." },
		{ "/b", "..", "/" },
		{ "/b", ".", "/b" },
	};
	struct error err;

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char *got = NULL;

		cr_assert_eq(path_absolute(cases[i][0], cases[i][1], &got, &err), 0);
		cr_expect_str_eq(got, cases[i][2], "%s + %s", cases[i][0], cases[i][1]);
		free(got);
	}
}

Test(path, the_longest_path_is_path_max_with_its_nul)
{
	struct error err = {};
	char path[PATH_MAX + 1], *got = NULL;

	memset(path, 'a', sizeof path);
	path[0] = '/';
	path[PATH_MAX] = '\0';
	cr_assert_eq(path_absolute("/", path, &got, &err), -ENAMETOOLONG);
	cr_assert_eq(err.code, ENAMETOOLONG);
	cr_assert_null(got);
	path[PATH_MAX - 1] = '\0';
	cr_assert_eq(path_absolute("/", path, &got, &err), 0);
	cr_assert_str_eq(got, path);
	free(got);
	cr_assert_eq(path_absolute(path, "x", &got, &err), -ENAMETOOLONG);
}

Test(path, below_means_whole_components)
{
	cr_expect(path_is_below("/a/b", "/a"));
	cr_expect(path_is_below("/a", "/a"));
	cr_expect(path_is_below("/a", "/"));
	cr_expect(path_is_below("/", "/"));
	cr_expect_not(path_is_below("/ab", "/a"));
	cr_expect_not(path_is_below("/", "/a"));
	cr_expect_not(path_is_below("/b/a", "/a"));
}

Test(path, last_is_what_follows_the_last_slash)
{
	cr_expect_str_eq(path_last("/a/b"), "b");
	cr_expect_str_eq(path_last("b"), "b");
	cr_expect_str_eq(path_last("/a/"), "");
	cr_expect_str_eq(path_last("/"), "");
}

Test(path, components_come_one_after_the_other)
{
	const char *p = "//a/bc//";

	cr_expect_eq(path_next_part(&p), 1);
	cr_expect_eq(*p, 'a');
	p += 1;
	cr_expect_eq(path_next_part(&p), 2);
	p += 2;
	cr_expect_eq(path_next_part(&p), 0);
}
