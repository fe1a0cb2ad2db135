/* SPDX-License-Identifier: Apache-2.0 */
#include "lifecycle/foreground.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

static struct error err;
static struct foreground_signals signals;

TestSuite(foreground, .timeout = 20);

/* What the test puts in the place of our 0, 1 and 2, and the process that is in front. */
struct scene {
	int input, output; /* the other ends */
	struct foreground foreground;
	pid_t pid;
};

static void replace(int fd, int with)
{
	dup2(with, fd);
	close(with);
}

static void run_child(int ends[3][2], const char *script)
{
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	dup2(ends[0][0], 0);
	dup2(ends[1][1], 1);
	dup2(ends[2][1], 2);
	execl("/bin/sh", "sh", "-c", script, NULL);
	_exit(126);
}

static struct scene begin(const char *script)
{
	struct scene s = { .foreground = { .console_fd = -1 } };
	int ends[3][2], ours[2][2];

	cr_assert_eq(foreground_prepare(&signals, &err), 0);
	for (int i = 0; i < 3; i++)
		cr_assert_eq(pipe2(ends[i], O_CLOEXEC), 0);
	cr_assert_eq(pipe2(ours[0], O_CLOEXEC) | pipe2(ours[1], O_CLOEXEC), 0);
	s.pid = fork();
	if (s.pid == 0)
		run_child(ends, script);
	s.foreground.pidfd = pidfd_open(s.pid, 0);
	close(ends[0][0]);
	close(ends[1][1]);
	close(ends[2][1]);
	s.foreground.stdio[0] = ends[0][1];
	s.foreground.stdio[1] = ends[1][0];
	s.foreground.stdio[2] = ends[2][0];
	s.input = ours[0][1];
	s.output = ours[1][0];
	replace(0, ours[0][0]);
	dup2(ours[1][1], 2);
	replace(1, ours[1][1]);
	return s;
}

/* Everything that was written to 1 and 2, which end with this. */
static const char *output_of(struct scene *s)
{
	static char text[1 << 17];
	size_t len = 0;
	ssize_t n;

	close(1);
	close(2);
	while ((n = read(s->output, text + len, sizeof text - 1 - len)) > 0)
		len += (size_t)n;
	text[len] = '\0';
	return text;
}

Test(foreground, relays_output_and_errors_and_returns_the_status)
{
	struct scene s = begin("echo out; echo err >&2; exit 7");
	int status = -1;

	cr_assert_eq(foreground_wait(&s.foreground, &status, &err), 0);
	cr_expect_eq(status, 7);
	cr_expect(strstr(output_of(&s), "out\n"));
}

Test(foreground, the_end_of_our_input_becomes_the_processs)
{
	struct scene s = begin("cat; echo done");
	int status = -1;

	cr_assert_eq(write(s.input, "words\n", 6), 6);
	close(s.input);
	cr_assert_eq(foreground_wait(&s.foreground, &status, &err), 0);
	cr_expect_eq(status, 0);
	cr_expect_str_eq(output_of(&s), "words\ndone\n");
	cr_expect_eq(s.foreground.stdio[0], -1);
}

Test(foreground, nothing_of_a_long_output_is_lost_at_the_end)
{
	struct scene s = begin("head -c 100000 /dev/zero | tr '\\0' x");
	pid_t reader;
	int status = -1, reader_status;

	reader = fork();
	if (reader == 0) {
		/* a slow reader, whose last bytes come long after the process has ended */
		static char text[1 << 17];
		size_t len = 0;
		ssize_t n;

		close(1);
		close(2);
		while ((n = read(s.output, text + len, 3000)) > 0) {
			len += (size_t)n;
			usleep(1000);
		}
		_exit(len == 100000 ? 0 : 1);
	}
	cr_assert_eq(foreground_wait(&s.foreground, &status, &err), 0);
	close(1);
	close(2);
	waitpid(reader, &reader_status, 0);
	cr_expect_eq(WEXITSTATUS(reader_status), 0);
}

Test(foreground, a_grandchild_that_keeps_the_pipe_does_not_hold_us)
{
	struct scene s = begin("sleep 60 & echo out; exit 3");
	int status = -1;

	cr_assert_eq(foreground_wait(&s.foreground, &status, &err), 0);
	cr_expect_eq(status, 3);
	cr_expect_str_eq(output_of(&s), "out\n");
}

Test(foreground, a_grandchild_that_never_stops_writing_does_not_hold_us)
{
	struct scene s = begin("yes & exit 3");
	pid_t reader = fork();
	int status = -1;

	if (reader == 0) {
		static char text[1 << 16];

		close(1);
		close(2);
		while (read(s.output, text, sizeof text) > 0)
			;
		_exit(0);
	}
	close(s.output);
	cr_assert_eq(foreground_wait(&s.foreground, &status, &err), 0);
	cr_expect_eq(status, 3);
}

