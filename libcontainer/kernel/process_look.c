/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel/process_look.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "kernel/syscalls.h"

/* Fields are counted from the end of the name (field 2), which may hold anything. */
enum { STATE = 3, FLAGS = 9, START_TIME = 22, EXIT_CODE = 52 };

#define PF_FORKNOEXEC 0x40 /* in FLAGS: made by fork, and no program executed since */

/* The line of `pid`, at most room - 1 bytes: one read(2) gives it whole. Length or -errno. */
static ssize_t read_stat(int proc_fd, pid_t pid, char *text, size_t room)
{
	cleanup_close int fd = -1;
	ssize_t n;

	snprintf(text, room, "%d/stat", pid);
	fd = openat(proc_fd, text, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0)
		return -errno;
	n = read(fd, text, room - 1);
	if (n < 0)
		return -errno;
	text[n] = '\0';
	return n;
}

static const char *find_field(const char *p, int wanted)
{
	for (int field = STATE - 1; p && field < wanted; field++)
		p = strchr(p + 1, ' ');
	return p ? p + 1 : NULL;
}

enum process_look process_look(int proc_fd, pid_t pid, uint64_t start_time)
{
	char text[1024];
	const char *end, *state, *started;
	ssize_t n;

	/* The usual answer for what is over, at a tenth of the price. */
	if (kill(pid, 0) < 0 && errno == ESRCH)
		return PROCESS_LOOK_GONE;
	n = read_stat(proc_fd, pid, text, sizeof text);
	if (n <= 0)
		return n == -ENOENT || n == -ESRCH ? PROCESS_LOOK_GONE : PROCESS_LOOK_UNSURE;
	end = strrchr(text, ')');
	state = find_field(end, STATE);
	started = find_field(end, START_TIME);
	if (!started)
		return PROCESS_LOOK_UNSURE;
	if (strtoull(started, NULL, 10) != start_time)
		return PROCESS_LOOK_GONE;
	return *state == 'Z' || *state == 'X' ? PROCESS_LOOK_UNSURE : PROCESS_LOOK_ALIVE;
}

/* As a shell says it. */
static int status_of(int code)
{
	return WIFSIGNALED(code) ? 128 + WTERMSIG(code) : WEXITSTATUS(code);
}

/* What the line says of the end. -1: it is not the line of our process, or says nothing. */
static int read_end(int proc_fd, pid_t pid, int pidfd, int *ret_status)
{
	char text[1024];
	const char *end, *flags, *code;

	if (read_stat(proc_fd, pid, text, sizeof text) <= 0)
		return -1;
	/* The pid was its until here, if it is there to be signalled. */
	if (pidfd_send_signal(pidfd, 0, NULL, 0) < 0 && errno == ESRCH)
		return -1;
	end = strrchr(text, ')');
	flags = find_field(end, FLAGS);
	code = find_field(end, EXIT_CODE);
	if (!flags || !code)
		return -1;
	*ret_status = status_of((int)strtol(code, NULL, 10));
	return !(strtoul(flags, NULL, 10) & PF_FORKNOEXEC);
}

/*
 * A dying process gives up its memory, with which its program goes, before its descriptors; execve
 * has the new program in place before it closes any. So one look at the program is enough where it
 * runs, and only the end of a process needs a second one.
 */
static bool has_executed(int proc_fd, pid_t pid, int pidfd, int *ret_status)
{
	struct sys_pidfd_exit exit = {};
	char path[32], program[1];
	int r;

	snprintf(path, sizeof path, "%d/exe", pid);
	if (readlinkat(proc_fd, path, program, sizeof program) >= 0)
		return true;
	r = read_end(proc_fd, pid, pidfd, ret_status);
	if (r >= 0)
		return r;
	if (sys_pidfd_exit(pidfd, &exit) < 0)
		return true;
	*ret_status = status_of(exit.code);
	return *ret_status != 128 + SIGSYS;
}

int process_look_executed(int proc_fd, pid_t pid, int pidfd, int *ret_status, struct error *err)
{
	if (has_executed(proc_fd, pid, pidfd, ret_status))
		return 0;
	if (*ret_status == 128 + SIGSYS)
		return error_set(err, ESRCH,
				 "the seccomp filter has killed init before it executed the "
				 "program: does it allow execve?");
	return error_set(err, ESRCH, "init ended with status %d before it executed the program",
			 *ret_status);
}
