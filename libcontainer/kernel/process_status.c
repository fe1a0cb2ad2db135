/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel/process_status.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>

#include "base/cleanup.h"
#include "kernel/process.h"
#include "kernel/procfs.h"

/* <linux/pidfd.h> of 6.15; the first version of the struct has room for the exit code. */
struct pidfd_exit_info {
	uint64_t mask, cgroup_id;
	uint32_t ids[11];
	int32_t exit_code;
};
#define PIDFD_EXIT_INFO_WANTED (1ull << 3)
#define PIDFD_EXIT_INFO	       _IOWR(0xFF, 11, struct pidfd_exit_info)

/* From the form that wait(2) gives. */
static int shell_status(int code)
{
	return WIFSIGNALED(code) ? 128 + WTERMSIG(code) : WEXITSTATUS(code);
}

/* Kept by the kernel when the process was reaped. */
static bool ask_pidfd(int pidfd, int *ret)
{
	struct pidfd_exit_info info = { .mask = PIDFD_EXIT_INFO_WANTED };

	if (ioctl(pidfd, PIDFD_EXIT_INFO, &info) < 0 || !(info.mask & PIDFD_EXIT_INFO_WANTED))
		return false;
	*ret = shell_status(info.exit_code);
	return true;
}

/* What field `n` (from 3 on) of a stat line says, behind the name, which may hold anything. */
static const char *find_field(const char *stat, int n)
{
	const char *p = strrchr(stat, ')');

	for (int field = 2; p && field < n; field++)
		p = strchr(p + 1, ' ');
	return p ? p + 1 : NULL;
}

/* Of a zombie, whose line in procfs ends with the code it leaves to its parent. */
static bool ask_procfs(pid_t pid, uint64_t start_time, int *ret)
{
	struct error ignored;
	cleanup_close int proc_fd = procfs_open(&ignored);
	cleanup_free char *text = NULL;
	const char *state, *started, *code;
	char path[32];

	snprintf(path, sizeof path, "%d/stat", pid);
	if (proc_fd < 0 || procfs_read(proc_fd, path, 4096, &text, &ignored) < 0)
		return false;
	state = find_field(text, 3);
	started = find_field(text, 22);
	code = find_field(text, 52);
	if (!state || *state != 'Z' || !started || strtoull(started, NULL, 10) != start_time ||
	    !code)
		return false;
	*ret = shell_status((int)strtol(code, NULL, 10));
	return true;
}

int process_status_wait(int pidfd, pid_t pid, uint64_t start_time, int *ret_status,
			struct error *err)
{
	TRY(process_wait_end(pidfd, -1, err));
	/* Once more behind procfs: it may be reaped between the two. */
	if (ask_pidfd(pidfd, ret_status) || ask_procfs(pid, start_time, ret_status) ||
	    ask_pidfd(pidfd, ret_status))
		return 0;
	return error_set(err, ENOTSUP,
			 "it has ended, but with which status only its parent was told: this "
			 "kernel keeps none (Linux 6.15 does, for who waits before the end)");
}
