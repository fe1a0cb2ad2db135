/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel/process_look.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

/* A child that ends the connection, which is all that is seen of it, in one of these ways. */
enum way { RUNS, RUNS_AND_ENDS, EXITS, DIES };

static struct error err;
static int proc_fd = -1, status;
static pid_t pid;

static void set_up(void)
{
	proc_fd = open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
	cr_assert_geq(proc_fd, 0);
	status = -1;
}

static void tear_down(void)
{
	close(proc_fd);
}

TestSuite(process_look, .init = set_up, .fini = tear_down, .timeout = 20);

static void go(enum way way)
{
	if (way == RUNS)
		execl("/bin/sleep", "sleep", "60", NULL);
	if (way == RUNS_AND_ENDS)
		execl("/bin/true", "true", NULL);
	if (way == DIES)
		raise(SIGSYS);
	_exit(3);
}

/* The child, whose connection has just ended; its pidfd. */
static int child(enum way way)
{
	int ends[2], pidfd;
	char byte;

	cr_assert_eq(pipe2(ends, O_CLOEXEC), 0);
	pid = fork();
	if (pid == 0)
		go(way);
	pidfd = pidfd_open(pid, 0);
	cr_assert_geq(pidfd, 0);
	close(ends[1]);
	cr_assert_eq(read(ends[0], &byte, 1), 0);
	close(ends[0]);
	return pidfd;
}

static int look(int pidfd)
{
	return process_look_executed(proc_fd, pid, pidfd, &status, &err);
}

static void end(int pidfd)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	close(pidfd);
}

Test(process_look, execve_is_told_from_death_at_once)
{
	for (int i = 0; i < 50; i++) {
		int pidfd = child(RUNS);

		cr_expect_eq(look(pidfd), 0, "%s", err.text);
		end(pidfd);
	}
	for (int i = 0; i < 50; i++) {
		int pidfd = child(DIES);

		cr_expect_eq(look(pidfd), -ESRCH);
		cr_expect_eq(status, 128 + SIGSYS);
		end(pidfd);
	}
}

Test(process_look, a_program_that_ends_at_once_was_executed)
{
	for (int i = 0; i < 50; i++) {
		int pidfd = child(RUNS_AND_ENDS);
		struct pollfd p = { .fd = pidfd, .events = POLLIN };

		cr_expect_eq(look(pidfd), 0, "%s", err.text);
		poll(&p, 1, -1);
		cr_expect_eq(look(pidfd), 0, "a zombie: %s", err.text);
		waitpid(pid, NULL, 0);
		cr_expect_eq(look(pidfd), 0, "reaped: %s", err.text);
		close(pidfd);
	}
}

Test(process_look, an_exit_without_execve_is_no_program)
{
	int pidfd = child(EXITS);

	cr_expect_eq(look(pidfd), -ESRCH);
	cr_expect_eq(status, 3);
	cr_expect_str_eq(err.text, "init ended with status 3 before it executed the program");
	end(pidfd);
}

Test(process_look, death_by_a_filter_is_known_of_one_that_was_reaped)
{
	int pidfd = child(DIES);
	int r;

	waitpid(pid, NULL, 0);
	r = look(pidfd);
	if (r == 0)
		cr_skip_test("needs PIDFD_INFO_EXIT (Linux 6.15)");
	cr_expect_eq(r, -ESRCH);
	cr_expect_eq(status, 128 + SIGSYS);
	close(pidfd);
}

/* As a subreaper that is faster than we are: the number is another's by the time we look. */
Test(process_look, another_process_by_the_same_number_says_nothing)
{
	int pidfd = child(RUNS_AND_ENDS);
	pid_t first = pid;
	int other;

	waitpid(first, NULL, 0);
	other = child(DIES);
	cr_expect_eq(process_look_executed(proc_fd, pid, pidfd, &status, &err), 0);
	end(other);
	close(pidfd);
}
