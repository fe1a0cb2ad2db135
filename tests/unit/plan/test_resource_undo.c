/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <stdlib.h>

#include "plan/resource_undo.h"

static void undoes(const char *file, const char *value, const char *former, const char *expected)
{
	struct cgroup_write write = { .file = (char *)file, .value = (char *)value };
	struct cgroup_write undo = {};
	struct error err = {};
	int r = resource_undo_build(&write, former, &undo, &err);

	cr_assert_eq(r, expected != NULL, "%s: %d", file, r);
	if (!expected)
		return;
	cr_expect_str_eq(undo.file, file);
	cr_expect_str_eq(undo.value, expected);
	free(undo.file);
	free(undo.value);
}

Test(resource_undo, a_file_with_one_value_gets_it_back)
{
	undoes("pids.max", "5", "max\n", "max");
	undoes("cpu.max", "50000 100000", "max 100000\n", "max 100000");
	undoes("cpuset.cpus", "0-1", "\n", "\n");
}

Test(resource_undo, a_file_with_a_line_a_device_gets_that_line_back)
{
	undoes("io.max", "8:0 rbps=5",
	       "8:16 rbps=1 wbps=max riops=max wiops=max\n8:0 rbps=9 wbps=max riops=max wiops=max\n",
	       "8:0 rbps=9 wbps=max riops=max wiops=max");
	undoes("io.weight", "default 50", "default 100\n8:0 200\n", "default 100");
	undoes("rdma.max", "mlx5_0 hca_handle=2", "mlx5_0 hca_handle=7 hca_object=max\n",
	       "mlx5_0 hca_handle=7 hca_object=max");
}

Test(resource_undo, a_device_that_had_no_line_is_reset)
{
	undoes("io.max", "8:0 rbps=5", "8:01 rbps=1\n18:0 rbps=3\n",
	       "8:0 rbps=max wbps=max riops=max wiops=max");
	undoes("io.weight", "8:0 50", "default 100\n", "8:0 default");
}

Test(resource_undo, several_lines_without_a_known_key_have_no_way_back)
{
	undoes("memory.stat", "1", "anon 1\nfile 2\n", NULL);
}

Test(resource_undo, an_idle_group_has_its_weight_to_get_back)
{
	cr_expect_str_eq(resource_undo_companion("cpu.idle"), "cpu.weight");
	cr_expect_null(resource_undo_companion("cpu.max"));
}
