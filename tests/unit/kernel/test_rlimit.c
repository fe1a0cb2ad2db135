/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kernel/procfs.h"
#include "kernel/rlimit.h"

Test(rlimit, a_limit_of_another_process_is_set_whole)
{
	const struct rlimit limit = { .rlim_cur = 17, .rlim_max = 23 };
	struct error err = { 0 };
	struct rlimit got;

	cr_assert_eq(rlimit_set(getpid(), RLIMIT_CORE, "RLIMIT_CORE", &limit, &err), 0, "%s",
		     err.text);
	cr_assert_eq(getrlimit(RLIMIT_CORE, &got), 0);
	cr_expect_eq(got.rlim_cur, 17);
	cr_expect_eq(got.rlim_max, 23);
}

Test(rlimit, more_than_allowed_names_the_limit_and_the_remedy)
{
	const struct rlimit less = { 1, 1 }, more = { 2, 2 };
	struct error err = { 0 };

	if (geteuid() == 0 && setresuid(65534, 65534, 65534) < 0)
		cr_skip_test("needs to leave root");
	cr_assert_eq(rlimit_set(0, RLIMIT_CORE, "RLIMIT_CORE", &less, &err), 0);
	cr_expect_eq(rlimit_set(0, RLIMIT_CORE, "RLIMIT_CORE", &more, &err), -EPERM);
	cr_expect_not_null(strstr(err.text, "RLIMIT_CORE"), "%s", err.text);
	cr_expect_not_null(strstr(err.text, "CAP_SYS_RESOURCE"), "%s", err.text);
}

Test(rlimit, the_oom_score_is_set_and_checked)
{
	struct error err = { 0 };
	int proc = procfs_open(&err);
	char *text = NULL, path[48];

	cr_assert_geq(proc, 0, "%s", err.text);
	cr_assert_eq(rlimit_set_oom_score(proc, getpid(), 500, &err), 0, "%s", err.text);
	snprintf(path, sizeof path, "%d/oom_score_adj", getpid());
	cr_assert_eq(procfs_read(proc, path, 64, &text, &err), 0, "%s", err.text);
	cr_expect_str_eq(text, "500\n");
	free(text);
	cr_expect_eq(rlimit_set_oom_score(proc, getpid(), 5000, &err), -EINVAL);
	cr_expect_not_null(strstr(err.text, "oom_score_adj to 5000"), "%s", err.text);
	close(proc);
}
