/* SPDX-License-Identifier: Apache-2.0 */
/* Resource limits and the OOM score of another process (prlimit(2), proc(5)). */
#pragma once

#include <sys/resource.h>
#include <sys/types.h>

#include "base/error.h"

/* pid 0 is the caller. Errors: EPERM: says which limit would need CAP_SYS_RESOURCE. `name` is "RLIMIT_NOFILE". */
int rlimit_set(pid_t pid, int resource, const char *name, const struct rlimit *limit,
	       struct error *err);

/*
 * Lift the hard limit of another process to `max`, if it is lower: for one in a user namespace,
 * which could not do so itself. Errors: EPERM.
 */
int rlimit_lift(pid_t pid, int resource, const char *name, rlim_t max, struct error *err);

/* /proc/PID/oom_score_adj */
int rlimit_set_oom_score(int proc_fd, pid_t pid, int score, struct error *err);
