/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel/scheduler.h"

#include <errno.h>
#include <linux/ioprio.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/cleanup.h"

#define CPU_BYTES ((NUMBER_SET_MAX + 1) / 8)

/* struct sched_attr of sched_setattr(2), which the C library has or has not. */
struct attributes {
	uint32_t size, policy;
	uint64_t flags;
	int32_t nice;
	uint32_t priority;
	uint64_t runtime, deadline, period;
	uint32_t util_min, util_max; /* the runtime-spec has the flags, but no values: 0 */
};

int scheduler_set(pid_t pid, const struct scheduler_setting *setting, struct error *err)
{
	struct attributes attributes = {
		.size = sizeof attributes,
		.policy = setting->policy,
		.flags = setting->flags,
		.nice = setting->nice,
		.priority = setting->priority,
		.runtime = setting->runtime,
		.deadline = setting->deadline,
		.period = setting->period,
	};

	if (syscall(SYS_sched_setattr, pid, &attributes, 0) == 0)
		return 0;
	if (errno == EPERM)
		return error_set(
			err, EPERM,
			"not permitted (needs CAP_SYS_NICE; SCHED_FIFO and SCHED_RR a cgroup "
			"with real-time runtime, SCHED_DEADLINE all CPUs)");
	if (errno == EBUSY)
		return error_set(err, EBUSY,
				 "the deadlines of others leave not enough time for this one");
	return error_errno(err, errno, "sched_setattr");
}

int scheduler_set_io_priority(pid_t group, int priority, struct error *err)
{
	if (syscall(SYS_ioprio_set, IOPRIO_WHO_PGRP, group, priority) == 0)
		return 0;
	if (errno == EPERM)
		return error_set(err, EPERM, "not permitted (needs CAP_SYS_NICE)");
	return error_errno(err, errno, "ioprio_set");
}

static int set_cpus(const void *mask, size_t bytes, struct error *err)
{
	if (sched_setaffinity(0, bytes, mask) == 0)
		return 0;
	if (errno == EINVAL)
		return error_set(err, EINVAL, "none of these CPUs is there for the process");
	return error_errno(err, errno, "sched_setaffinity");
}

int scheduler_set_cpus(const struct number_set *cpus, struct error *err)
{
	return set_cpus(cpus->word, cpus->n * sizeof *cpus->word, err);
}

int scheduler_set_all_cpus(struct error *err)
{
	unsigned char mask[CPU_BYTES];

	memset(mask, 0xff, sizeof mask);
	return set_cpus(mask, sizeof mask, err);
}

int scheduler_get_cpus(struct number_set *ret, struct error *err)
{
	struct number_set set = { calloc(1, CPU_BYTES), CPU_BYTES / sizeof(unsigned long) };

	if (!set.word)
		return error_errno(err, ENOMEM, "read the CPU affinity");
	if (sched_getaffinity(0, CPU_BYTES, (cpu_set_t *)set.word) < 0) {
		number_set_release(&set);
		return error_errno(err, errno, "read the CPU affinity");
	}
	*ret = set;
	return 0;
}
