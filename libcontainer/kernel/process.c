/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel/process.h"

#include <errno.h>
#include <grp.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "kernel/procfs.h"
#include "kernel/syscalls.h"

/* Of the kernel, real-time ones too. */
enum { SIGNAL_LAST = 64 };

/* As many mount sources as a container may have in a joined pid namespace, and some more. */
enum { KEEP_MAX = 4096 };

/* clone3 as a fork into other namespaces: the child runs on a copy of the caller's stack. */
static int clone_child(const struct process_clone *clone, uint64_t extra_flags, pid_t *ret_pid)
{
	int pidfd = -1;
	struct clone_args args = {
		.flags = clone->flags | extra_flags | CLONE_PIDFD,
		.pidfd = (uint64_t)(uintptr_t)&pidfd,
		/* With CLONE_PARENT the helper's own signal is taken over. */
		.exit_signal = extra_flags & CLONE_PARENT ? 0 : SIGCHLD,
	};
	long pid;

	if (clone->cgroup_fd >= 0) {
		args.flags |= CLONE_INTO_CGROUP;
		args.cgroup = (uint64_t)clone->cgroup_fd;
	}
	pid = sys_clone3(&args);
	if (pid < 0)
		return -errno;
	if (pid == 0)
		_exit(clone->run(clone->argument));
	*ret_pid = (pid_t)pid;
	return pidfd;
}

/* What the helper that joins namespaces shares with its maker: all of memory. */
struct joiner {
	const struct process_clone *clone;
	bool made;
	pid_t pid;
	struct error error;
};

/*
 * Enter in three rounds: all but the user namespace, as far as the caller's privilege reaches; the
 * user namespace; then what was refused, with the privilege gained there.
 */
static int join_all(const struct process_clone *clone, struct error *err)
{
	uint64_t refused[16] = {};

	for (size_t i = 0; i < clone->n_joins; i++) {
		const struct process_join *join = &clone->joins[i];
		uint64_t types = join->types & ~(uint64_t)CLONE_NEWUSER;

		if (types && setns(join->fd, (int)types) < 0) {
			if (errno != EPERM)
				return error_errno(err, errno, "enter the namespaces");
			refused[i] = types;
		}
	}
	/* Refused to the unprivileged, who then have only groups of their own. */
	if (clone->drop_groups && setgroups(0, NULL) < 0 && errno != EPERM)
		return error_errno(err, errno, "drop the caller's groups");
	for (size_t i = 0; i < clone->n_joins; i++)
		if (clone->joins[i].types & CLONE_NEWUSER &&
		    setns(clone->joins[i].fd, CLONE_NEWUSER) < 0)
			return error_errno(err, errno, "enter the user namespace");
	for (size_t i = 0; i < clone->n_joins; i++)
		if (refused[i] && setns(clone->joins[i].fd, (int)refused[i]) < 0)
			return error_errno(err, errno, "enter the namespaces");
	return 0;
}

/* Who is in the pid namespace already could look into the child's table from its birth. */
static int close_others(const struct process_clone *clone, struct error *err)
{
	int keep[KEEP_MAX];

	if (clone->n_keep >= KEEP_MAX)
		return error_set(err, E2BIG, "too many descriptors to keep");
	if (clone->n_keep)
		memcpy(keep, clone->keep, clone->n_keep * sizeof *keep);
	keep[clone->n_keep] = clone->cgroup_fd;
	return process_close_except(3, keep, clone->n_keep + 1, err);
}

static int run_joiner(void *argument)
{
	struct joiner *j = argument;
	int pidfd;

	if (join_all(j->clone, &j->error) < 0 || close_others(j->clone, &j->error) < 0)
		return 1;
	pidfd = clone_child(j->clone, CLONE_PARENT, &j->pid);
	if (pidfd < 0)
		error_errno(&j->error, -pidfd, "make the process");
	j->made = pidfd >= 0;
	return 0;
}

enum { CALL_STACK = 256 << 10 };

int process_call(uint64_t flags, int (*run)(void *), void *argument, struct error *err)
{
	char *stack = mmap(NULL, CALL_STACK, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK | MAP_NORESERVE, -1, 0);
	pid_t helper;
	int code;

	if (stack == MAP_FAILED)
		return error_errno(err, errno, "make a stack");
	helper = clone(run, stack + CALL_STACK, (int)flags | CLONE_VM | CLONE_VFORK | SIGCHLD,
		       argument);
	code = errno;
	while (helper > 0 && waitpid(helper, NULL, 0) < 0 && errno == EINTR)
		;
	munmap(stack, CALL_STACK);
	return helper > 0 ? 0 : error_errno(err, code, "make a helper process");
}

/* The helper's descriptors, working directory and namespaces are its own. */
static int clone_through_joiner(const struct process_clone *process, pid_t *ret_pid,
				struct error *err)
{
	struct joiner j = { .clone = process };

	TRY(process_call(0, run_joiner, &j, err));
	if (!j.made) {
		*err = j.error;
		return j.error.code ? -j.error.code :
				      error_set(err, EIO, "enter the namespaces: helper died");
	}
	*ret_pid = j.pid;
	/* It is our child: until we reap it, the number is nobody else's. */
	return process_open(j.pid, err);
}