Test(foreground, signals_go_to_the_process_and_its_death_is_the_status)
{
	struct scene s = begin("trap 'echo got; exit 5' USR1; echo ready; "
			       "while :; do sleep 0.05; done");
	int status = -1;

	if (fork() == 0) {
		usleep(300000);
		kill(getppid(), SIGUSR1);
		_exit(0);
	}
	cr_assert_eq(foreground_wait(&s.foreground, &status, &err), 0);
	cr_expect_eq(status, 5);
	cr_expect_str_eq(output_of(&s), "ready\ngot\n");
	s = begin("exec sleep 60");
	kill(getpid(), SIGTERM); /* before we wait: it must not be lost */
	cr_assert_eq(foreground_wait(&s.foreground, &status, &err), 0);
	cr_expect_eq(status, 128 + SIGTERM);
}

Test(foreground, who_stops_reading_us_ends_the_writer)
{
	struct scene s = begin("yes; exit 9");
	int status = -1;

	close(s.output);
	cr_assert_eq(foreground_wait(&s.foreground, &status, &err), 0);
	cr_expect(status == 128 + SIGPIPE || status == 9, "%d", status);
}

Test(foreground, a_terminal_is_raw_while_we_wait_and_restored_after)
{
	struct termios before, after;
	int caller = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
	int console = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
	int slave, status = -1;
	struct foreground foreground = { .console_fd = console, .stdio = { -1, -1, -1 } };
	pid_t pid;

	cr_assert(caller >= 0 && console >= 0);
	cr_assert_eq(grantpt(caller) | unlockpt(caller) | grantpt(console) | unlockpt(console), 0);
	/* A session of our own, with the caller's terminal in front. */
	pid = fork();
	if (pid) {
		cr_assert_eq(waitpid(pid, &status, 0), pid);
		cr_assert_eq(WEXITSTATUS(status), 0, "step %d", WEXITSTATUS(status));
		return;
	}
	setsid();
	slave = open(ptsname(caller), O_RDWR);
	if (slave < 0 || tcgetattr(slave, &before) < 0)
		_exit(1);
	dup2(slave, 0);
	dup2(slave, 1);
	foreground_prepare(&signals, &err);
	pid = fork();
	if (pid == 0) {
		int terminal;

		setsid();
		terminal = open(ptsname(console), O_RDWR);
		dup2(terminal, 0);
		dup2(terminal, 1);
		execl("/bin/sh", "sh", "-c", "read line; echo \"got $line\"; exit 4", NULL);
		_exit(126);
	}
	foreground.pidfd = pidfd_open(pid, 0);
	if (write(caller, "words\n", 6) != 6)
		_exit(2);
	if (foreground_wait(&foreground, &status, &err) < 0 || status != 4)
		_exit(3);
	if (tcgetattr(0, &after) < 0 || after.c_lflag != before.c_lflag ||
	    after.c_oflag != before.c_oflag)
		_exit(4);
	{
		char text[200] = "";

		usleep(10000);
		if (read(caller, text, sizeof text - 1) <= 0 || !strstr(text, "got words"))
			_exit(5);
	}
	_exit(0);
}

static sigset_t mask_now(void)
{
	sigset_t set;

	memset(&set, 0, sizeof set); /* the kernel's part is smaller than the library's */
	sigprocmask(SIG_SETMASK, NULL, &set);
	return set;
}

Test(foreground, the_callers_signals_are_as_they_were)
{
	struct sigaction action = { .sa_handler = SIG_IGN };
	struct foreground_signals none = { 0 };
	sigset_t usr1, was, is;
	struct scene s;
	int status = -1;

	sigemptyset(&usr1);
	sigaddset(&usr1, SIGUSR1);
	sigprocmask(SIG_BLOCK, &usr1, NULL);
	sigaction(SIGCHLD, &action, NULL);
	was = mask_now();
	s = begin("exit 3");
	cr_assert_eq(foreground_wait(&s.foreground, &status, &err), 0);
	cr_expect_eq(status, 3, "an ignored SIGCHLD loses no status");
	raise(SIGPIPE); /* as a write to a reader that is gone does */
	foreground_restore(&signals);
	is = mask_now();
	cr_expect_arr_eq(&is, &was, sizeof is);
	sigaction(SIGCHLD, NULL, &action);
	cr_expect_eq(action.sa_handler, SIG_IGN);
	foreground_restore(&none);
	is = mask_now();
	cr_expect_arr_eq(&is, &was, sizeof is, "nothing taken, nothing restored");
}
