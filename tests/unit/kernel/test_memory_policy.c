/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <errno.h>
#include <linux/mempolicy.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "kernel/memory_policy.h"

static struct number_set nodes;
static struct error err;

static void release(void)
{
	number_set_release(&nodes);
}

TestSuite(memory_policy, .fini = release);

Test(memory_policy, mode_flags_and_nodes_are_what_the_kernel_has_then)
{
	unsigned long mask[16] = { 0 };
	int mode = -1;

	cr_assert_eq(number_set_parse("0", &nodes, &err), 0);
	cr_assert_eq(memory_policy_set(MPOL_BIND | MPOL_F_STATIC_NODES, &nodes, &err), 0, "%s",
		     err.text);
	cr_assert_eq(syscall(SYS_get_mempolicy, &mode, mask, 8 * sizeof mask, 0, 0), 0);
	cr_expect_eq(mode, MPOL_BIND | MPOL_F_STATIC_NODES);
	cr_expect_eq(mask[0], 1);
}

Test(memory_policy, no_nodes_are_none)
{
	int mode = -1;

	cr_assert_eq(memory_policy_set(MPOL_LOCAL, &nodes, &err), 0, "%s", err.text);
	cr_assert_eq(syscall(SYS_get_mempolicy, &mode, NULL, 0, 0, 0), 0);
	cr_expect_eq(mode, MPOL_LOCAL);
}

Test(memory_policy, a_node_that_is_not_there_is_an_error)
{
	cr_assert_eq(number_set_parse("1023", &nodes, &err), 0);
	cr_expect_eq(memory_policy_set(MPOL_BIND, &nodes, &err), -EINVAL);
	cr_expect_not_null(strstr(err.text, "no memory in these nodes"), "%s", err.text);
}
