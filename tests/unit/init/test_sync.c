/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fd.h"
#include "init/sync.h"

static int sockets[2];
static struct error err;
static struct sync_message message;
static int fd;

static void connect_both(void)
{
	err = (struct error){};
	fd = -1;
	cr_assert_eq(fd_socketpair(sockets, &err), 0);
}

TestSuite(sync, .init = connect_both);

/* Play init in a child; the result is its exit status. */
static pid_t child(int (*play)(void))
{
	pid_t pid = fork();

	if (pid == 0)
		_exit(play());
	close(sockets[1]);
	return pid;
}

static int status_of(pid_t pid)
{
	int status;

	waitpid(pid, &status, 0);
	return WEXITSTATUS(status);
}

static int ask_and_check_number(void)
{
	int64_t number = 0;

	return sync_ask(sockets[1], PHASE_BORN, -1, &number, &err) || number != 42;
}

Test(sync, a_request_is_answered_with_a_number)
{
	pid_t pid = child(ask_and_check_number);

	cr_assert_eq(sync_receive(sockets[0], -1, 5000, &message, &fd, &err), 1);
	cr_assert_eq(message.phase, PHASE_BORN);
	cr_assert_eq(fd, -1);
	cr_assert_eq(sync_answer(sockets[0], PHASE_BORN, NULL, 42, &err), 0);
	cr_assert_eq(status_of(pid), 0);
}

static int ask_and_expect_error(void)
{
	int r = sync_ask(sockets[1], PHASE_CREATED, -1, NULL, &err);

	return r != -EDQUOT || strcmp(err.text, "no room");
}

Test(sync, the_parents_error_crosses_whole)
{
	struct error failure = { EDQUOT, "no room" };
	pid_t pid = child(ask_and_expect_error);

	cr_assert_eq(sync_receive(sockets[0], -1, 5000, &message, &fd, &err), 1);
	sync_answer(sockets[0], PHASE_CREATED, &failure, 0, &err);
	cr_assert_eq(status_of(pid), 0);
}

static int pass_a_descriptor(void)
{
	int null = open("/dev/null", O_RDONLY);

	return sync_ask(sockets[1], PHASE_CONSOLE, null, NULL, &err) != 0;
}

Test(sync, a_descriptor_travels_with_a_request_and_is_close_on_exec)
{
	pid_t pid = child(pass_a_descriptor);

	cr_assert_eq(sync_receive(sockets[0], -1, 5000, &message, &fd, &err), 1);
	cr_assert_geq(fd, 0);
	cr_assert(fcntl(fd, F_GETFD) & FD_CLOEXEC);
	sync_answer(sockets[0], PHASE_CONSOLE, NULL, 0, &err);
	cr_assert_eq(status_of(pid), 0);
}

static int fail(void)
{
	sync_fail(sockets[1], &(struct error){ ENOEXEC, "mounts[1] (/x): no" });
	return 0;
}

Test(sync, inits_failure_becomes_the_parents_error)
{
	pid_t pid = child(fail);

	cr_assert_eq(sync_receive(sockets[0], -1, 5000, &message, &fd, &err), -ENOEXEC);
	cr_assert_str_eq(err.text, "mounts[1] (/x): no");
	cr_assert_eq(status_of(pid), 0);
}

Test(sync, the_end_of_the_connection_is_zero)
{
	close(sockets[1]);
	cr_assert_eq(sync_receive(sockets[0], -1, 5000, &message, &fd, &err), 0);
}

Test(sync, silence_ends_in_a_timeout)
{
	cr_assert_eq(sync_receive(sockets[0], -1, 20, &message, &fd, &err), -ETIMEDOUT);
}

Test(sync, an_ask_without_a_parent_fails)
{
	close(sockets[0]);
	cr_assert_lt(sync_ask(sockets[1], PHASE_BORN, -1, NULL, &err), 0);
}

static int take_release_and_end(void)
{
	return sync_take_release(sockets[1], &err) != 0;
}

Test(sync, the_end_after_the_release_is_execve)
{
	pid_t pid = child(take_release_and_end);

	cr_assert_eq(sync_release(sockets[0], &err), 0);
	cr_assert_eq(sync_wait_exec(sockets[0], -1, &err), 0, "%s", err.text);
	cr_assert_eq(status_of(pid), 0);
}

static int die(void)
{
	usleep(50000);
	return 0;
}

Test(sync, the_end_before_the_release_is_death)
{
	pid_t pid = child(die);

	cr_assert_eq(sync_release(sockets[0], &err), 0);
	cr_assert_eq(sync_wait_exec(sockets[0], -1, &err), -ESRCH);
	cr_assert_eq(status_of(pid), 0);
}

Test(sync, who_waits_for_execve_can_be_interrupted)
{
	int ends[2];

	cr_assert_eq(pipe2(ends, O_CLOEXEC), 0);
	cr_assert_eq(write(ends[1], "x", 1), 1);
	cr_expect_eq(sync_wait_exec(sockets[0], ends[0], &err), -EINTR);
}

static int fail_later(void)
{
	usleep(50000);
	return fail();
}

Test(sync, a_failure_before_the_release_is_heard)
{
	pid_t pid = child(fail_later);

	cr_assert_eq(sync_release(sockets[0], &err), 0);
	cr_assert_eq(sync_wait_exec(sockets[0], -1, &err), -ENOEXEC);
	cr_assert_eq(status_of(pid), 0);
}
