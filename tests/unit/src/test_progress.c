/* SPDX-License-Identifier: Apache-2.0 */
#include "src/progress.h"

#include <criterion/criterion.h>

static const char *bytes(uint64_t n)
{
	static char ret[16];

	progress_format_bytes(n, ret);
	return ret;
}

Test(progress, sizes_have_one_decimal_and_a_unit)
{
	cr_expect_str_eq(bytes(0), "0 B");
	cr_expect_str_eq(bytes(1023), "1023 B");
	cr_expect_str_eq(bytes(1024), "1.0 KiB");
	cr_expect_str_eq(bytes(1536), "1.5 KiB");
	cr_expect_str_eq(bytes(UINT64_C(64) << 30), "64.0 GiB");
	cr_expect_str_eq(bytes(UINT64_MAX), "15.9 EiB");
}

Test(progress, nothing_is_written_where_there_is_no_terminal)
{
	struct progress progress = { .what = "x" };
	const struct ctr_progress now = { 1, 2, 3 };

	progress_tell(&progress, &now);
	cr_expect_eq(progress.last_ms, 0);
}