int process_clone(const struct process_clone *clone, pid_t *ret_pid, struct error *err)
{
	int pidfd;

	if (clone->n_joins > 16)
		return error_set(err, EINVAL, "too many namespaces to enter");
	if (clone->n_joins)
		return clone_through_joiner(clone, ret_pid, err);
	pidfd = clone_child(clone, 0, ret_pid);
	return pidfd >= 0 ? pidfd : error_errno(err, -pidfd, "make the process");
}

int process_open(pid_t pid, struct error *err)
{
	int fd = pidfd_open(pid, 0);

	return fd >= 0 ? fd : error_errno(err, errno, "process %d", pid);
}

int process_start_time(pid_t pid, uint64_t *ret, struct error *err)
{
	cleanup_close int proc_fd = procfs_open(err);
	cleanup_free char *text = NULL;
	char path[32];
	const char *p;

	TRY(proc_fd);
	snprintf(path, sizeof path, "%d/stat", pid);
	if (procfs_read(proc_fd, path, 4096, &text, err) < 0)
		return error_set(err, ESRCH, "process %d: %s", pid, strerror(ESRCH));
	/* The command's name may hold anything, blanks and brackets too: count from its end. */
	p = strrchr(text, ')');
	for (int field = 2; p && field < 22; field++) {
		p = strchr(p + 1, ' ');
	}
	if (!p)
		return error_set(err, EINVAL, "/proc/%d/stat is not as expected", pid);
	*ret = strtoull(p + 1, NULL, 10);
	return 0;
}

int process_open_started(pid_t pid, uint64_t start_time, struct error *err)
{
	cleanup_close int fd = process_open(pid, err);
	uint64_t found;

	TRY(fd);
	TRY(process_start_time(pid, &found, err));
	if (found != start_time)
		return error_set(err, ESRCH, "process %d is another one by now: %s", pid,
				 strerror(ESRCH));
	return steal_fd(&fd);
}

int process_signal(int pidfd, int signal, struct error *err)
{
	if (pidfd_send_signal(pidfd, signal, NULL, 0) < 0)
		return error_errno(err, errno, "send signal %d", signal);
	return 0;
}

int process_wait_end(int pidfd, int timeout_ms, struct error *err)
{
	struct pollfd p = { .fd = pidfd, .events = POLLIN };
	int r;

	do
		r = poll(&p, 1, timeout_ms);
	while (r < 0 && errno == EINTR);
	if (r < 0)
		return error_errno(err, errno, "wait for the process");
	if (r == 0)
		return error_set(err, ETIMEDOUT, "the process did not end within %d ms",
				 timeout_ms);
	return 0;
}

int process_has_ended(int pidfd)
{
	struct pollfd p = { .fd = pidfd, .events = POLLIN };

	return poll(&p, 1, 0) > 0;
}

int process_wait(int pidfd, int timeout_ms, int *ret_status, struct error *err)
{
	siginfo_t info = {};
	int r;

	if (timeout_ms >= 0)
		TRY(process_wait_end(pidfd, timeout_ms, err));
	do
		r = waitid(P_PIDFD, (id_t)pidfd, &info, WEXITED);
	while (r < 0 && errno == EINTR);
	if (r < 0)
		return error_errno(err, errno, "wait for the process");
	*ret_status = info.si_code == CLD_EXITED ? info.si_status : 128 + info.si_status;
	return 0;
}

void process_kill(int pidfd)
{
	siginfo_t info;

	pidfd_send_signal(pidfd, SIGKILL, NULL, 0);
	while (waitid(P_PIDFD, (id_t)pidfd, &info, WEXITED) < 0 && errno == EINTR)
		;
}

static int by_number(const void *a, const void *b)
{
	return *(const int *)a - *(const int *)b;
}

int process_close_except(unsigned first, int *keep, size_t n, struct error *err)
{
	qsort(keep, n, sizeof *keep, by_number);
	for (size_t i = 0; i <= n; i++) {
		unsigned last = i < n ? (unsigned)keep[i] - 1 : ~0u;

		if (i < n && keep[i] < (int)first)
			continue;
		if (first <= last && close_range(first, last, 0) < 0)
			return error_errno(err, errno, "close inherited descriptors");
		first = last + 2;
	}
	return 0;
}

/*
 * By the bare system call: the C library keeps signals 32 and 33 for itself and would leave them
 * ignored where the caller has ignored them.
 */
void process_reset_signals(void)
{
	static const struct {
		unsigned long handler, flags, restorer, mask;
	} standard;
	sigset_t none;

	for (int s = 1; s <= SIGNAL_LAST; s++)
		syscall(SYS_rt_sigaction, s, &standard, NULL, SIGNAL_LAST / 8);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

int process_set_dumpable(int dumpable, struct error *err)
{
	if (prctl(PR_SET_DUMPABLE, dumpable, 0, 0, 0) < 0)
		return error_errno(err, errno, "hide the process from others");
	return 0;
}
