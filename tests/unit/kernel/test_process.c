/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "kernel/process.h"

static struct error err;

static int run_child(void *argument)
{
	return *(int *)argument;
}

Test(process, a_child_returns_its_status)
{
	int wanted = 7, status = 0;
	pid_t pid;
	int pidfd = process_clone(
		&(struct process_clone){ .cgroup_fd = -1, .run = run_child, .argument = &wanted },
		&pid, &err);

	cr_assert_geq(pidfd, 0, "%s", err.text);
	cr_assert_gt(pid, 0);
	cr_assert_eq(process_wait(pidfd, 5000, &status, &err), 0);
	cr_assert_eq(status, 7);
}

static int report_uts(void *argument)
{
	char name[64] = "";

	(void)argument;
	gethostname(name, sizeof name);
	return !strcmp(name, "joined") ? 0 : 1;
}

Test(process, a_child_is_born_in_joined_namespaces_and_is_ours)
{
	struct process_join join;
	int status = -1;
	pid_t pid;
	int before, pidfd;

	if (geteuid() != 0)
		cr_skip_test("needs root");
	before = open("/proc/self/ns/uts", O_RDONLY);
	cr_assert_eq(unshare(CLONE_NEWUTS), 0);
	sethostname("joined", 6);
	join = (struct process_join){ open("/proc/self/ns/uts", O_RDONLY), CLONE_NEWUTS };
	cr_assert_eq(setns(before, CLONE_NEWUTS), 0);
	pidfd = process_clone(
		&(struct process_clone){
			.cgroup_fd = -1, .joins = &join, .n_joins = 1, .run = report_uts },
		&pid, &err);
	cr_assert_geq(pidfd, 0, "%s", err.text);
	cr_assert_eq(process_wait(pidfd, 5000, &status, &err), 0, "%s", err.text);
	cr_assert_eq(status, 0);
}

Test(process, a_process_is_known_by_its_start_time)
{
	uint64_t start;

	cr_assert_eq(process_start_time(getpid(), &start, &err), 0, "%s", err.text);
	cr_assert_geq(process_open_started(getpid(), start, &err), 0);
	cr_assert_eq(process_open_started(getpid(), start + 1, &err), -ESRCH);
}

static int run(const char *script, const char *input, int timeout_ms, char *said)
{
	char *argv[] = { "sh", "-c", (char *)script, NULL };
	int status = -1;
	int r = process_run(&(struct process_command){ .path = "/bin/sh",
						       .argv = argv,
						       .input = input,
						       .timeout_ms = timeout_ms,
						       .ret_stderr = said,
						       .stderr_room = said ? 64 : 0 },
			    &status, &err);

	return r < 0 ? r : status;
}

Test(process, a_command_gets_its_input)
{
	cr_assert_eq(run("read x; test \"$x\" = hello", "hello\n", 5000, NULL), 0);
}

Test(process, a_command_that_reads_nothing_does_not_stop_us)
{
	static char large[1 << 20];

	memset(large, 'x', sizeof large - 1);
	cr_assert_eq(run("exit 3", large, 5000, NULL), 3);
}

Test(process, the_last_words_of_a_command_are_kept)
{
	char said[64] = "";

	cr_assert_eq(run("echo first >&2; echo last >&2; exit 1", "", 5000, said), 1);
	cr_assert_str_eq(said, "last");
}

Test(process, a_command_that_takes_too_long_is_killed)
{
	cr_assert_eq(run("sleep 60", "", 50, NULL), -ETIMEDOUT);
}

Test(process, a_daemon_that_keeps_the_pipe_does_not_hold_us)
{
	cr_assert_eq(run("sleep 3 & exit 0", "", 2000, NULL), 0);
}

Test(process, a_command_is_killed_when_its_caller_gives_up_or_its_container_is_gone)
{
	char *argv[] = { "sh", "-c", "sleep 60", NULL };
	int ends[2], status, child = 0;
	struct process_watch watch = { -1, -1 };
	struct process_command command = {
		.path = "/bin/sh", .argv = argv, .timeout_ms = 10000, .watch = &watch
	};
	pid_t pid;

	cr_assert_eq(pipe2(ends, O_CLOEXEC), 0);
	cr_assert_eq(write(ends[1], "x", 1), 1);
	watch.interrupt_fd = ends[0];
	cr_expect_eq(process_run(&command, &status, &err), -EINTR);
	watch.interrupt_fd = -1;
	watch.pidfd = process_clone(
		&(struct process_clone){ .cgroup_fd = -1, .run = run_child, .argument = &child },
		&pid, &err);
	cr_expect_eq(process_run(&command, &status, &err), -ECANCELED);
}

Test(process, a_missing_program_is_an_error_and_not_a_status)
{
	char *argv[] = { "x", NULL };
	int status;

	cr_assert_eq(process_run(&(struct process_command){ .path = "/nowhere/x",
							    .argv = argv,
							    .timeout_ms = 1000 },
				 &status, &err),
		     -ENOENT);
}

Test(process, a_command_inherits_no_signal_state)
{
	sigset_t set;

	signal(SIGUSR1, SIG_IGN);
	sigfillset(&set);
	sigprocmask(SIG_BLOCK, &set, NULL);
	cr_assert_eq(run("grep -q '^SigBlk:.0*$' /proc/self/status && "
			 "grep -q '^SigIgn:.0*$' /proc/self/status",
			 "", 5000, NULL),
		     0);
}

Test(process, a_caller_that_ignores_its_children_learns_of_a_command)
{
	struct sigaction action = { .sa_handler = SIG_IGN };

	sigaction(SIGCHLD, &action, NULL);
	cr_expect_eq(run("exit 3", "", 5000, NULL), 3, "%s", err.text);
	sigaction(SIGCHLD, NULL, &action);
	cr_expect_eq(action.sa_handler, SIG_IGN);
}

Test(process, signals_have_numbers_and_names)
{
	static const struct {
		const char *text;
		int number;
	} good[] = { { "9", 9 },     { "KILL", 9 },	 { "SIGKILL", 9 },  { "sigterm", 15 },
		     { "Usr1", 10 }, { "SIGRTMIN", 34 }, { "RTMIN+3", 37 }, { "SIGRTMAX-1", 63 },
		     { "64", 64 },   { "0", 0 } };
	static const char *const bad[] = { "",	    "65",	"-9",	   "9x",      " 9",  "SIG",
					   "KILLX", "RTMIN+99", "RTMIN-1", "RTMAX+1", "1e1", "09" };
	int number;

	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		cr_expect_eq(process_signal_number(good[i].text, &number, &err), 0, "%s",
			     good[i].text);
		cr_expect_eq(number, good[i].number, "%s", good[i].text);
	}
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		cr_expect_eq(process_signal_number(bad[i], &number, &err), -EINVAL, "'%s'", bad[i]);
}
