/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel/rlimit.h"

#include <errno.h>
#include <stdio.h>

#include "kernel/procfs.h"

int rlimit_set(pid_t pid, int resource, const char *name, const struct rlimit *limit,
	       struct error *err)
{
	if (prlimit(pid, resource, limit, NULL) == 0)
		return 0;
	if (errno == EPERM)
		return error_errno(err, EPERM, "set %s to %llu:%llu (more needs CAP_SYS_RESOURCE)",
				   name, (unsigned long long)limit->rlim_cur,
				   (unsigned long long)limit->rlim_max);
	return error_errno(err, errno, "set %s to %llu:%llu", name,
			   (unsigned long long)limit->rlim_cur,
			   (unsigned long long)limit->rlim_max);
}

int rlimit_lift(pid_t pid, int resource, const char *name, rlim_t max, struct error *err)
{
	struct rlimit limit;

	if (prlimit(pid, resource, NULL, &limit) < 0)
		return error_errno(err, errno, "read %s", name);
	if (limit.rlim_max >= max)
		return 0;
	limit.rlim_max = max;
	return rlimit_set(pid, resource, name, &limit, err);
}

int rlimit_set_oom_score(int proc_fd, pid_t pid, int score, struct error *err)
{
	char path[48], text[16];
	int result;

	snprintf(path, sizeof path, "%d/oom_score_adj", pid);
	snprintf(text, sizeof text, "%d", score);
	result = procfs_write(proc_fd, path, text, err);
	if (result == -EACCES || result == -EPERM)
		return error_prefix(
			err, "set oom_score_adj to %d (less needs CAP_SYS_RESOURCE): ", score);
	return result < 0 ? error_prefix(err, "set oom_score_adj to %d: ", score) : 0;
}
