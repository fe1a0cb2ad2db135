/* SPDX-License-Identifier: Apache-2.0 */
/*
 * When and where a process gets a CPU and its disk: scheduling attributes, I/O priority,
 * affinity (sched(7), ioprio_set(2), sched_setaffinity(2)).
 */
#pragma once

#include <stdint.h>
#include <sys/types.h>

#include "base/number_set.h"

struct scheduler_setting { /* as in struct sched_attr */
	uint32_t policy;
	uint64_t flags;
	int32_t nice;
	uint32_t priority;
	uint64_t runtime, deadline, period; /* nanoseconds */
};

/*
 * sched_setattr(2) of another process. Privilege counts in the initial user namespace, so
 * a process in one of its own cannot do this itself. Errors: EPERM, EINVAL, EOPNOTSUPP
 * (utilization clamps are not in this kernel).
 */
int scheduler_set(pid_t pid, const struct scheduler_setting *setting, struct error *err);

/* The priority of a whole process group; class and level as ioprio_set(2) packs them. */
int scheduler_set_io_priority(pid_t group, int priority, struct error *err);

/*
 * The CPUs of the calling thread; the kernel takes those of them that the cgroup has.
 * Errors: EINVAL (it has none of them).
 */
int scheduler_set_cpus(const struct number_set *cpus, struct error *err);

/* All that the cgroup has, whatever the caller has inherited. */
int scheduler_set_all_cpus(struct error *err);

/* The CPUs of the calling thread; released with number_set_release. */
int scheduler_get_cpus(struct number_set *ret, struct error *err);
