/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>

#include "plan/host.h"

/* The name whose place is that of the bit. */
static const char *name_of(unsigned bit)
{
	return host_controller_names[__builtin_ctz(bit)];
}

Test(host, each_controller_bit_has_its_name)
{
	cr_assert_str_eq(name_of(HOST_CPUSET), "cpuset");
	cr_assert_str_eq(name_of(HOST_CPU), "cpu");
	cr_assert_str_eq(name_of(HOST_IO), "io");
	cr_assert_str_eq(name_of(HOST_MEMORY), "memory");
	cr_assert_str_eq(name_of(HOST_HUGETLB), "hugetlb");
	cr_assert_str_eq(name_of(HOST_PIDS), "pids");
	cr_assert_str_eq(name_of(HOST_RDMA), "rdma");
	cr_assert_str_eq(name_of(HOST_MISC), "misc");
	cr_assert_str_eq(name_of(HOST_DMEM), "dmem");
	cr_assert_null(host_controller_names[9]);
}
