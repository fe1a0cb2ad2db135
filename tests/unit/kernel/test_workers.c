/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel/workers.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

struct sheet {
	int done[200];
	size_t told, fails_at, dies_at;
};

static struct sheet *sheet;
static struct error err;

static void set_up(void)
{
	sheet = mmap(NULL, sizeof *sheet, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	cr_assert_neq(sheet, MAP_FAILED);
	sheet->fails_at = sheet->dies_at = SIZE_MAX;
}

static void tear_down(void)
{
	munmap(sheet, sizeof *sheet);
}

TestSuite(workers, .init = set_up, .fini = tear_down);

static int work(void *data, size_t i, struct error *error)
{
	struct sheet *s = data;

	__atomic_fetch_add(&s->done[i], 1, __ATOMIC_SEQ_CST);
	if (i == s->dies_at)
		raise(SIGKILL);
	/* Words of something that was no failure in the end. */
	error_set(error, ENOENT, "not there");
	return i == s->fails_at ? error_set(error, EROFS, "number %zu", i) : 0;
}

static void tell(void *data, size_t done, size_t n)
{
	struct sheet *s = data;

	cr_expect_eq(n, 200u);
	cr_expect_eq(done, s->told + 1);
	s->told = done;
}

static int run(size_t n)
{
	return workers_run(&(struct workers){ .n = n,
					      .work = work,
					      .data = sheet,
					      .tell = n == 200 ? tell : NULL,
					      .tell_data = sheet },
			   &err);
}

Test(workers, each_piece_is_done_once)
{
	cr_expect_eq(run(200), 0, "%s", err.text);
	for (size_t i = 0; i < 200; i++)
		cr_expect_eq(sheet->done[i], 1);
	cr_expect_eq(sheet->told, 200u);
}

Test(workers, one_piece_and_none_are_fine)
{
	cr_expect_eq(run(0), 0);
	cr_expect_eq(sheet->done[0], 0);
	cr_expect_eq(run(1), 0);
	cr_expect_eq(sheet->done[0], 1);
}

Test(workers, the_first_failure_is_handed_up_and_ends_it)
{
	size_t begun = 0;

	sheet->fails_at = 10;
	cr_expect_eq(run(199), -EROFS);
	cr_expect_str_eq(err.text, "number 10");
	for (size_t i = 0; i < 199; i++)
		begun += (size_t)sheet->done[i];
	cr_expect_lt(begun, 199u);
}

/* Where there is one processor the work is the caller's own, and would be its end. */
Test(workers, one_that_dies_is_a_failure)
{
	cpu_set_t set;

	cr_assert_eq(sched_getaffinity(0, sizeof set, &set), 0);
	if (CPU_COUNT(&set) < 2)
		return;
	sheet->dies_at = 0;
	cr_expect_eq(run(2), -EIO);
	cr_expect(strstr(err.text, "died"));
}

Test(workers, nothing_stays_open)
{
	int before = open("/dev/null", O_RDONLY), after;

	close(before);
	cr_expect_eq(run(100), 0);
	after = open("/dev/null", O_RDONLY);
	cr_expect_eq(before, after);
	close(after);
}
