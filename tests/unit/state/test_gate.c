/* SPDX-License-Identifier: Apache-2.0 */
#include "state/gate.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* As init: wait at the gate, then fail, or "execute" by ending the connection. */
enum behaviour { EXECUTE, FAIL, DIE };

static char path[64];
static int dir = -1;
static struct error err;

static void set_up(void)
{
	strcpy(path, "/tmp/ctr-test-gate.XXXXXX");
	cr_assert(mkdtemp(path));
	dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	cr_assert_geq(dir, 0);
}

static void tear_down(void)
{
	gate_remove(dir);
	rmdir(path);
	close(dir);
}

TestSuite(gate, .init = set_up, .fini = tear_down, .timeout = 20);

static pid_t begin_init(enum behaviour behaviour)
{
	int listen_fd = gate_create(dir, &err);
	pid_t pid;

	cr_assert_geq(listen_fd, 0, "%s", err.text);
	pid = fork();
	if (pid == 0) {
		struct error failure = { ENOENT,
					 "exec: \"x\": executable file not found in $PATH" };
		int connection = gate_wait(listen_fd, &err);

		if (connection >= 0 && behaviour == FAIL)
			gate_fail(connection, &failure);
		if (connection >= 0 && behaviour == EXECUTE)
			gate_release(connection);
		_exit(connection < 0);
	}
	close(listen_fd);
	return pid;
}

static void end_init(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

Test(gate, the_socket_is_private_and_survives_no_execve)
{
	int fd = gate_create(dir, &err);
	struct stat st;

	cr_assert_geq(fd, 0, "%s", err.text);
	cr_expect_eq(fcntl(fd, F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);
	cr_assert_eq(fstatat(dir, "start.sock", &st, 0), 0);
	cr_expect(S_ISSOCK(st.st_mode));
	cr_expect_eq(st.st_mode & 0777, 0600 & ~umask(umask(0)));
	close(fd);
}

Test(gate, nobody_waits_where_there_is_no_socket)
{
	cr_expect_eq(gate_is_waiting(dir), 0);
	cr_expect_eq(gate_open(dir, &err), -ECONNREFUSED);
}

Test(gate, init_is_seen_waiting_until_it_is_gone)
{
	pid_t pid = begin_init(EXECUTE);

	cr_expect_eq(gate_is_waiting(dir), 1);
	end_init(pid);
	cr_expect_eq(gate_is_waiting(dir), 0);
	cr_expect_eq(gate_open(dir, &err), -ECONNREFUSED);
}

Test(gate, probes_do_not_start_the_container)
{
	pid_t pid = begin_init(EXECUTE);

	for (int i = 0; i < 300; i++)
		cr_assert_eq(gate_is_waiting(dir), 1);
	usleep(20000);
	cr_expect_eq(waitpid(pid, NULL, WNOHANG), 0);
	end_init(pid);
}

Test(gate, a_stopped_init_is_still_waiting_and_does_not_block_the_probe)
{
	pid_t pid = begin_init(EXECUTE);

	kill(pid, SIGSTOP);
	for (int i = 0; i < 6000; i++) /* more than any queue of connections holds */
		cr_assert_eq(gate_is_waiting(dir), 1);
	end_init(pid);
}

Test(gate, start_learns_of_execve_by_the_end_of_the_connection)
{
	pid_t pid = begin_init(EXECUTE);
	int connection = gate_open(dir, &err);

	cr_assert_geq(connection, 0, "%s", err.text);
	cr_expect_eq(gate_wait_exec(connection, &err), 0);
	close(connection);
	waitpid(pid, NULL, 0);
}

/* A death while startContainer hooks run must not look like execve. */
Test(gate, init_that_dies_behind_the_gate_does_not_look_started)
{
	pid_t pid = begin_init(DIE);
	int connection = gate_open(dir, &err);

	cr_assert_geq(connection, 0, "%s", err.text);
	cr_expect_eq(gate_wait_exec(connection, &err), -ESRCH);
	close(connection);
	waitpid(pid, NULL, 0);
}

Test(gate, start_gets_inits_failure_as_its_own_error)
{
	pid_t pid = begin_init(FAIL);
	int connection = gate_open(dir, &err);

	cr_assert_geq(connection, 0, "%s", err.text);
	cr_expect_eq(gate_wait_exec(connection, &err), -ENOENT);
	cr_expect_eq(err.code, ENOENT);
	cr_expect_str_eq(err.text, "exec: \"x\": executable file not found in $PATH");
	close(connection);
	waitpid(pid, NULL, 0);
}

Test(gate, init_that_dies_before_it_answers_does_not_look_started)
{
	pid_t pid = begin_init(EXECUTE);
	int connection;

	kill(pid, SIGSTOP);
	connection = gate_open(dir, &err);
	cr_assert_geq(connection, 0, "%s", err.text);
	end_init(pid);
	cr_expect_eq(gate_wait_exec(connection, &err), -ESRCH);
	close(connection);
}

Test(gate, works_below_a_path_that_is_longer_than_a_socket_address)
{
	char name[201], full[300];
	int deep, fd;

	memset(name, 'd', 200);
	name[200] = '\0';
	snprintf(full, sizeof full, "%s/%s", path, name);
	cr_assert_eq(mkdir(full, 0700), 0);
	deep = open(full, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	fd = gate_create(deep, &err);
	cr_expect_geq(fd, 0, "%s", err.text);
	cr_expect_eq(gate_is_waiting(deep), 1);
	close(fd);
	gate_remove(deep);
	close(deep);
	rmdir(full);
}

Test(gate, removing_twice_is_fine)
{
	close(gate_create(dir, &err));
	gate_remove(dir);
	gate_remove(dir);
	cr_expect_eq(gate_is_waiting(dir), 0);
}
