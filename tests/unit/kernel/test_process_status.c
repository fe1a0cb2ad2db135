/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kernel/process.h"
#include "kernel/process_status.h"

/* A zombie: ended, and not yet reaped by us, its parent. */
static int status_of(pid_t child)
{
	struct error err = {};
	uint64_t started = 0;
	int pidfd = process_open(child, &err), status = -1;

	cr_assert_geq(pidfd, 0, "%s", err.text);
	cr_assert_eq(process_start_time(child, &started, &err), 0, "%s", err.text);
	cr_assert_eq(process_status_wait(pidfd, child, started, &status, &err), 0, "%s", err.text);
	close(pidfd);
	waitpid(child, NULL, 0);
	return status;
}

Test(process_status, an_exit_status_is_read_before_the_parent_takes_it)
{
	pid_t child = fork();

	if (child == 0)
		_exit(42);
	cr_expect_eq(status_of(child), 42);
}

Test(process_status, a_signal_is_128_and_its_number)
{
	pid_t child = fork();

	if (child == 0)
		pause();
	kill(child, SIGTERM);
	cr_expect_eq(status_of(child), 128 + SIGTERM);
}
