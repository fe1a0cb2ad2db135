/* SPDX-License-Identifier: Apache-2.0 */
/* scheduling: what the kernel says of when and where the caller runs, a line a subject. */
#include <linux/ioprio.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

struct attributes {
	uint32_t size, policy;
	uint64_t flags;
	int32_t nice;
	uint32_t priority;
	uint64_t runtime, deadline, period;
};

int main(void)
{
	struct attributes a = { .size = sizeof a };
	unsigned long nodes[16] = { 0 };
	const char *comma = "";
	int io, mode = -1;
	cpu_set_t cpus;

	if (syscall(SYS_sched_getattr, 0, &a, sizeof a, 0) < 0)
		perror("sched_getattr");
	printf("policy %u nice %d priority %u flags 0x%llx runtime %llu deadline %llu period %llu\n",
	       a.policy, a.nice, a.priority, (unsigned long long)a.flags,
	       (unsigned long long)a.runtime, (unsigned long long)a.deadline,
	       (unsigned long long)a.period);
	io = (int)syscall(SYS_ioprio_get, IOPRIO_WHO_PROCESS, 0);
	printf("io class %d priority %d\n", IOPRIO_PRIO_CLASS(io), IOPRIO_PRIO_DATA(io));
	if (sched_getaffinity(0, sizeof cpus, &cpus) < 0)
		perror("sched_getaffinity");
	printf("cpus ");
	for (int i = 0; i < CPU_SETSIZE; i++)
		if (CPU_ISSET(i, &cpus)) {
			printf("%s%d", comma, i);
			comma = ",";
		}
	if (syscall(SYS_get_mempolicy, &mode, nodes, 8 * sizeof nodes, 0, 0) < 0)
		perror("get_mempolicy");
	printf("\nmemory mode 0x%x nodes 0x%lx\n", (unsigned)mode, nodes[0]);
	return 0;
}
