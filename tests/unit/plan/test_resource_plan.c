/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "plan/resource_plan.h"
#include "resources_fixture.h"

#define R "linux.resources."

Test(resource_plan, writes_come_in_one_order_with_unified_last)
{
	expect("{\"unified\":{\"memory.high\":\"9\"},\"rdma\":{\"mlx5_1\":{\"hcaHandles\":3}},"
	       "\"hugepageLimits\":[{\"pageSize\":\"2MB\",\"limit\":0}],"
	       "\"cpu\":{\"cpus\":\"0\",\"shares\":2},\"blockIO\":{\"weight\":10},"
	       "\"memory\":{\"limit\":5},\"pids\":{\"limit\":6}}",
	       "pids.max=6;memory.max=5;io.weight=default 1;cpu.weight=1;cpuset.cpus=0;"
	       "hugetlb.2MB.max=0;?hugetlb.2MB.rsvd.max=0;rdma.max=mlx5_1 hca_handle=3;"
	       "memory.high=9;");
}

Test(resource_plan, zero_processes_leave_room_for_init_alone)
{
	expect("{\"pids\":{\"limit\":0}}", "pids.max=1;");
	expect("{\"pids\":{\"limit\":-1}}", "?pids.max=max;");
	expect("{\"pids\":{}}", "");
}

Test(resource_plan, page_sizes_are_checked)
{
	static const char *const wrong[] = { "",
					     "MB",
					     "0MB",
					     "2",
					     "2M",
					     "2TB",
					     "2MBx",
					     "/../x",
					     "02MB",
					     "2.5MB",
					     "2mb",
					     " 2MB",
					     "99999999999999999MB" };

	expect("{\"hugepageLimits\":[{\"pageSize\":\"64KB\",\"limit\":65536},"
	       "{\"pageSize\":\"1GB\",\"limit\":18446744073709551615}]}",
	       "hugetlb.64KB.max=65536;?hugetlb.64KB.rsvd.max=65536;"
	       "hugetlb.1GB.max=18446744073709551615;"
	       "?hugetlb.1GB.rsvd.max=18446744073709551615;");
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		struct error err = {};
		char text[96];

		snprintf(text, sizeof text,
			 "{\"hugepageLimits\":[{\"pageSize\":\"%s\",\"limit\":0}]}", wrong[i]);
		free(writes_on(&host, text, &err));
		cr_assert_eq(err.code, EINVAL, "%s", wrong[i]);
	}
}

Test(resource_plan, rdma_takes_one_or_both_limits)
{
	expect("{\"rdma\":{\"a\":{\"hcaHandles\":1,\"hcaObjects\":2},\"b\":{\"hcaObjects\":0}}}",
	       "rdma.max=a hca_handle=1 hca_object=2;rdma.max=b hca_object=0;");
	expect_error("{\"rdma\":{\"a\":{}}}", EINVAL, R "rdma[a]: wants hcaHandles or hcaObjects");
	expect_error("{\"rdma\":{\"a b\":{\"hcaHandles\":1}}}", EINVAL,
		     R "rdma[a b]: is not the name of a device");
}

Test(resource_plan, network_classes_are_of_v1)
{
	expect("{\"network\":{\"classID\":0}}", "");
	expect_error("{\"network\":{\"classID\":1}}", ENOTSUP,
		     R "network.classID is cgroup v1 only");
	expect_error("{\"network\":{\"priorities\":[{\"name\":\"lo\",\"priority\":1}]}}", ENOTSUP,
		     R "network.priorities is cgroup v1 only");
}

Test(resource_plan, unified_values_are_written_as_given)
{
	expect("{\"unified\":{\"memory.max\":\"max\",\"cgroup.max.depth\":\"3\",\"cpuset.cpus\":\"\"}}",
	       "memory.max=max;cgroup.max.depth=3;cpuset.cpus=;");
}

Test(resource_plan, unified_lines_are_writes_of_their_own)
{
	expect("{\"unified\":{\"io.max\":\"8:0 rbps=1\\n8:16 rbps=2\\n\"}}",
	       "io.max=8:0 rbps=1;io.max=8:16 rbps=2;");
}

Test(resource_plan, unified_cannot_move_freeze_or_leave)
{
	static const char *const wrong[] = { "cgroup.procs",
					     "cgroup.threads",
					     "cgroup.kill",
					     "cgroup.subtree_control",
					     "cgroup.type",
					     "cgroup.freeze",
					     "",
					     "memory",
					     "../memory.max",
					     "memory.max/../../x",
					     ".memory" };

	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		struct error err = {};
		char text[96];

		snprintf(text, sizeof text, "{\"unified\":{\"%s\":\"1\"}}", wrong[i]);
		free(writes_on(&host, text, &err));
		cr_assert_eq(err.code, EINVAL, "%s", wrong[i]);
	}
}

Test(resource_plan, unified_needs_the_controller_even_for_a_default)
{
	struct host bare = host;
	struct error err = {};

	bare.controllers = HOST_CPUSET;
	free(writes_on(&bare, "{\"unified\":{\"cpu.max\":\"max\"}}", &err));
	cr_assert_eq(err.code, ENOTSUP);
	cr_assert_str_eq(err.text, R "unified[cpu.max]: the cpu controller is not available in "
				     "/sys/fs/cgroup (not enabled in the kernel or by the parent)");
}

Test(resource_plan, unified_files_of_unknown_controllers_are_written_all_the_same)
{
	expect("{\"unified\":{\"blue.max\":\"1\",\"blue.min\":\"\"}}", "blue.max=1;blue.min=;");
}
