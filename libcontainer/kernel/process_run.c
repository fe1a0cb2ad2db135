/* SPDX-License-Identifier: Apache-2.0 */
/* Running another program to its end: hooks and newuidmap. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/fd.h"
#include "kernel/process.h"

struct running {
	const struct process_command *command;
	int input[2], errors[2], failure[2]; /* [0] is the child's for input, ours for the others */
};

static void release(struct running *r)
{
	int *fds[] = { r->input, r->errors, r->failure };

	for (int i = 0; i < 3; i++)
		for (int k = 0; k < 2; k++)
			cleanup_close_at(&fds[i][k]);
}

/* The child: execve, or its errno on the close-on-exec pipe. */
static int child(void *argument)
{
	struct running *r = argument;
	const struct process_command *c = r->command;
	static char *const nothing[] = { NULL };
	int code;

	setsid();
	prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	process_reset_signals();
	if (dup2(r->input[0], 0) >= 0 && dup2(r->errors[1], 2) >= 0 &&
	    (!c->cwd || chdir(c->cwd) == 0)) {
		/* One program's output must not become ours: state and features are parsed. */
		dup2(2, 1);
		close_range(3, ~0u, CLOSE_RANGE_CLOEXEC);
		execve(c->path, c->argv, c->envp ? c->envp : nothing);
	}
	code = errno;
	return write(r->failure[1], &code, sizeof code) == sizeof code ? 127 : 126;
}

static int milliseconds_left(const struct timespec *end)
{
	struct timespec now;
	long long ms;

	clock_gettime(CLOCK_MONOTONIC, &now);
	ms = (end->tv_sec - now.tv_sec) * 1000LL + (end->tv_nsec - now.tv_nsec) / 1000000;
	return ms > 0 ? (int)ms : 0;
}

/* Keep the last line of what it says on standard error. */
static void take_words(const struct process_command *c, const char *text, size_t n)
{
	size_t start = n, end = n;

	if (!c->ret_stderr)
		return;
	while (end && text[end - 1] == '\n')
		end--;
	for (start = end; start && text[start - 1] != '\n'; start--)
		;
	if (end > start)
		snprintf(c->ret_stderr, c->stderr_room, "%.*s", (int)(end - start), text + start);
}

/*
 * Feed the input and collect the errors until the program has ended: 0, or why it has to end.
 * What is left in the pipe when it has ended is read once, so that a daemon which keeps the
 * pipe open cannot hold us.
 */
static int relay(struct running *r, int pidfd, const struct timespec *end)
{
	const char *input = r->command->input ? r->command->input : "";
	const struct process_watch *watch = r->command->watch;
	size_t left = strlen(input);
	char text[4096];

	for (;;) {
		struct pollfd p[] = {
			{ .fd = pidfd, .events = POLLIN },
			{ .fd = r->errors[0], .events = POLLIN },
			{ .fd = left ? r->input[1] : -1, .events = POLLOUT },
			{ .fd = watch ? watch->pidfd : -1, .events = POLLIN },
			{ .fd = watch ? watch->interrupt_fd : -1, .events = POLLIN },
		};
		int ms = end ? milliseconds_left(end) : -1;
		int ready = poll(p, sizeof p / sizeof *p, ms);
		ssize_t n;

		if (ready < 0)
			continue;
		/* A program that talks without pause does not escape its time. */
		if (ready == 0 || (ms == 0 && !p[0].revents))
			return ETIMEDOUT;
		if (p[3].revents)
			return ECANCELED;
		if (p[4].revents)
			return EINTR;
		if (p[2].revents) {
			n = send(r->input[1], input, left, MSG_NOSIGNAL | MSG_DONTWAIT);
			left = n < 0 && errno != EAGAIN ? 0 : left - (size_t)(n > 0 ? n : 0);
			input += n > 0 ? n : 0;
		}
		if (!left && r->input[1] >= 0)
			close(steal_fd(&r->input[1]));
		if (p[1].revents) {
			n = read(r->errors[0], text, sizeof text);
			if (n > 0)
				take_words(r->command, text, (size_t)n);
			else if (n == 0)
				close(steal_fd(&r->errors[0]));
		} else if (p[0].revents) {
			return 0;
		}
	}
}

static int prepare(struct running *r, struct error *err)
{
	/* A socket for the input, because writing to one can be told not to raise SIGPIPE. */
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, r->input) < 0 ||
	    pipe2(r->errors, O_CLOEXEC) < 0 || pipe2(r->failure, O_CLOEXEC) < 0)
		return error_errno(err, errno, "make pipes for %s", r->command->path);
	shutdown(r->input[0], SHUT_WR);
	fcntl(r->errors[0], F_SETFL, O_NONBLOCK);
	return 0;
}

/* 0, or the reason why execve did not happen. */
static int exec_failure(struct running *r, struct error *err)
{
	int code = 0;

	close(steal_fd(&r->failure[1]));
	if (read(r->failure[0], &code, sizeof code) == sizeof code)
		return error_errno(err, code, "run %s", r->command->path);
	return 0;
}

int process_run(const struct process_command *command, int *ret_status, struct error *err)
{
	__attribute__((__cleanup__(
		release))) struct running r = { command, { -1, -1 }, { -1, -1 }, { -1, -1 } };
	cleanup_sigchld struct sigaction before;
	cleanup_close int pidfd = -1;
	struct timespec end;
	pid_t pid;
	int failure, why;

	process_keep_children(&before);
	TRY(prepare(&r, err));
	pidfd = process_clone(
		&(struct process_clone){ .cgroup_fd = -1, .run = child, .argument = &r }, &pid,
		err);
	TRY(pidfd);
	close(steal_fd(&r.input[0]));
	close(steal_fd(&r.errors[1]));
	failure = exec_failure(&r, err);
	clock_gettime(CLOCK_MONOTONIC, &end);
	end.tv_sec += command->timeout_ms / 1000;
	end.tv_nsec += command->timeout_ms % 1000 * 1000000L;
	why = failure < 0 ? 0 : relay(&r, pidfd, command->timeout_ms < 0 ? NULL : &end);
	if (failure < 0 || why) {
		kill(-pid, SIGKILL); /* its session: what it started goes too */
		process_kill(pidfd);
	}
	if (why == ETIMEDOUT)
		return error_set(err, ETIMEDOUT, "%s did not end within %d ms", command->path,
				 command->timeout_ms);
	if (why)
		return error_set(err, why, "%s was ended: %s", command->path,
				 why == EINTR ? "interrupted by a signal" :
						"its container is gone");
	if (failure < 0)
		return failure;
	return process_wait(pidfd, -1, ret_status, err);
}
