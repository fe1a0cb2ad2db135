/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel/memory_policy.h"

#include <errno.h>
#include <sys/syscall.h>
#include <unistd.h>

int memory_policy_set(int mode, const struct number_set *nodes, struct error *err)
{
	/* The kernel takes one bit less than it is told. */
	unsigned long n = nodes->n ? nodes->n * sizeof *nodes->word * 8 + 1 : 0;

	if (syscall(SYS_set_mempolicy, mode, nodes->word, n) == 0)
		return 0;
	if (errno == EINVAL)
		return error_set(err, EINVAL,
				 "set_mempolicy: the kernel does not take it (no memory in these "
				 "nodes for this cgroup, or a mode or flag that it does not know)");
	return error_errno(err, errno, "set_mempolicy");
}
