/* SPDX-License-Identifier: Apache-2.0 */
#include "tenant/id_range.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <string.h>

static const struct id_range small = { 131072, 3 * 65536 };

static uint32_t choose(const struct id_range *block, uint32_t *taken, size_t n)
{
	struct error err = {};
	uint32_t base = 0;

	cr_assert_eq(id_range_choose(block, taken, n, &base, &err), 0, "%s", err.text);
	return base;
}

Test(id_range, the_first_whole_line_of_the_name_counts)
{
	struct id_range range;

	id_range_find("root:1:2\nctrl:5:6\nctr:7\nctr:x:9\nctr:10:11\nctr:12:13\n", "ctr", &range);
	cr_assert_eq(range.base, 10);
	cr_assert_eq(range.count, 11);
	id_range_find("ctr:10:11", "ctr", &range);
	cr_assert_eq(range.count, 11, "a last line without a newline");
	id_range_find("ctr:4294967290:10\n", "ctr", &range);
	cr_assert_eq(range.count, 0, "beyond the last id");
	id_range_find(NULL, "ctr", &range);
	cr_assert_eq(range.count, 0);
}

Test(id_range, without_lines_the_default_block_is_ours)
{
	struct id_range block;
	struct error err = {};

	cr_assert_eq(id_range_block("root:1:2\n", NULL, &block, &err), 0);
	cr_assert_eq(block.base, ID_RANGE_DEFAULT_BASE);
	cr_assert_eq(block.base % ID_RANGE_SIZE, 0);
	cr_assert_leq((uint64_t)block.base + block.count, UINT64_C(1) << 31);
}

Test(id_range, what_both_files_give_is_ours)
{
	struct id_range block;
	struct error err = {};

	cr_assert_eq(id_range_block("ctr:100000:400000\n", "ctr:120000:1000000\n", &block, &err),
		     0);
	cr_assert_eq(block.base, 131072);
	cr_assert_eq(block.base + block.count, 500000);
}

Test(id_range, the_hosts_root_is_never_given)
{
	struct id_range block;
	struct error err = {};

	cr_assert_eq(id_range_block("ctr:0:200000\n", "ctr:0:200000\n", &block, &err), 0);
	cr_assert_eq(block.base, 65536);
}

Test(id_range, one_file_alone_is_a_mistake)
{
	struct id_range block;
	struct error err = {};

	cr_assert_eq(id_range_block("ctr:100000:65536\n", "", &block, &err), -EINVAL);
	cr_assert(strstr(err.text, "/etc/subgid"), "%s", err.text);
	cr_assert_eq(id_range_block("", "ctr:100000:65536\n", &block, &err), -EINVAL);
	cr_assert(strstr(err.text, "/etc/subuid gives ctr no ids"), "%s", err.text);
	cr_assert_eq(id_range_block("ctr:100000:65536\n", "ctr:100000:65536\n", &block, &err),
		     -EINVAL, "no aligned range is in it");
}

Test(id_range, the_lowest_free_one_is_chosen)
{
	uint32_t taken[] = { 131072 + 65536, 131072 };

	cr_assert_eq(choose(&small, NULL, 0), 131072);
	cr_assert_eq(choose(&small, taken, 1), 131072);
	cr_assert_eq(choose(&small, taken, 2), 131072 + 2 * 65536);
}

Test(id_range, one_that_overlaps_is_passed)
{
	uint32_t taken[] = { 131072 + 1 };

	cr_assert_eq(choose(&small, taken, 1), 131072 + 2 * 65536);
}

Test(id_range, a_full_block_says_what_to_enlarge)
{
	uint32_t taken[] = { 131072, 131072 + 65536, 131072 + 2 * 65536 }, base = 7;
	struct error err = {};

	cr_assert_eq(id_range_choose(&small, taken, 3, &base, &err), -ENOSPC);
	cr_assert_eq(base, 7);
	cr_assert(strstr(err.text, "/etc/subuid"), "%s", err.text);
}

Test(id_range, thousands_never_overlap)
{
	static uint32_t taken[4095];
	const struct id_range block = { ID_RANGE_DEFAULT_BASE, ID_RANGE_DEFAULT_COUNT };

	for (size_t i = 0; i < 4095; i++) {
		uint32_t base = choose(&block, taken, i);

		cr_assert_eq(base, block.base + i * ID_RANGE_SIZE);
		taken[i] = base;
	}
}

Test(id_range, a_base_of_ones_own_is_checked)
{
	struct error err = {};

	cr_assert_eq(id_range_check(&small, 196608, &err), 0);
	cr_assert_eq(id_range_check(&small, 196609, &err), -EINVAL);
	cr_assert_eq(id_range_check(&small, 65536, &err), -EINVAL);
	cr_assert_eq(id_range_check(&small, 131072 + 3 * 65536, &err), -EINVAL);
}
