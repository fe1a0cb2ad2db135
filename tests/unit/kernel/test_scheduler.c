/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <errno.h>
#include <linux/ioprio.h>
#include <sched.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "kernel/scheduler.h"

static struct number_set cpus;
static struct error err;

static void release(void)
{
	number_set_release(&cpus);
}

TestSuite(scheduler, .fini = release);

Test(scheduler, policy_nice_and_flags_are_those_of_the_process)
{
	const struct scheduler_setting setting = { .policy = SCHED_BATCH, .nice = 7, .flags = 1 };

	cr_assert_eq(scheduler_set(getpid(), &setting, &err), 0, "%s", err.text);
	cr_expect_eq(sched_getscheduler(0), SCHED_BATCH | SCHED_RESET_ON_FORK);
	cr_expect_eq(getpriority(PRIO_PROCESS, 0), 7);
}

Test(scheduler, a_deadline_that_cannot_be_met_is_an_error)
{
	const struct scheduler_setting setting = { .policy = 6, .runtime = 9, .deadline = 3 };

	cr_expect_eq(scheduler_set(getpid(), &setting, &err), -EINVAL);
}

Test(scheduler, more_than_allowed_names_the_capability)
{
	const struct scheduler_setting setting = { .policy = SCHED_FIFO, .priority = 5 };

	if (geteuid() == 0 && setresuid(65534, 65534, 65534) < 0)
		cr_skip_test("needs to leave root");
	cr_expect_eq(scheduler_set(getpid(), &setting, &err), -EPERM);
	cr_expect_not_null(strstr(err.text, "CAP_SYS_NICE"), "%s", err.text);
	cr_expect_eq(scheduler_set_io_priority(0, IOPRIO_PRIO_VALUE(IOPRIO_CLASS_RT, 0), &err),
		     -EPERM);
	cr_expect_not_null(strstr(err.text, "CAP_SYS_NICE"), "%s", err.text);
}

Test(scheduler, the_io_priority_is_that_of_the_group)
{
	int wanted = IOPRIO_PRIO_VALUE(IOPRIO_CLASS_BE, 6);

	setpgid(0, 0);
	cr_assert_eq(scheduler_set_io_priority(getpid(), wanted, &err), 0, "%s", err.text);
	cr_expect_eq(syscall(SYS_ioprio_get, IOPRIO_WHO_PROCESS, 0), wanted);
}

Test(scheduler, cpus_are_set_read_and_set_free_again)
{
	struct number_set all = {};

	cr_assert_eq(scheduler_get_cpus(&all, &err), 0, "%s", err.text);
	cr_assert_eq(number_set_parse("0", &cpus, &err), 0);
	if (!number_set_has(&all, 0))
		cr_skip_test("needs CPU 0");
	cr_assert_eq(scheduler_set_cpus(&cpus, &err), 0, "%s", err.text);
	release();
	cr_assert_eq(scheduler_get_cpus(&cpus, &err), 0);
	cr_expect(number_set_has(&cpus, 0));
	cr_expect_not(number_set_has(&cpus, 1));
	release();
	cr_assert_eq(scheduler_set_all_cpus(&err), 0, "%s", err.text);
	cr_assert_eq(scheduler_get_cpus(&cpus, &err), 0);
	cr_expect_eq(number_set_has(&cpus, 1), number_set_has(&all, 1));
	number_set_release(&all);
}

Test(scheduler, cpus_that_are_not_there_are_an_error)
{
	cr_assert_eq(number_set_parse("8000", &cpus, &err), 0);
	cr_expect_eq(scheduler_set_cpus(&cpus, &err), -EINVAL);
	cr_expect_str_eq(err.text, "none of these CPUs is there for the process");
}
