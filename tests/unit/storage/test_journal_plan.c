/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "storage/journal.h"

static struct error err;

static void set_up(void)
{
	memset(&err, 0, sizeof err);
}
TestSuite(journal_plan, .init = set_up);

static int check_one(int64_t action, const char *from, const char *to)
{
	struct journal_step step = { { true, action }, (char *)from, (char *)to };
	const struct journal_record record = { .steps = { &step, 1 } };

	return journal_plan_check(&record, &err);
}

Test(journal_plan, a_path_stays_in_the_stores_directories)
{
	static const char *const bad[] = { "",
					   "layers",
					   "/etc/passwd",
					   "../etc",
					   "layers/..",
					   "layers/../x",
					   "layers/a/../../..",
					   "layers//a",
					   "layers/",
					   "journal/x",
					   "lock",
					   "layers/.a",
					   "layersx/a",
					   "./layers/a",
					   "layers/a/" };

	cr_expect_eq(check_one(JOURNAL_MOVE, "staging/a/b", "layers/c"), 0, "%s", err.text);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		cr_expect_lt(check_one(JOURNAL_MOVE, bad[i], "layers/c"), 0, "%s", bad[i]);
		cr_expect_lt(check_one(JOURNAL_MOVE, "staging/a/b", bad[i]), 0, "%s", bad[i]);
	}
	cr_expect_lt(check_one(JOURNAL_MOVE, NULL, "layers/c"), 0);
}

Test(journal_plan, only_what_is_trashed_goes_to_the_trash)
{
	cr_expect_eq(check_one(JOURNAL_TRASH, "layers/a", "trash/x.0"), 0);
	cr_expect_lt(check_one(JOURNAL_TRASH, "layers/a", "layers/b"), 0);
	cr_expect_lt(check_one(JOURNAL_MOVE, "layers/a", "trash/b"), 0);
	cr_expect_lt(check_one(JOURNAL_REPLACE, "layers/a", "layers/b"), 0);
	cr_expect_lt(check_one(JOURNAL_MOVE, "layers/a", "layers/a/b"), 0);
}

struct pair {
	int action[2];
	const char *from[2], *to[2];
};

static int check_pair(const struct pair *pair)
{
	struct journal_step steps[2];
	const struct journal_record record = { .steps = { steps, 2 } };

	for (int i = 0; i < 2; i++)
		steps[i] = (struct journal_step){ { true, pair->action[i] },
						  (char *)pair->from[i],
						  (char *)pair->to[i] };
	return journal_plan_check(&record, &err);
}

Test(journal_plan, a_snapshot_may_put_a_new_directory_where_the_old_one_was)
{
	const struct pair snapshot = { { JOURNAL_MOVE, JOURNAL_MOVE },
				       { "tenants/t/upper", "staging/o/upper" },
				       { "layers/l", "tenants/t/upper" } };

	cr_expect_eq(check_pair(&snapshot), 0, "%s", err.text);
}

Test(journal_plan, steps_that_could_not_be_repeated_are_refused)
{
	static const struct pair bad[] = {
		/* what has arrived is taken away */
		{ { JOURNAL_MOVE, JOURNAL_MOVE },
		  { "staging/o/a", "layers/l" },
		  { "layers/l", "layers/m" } },
		/* two to one place */
		{ { JOURNAL_MOVE, JOURNAL_MOVE },
		  { "staging/o/a", "staging/o/b" },
		  { "layers/l", "layers/l" } },
		/* the trash would take what has just come */
		{ { JOURNAL_TRASH, JOURNAL_MOVE },
		  { "tenants/t", "staging/o/t" },
		  { "trash/o.0", "tenants/t" } },
		/* out of what has gone */
		{ { JOURNAL_MOVE, JOURNAL_MOVE },
		  { "tenants/t", "tenants/t/upper" },
		  { "tenants/u", "layers/l" } },
	};

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		cr_expect_lt(check_pair(&bad[i]), 0, "%zu", i);
}

Test(journal_plan, what_a_step_does_follows_from_what_is_there)
{
	cr_expect_eq(journal_plan_verdict(JOURNAL_MOVE, true, false), JOURNAL_DO);
	cr_expect_eq(journal_plan_verdict(JOURNAL_MOVE, true, true), JOURNAL_DONE);
	cr_expect_eq(journal_plan_verdict(JOURNAL_MOVE, false, true), JOURNAL_DONE);
	cr_expect_eq(journal_plan_verdict(JOURNAL_MOVE, false, false), JOURNAL_LOST);
	cr_expect_eq(journal_plan_verdict(JOURNAL_REPLACE, true, true), JOURNAL_DO);
	cr_expect_eq(journal_plan_verdict(JOURNAL_REPLACE, false, true), JOURNAL_DONE);
	cr_expect_eq(journal_plan_verdict(JOURNAL_REPLACE, false, false), JOURNAL_LOST);
	cr_expect_eq(journal_plan_verdict(JOURNAL_TRASH, true, false), JOURNAL_DO);
	cr_expect_eq(journal_plan_verdict(JOURNAL_TRASH, true, true), JOURNAL_DONE);
	cr_expect_eq(journal_plan_verdict(JOURNAL_TRASH, false, false), JOURNAL_DONE);
}

/*
 * The property: whatever plan passes the check, a stop after any step and a replay from the
 * first one, itself stopped and begun again, lead to what a run without a stop leads to.
 * The store is a table: which object stands at which path.
 */
static const char *const places[] = { "tenants/a", "tenants/b",	  "layers/c",
				      "layers/d",  "staging/o/e", "staging/o/f",
				      "trash/o.0", "trash/o.1",	  "trash/o.2" };
enum { N_PLACES = sizeof places / sizeof *places, N_STEPS = 3 };

struct model {
	int object[N_PLACES]; /* 0: nothing */
};

struct model_step {
	enum journal_action action;
	int from, to;
};

/* false: lost. */
static bool take(struct model *m, const struct model_step *s)
{
	switch (journal_plan_verdict(s->action, m->object[s->from], m->object[s->to])) {
	case JOURNAL_DONE:
		return true;
	case JOURNAL_LOST:
		return false;
	case JOURNAL_DO:
		break;
	}
	m->object[s->to] = m->object[s->from];
	m->object[s->from] = 0;
	return true;
}

static bool run(struct model *m, const struct model_step *steps, int n)
{
	for (int i = 0; i < n; i++)
		if (!take(m, &steps[i]))
			return false;
	return true;
}

static bool passes(const struct model_step *steps)
{
	struct journal_step real[N_STEPS];
	const struct journal_record record = { .steps = { real, N_STEPS } };

	for (int i = 0; i < N_STEPS; i++)
		real[i] = (struct journal_step){ { true, steps[i].action },
						 (char *)places[steps[i].from],
						 (char *)places[steps[i].to] };
	return journal_plan_check(&record, &err) == 0;
}

/* What journal_commit looks for: the goal of a move is free, or will be. */
static bool goals_are_free(const struct model *m, const struct model_step *steps)
{
	for (int i = 0; i < N_STEPS; i++) {
		bool vacated = false;

		for (int k = 0; k < i; k++)
			vacated = vacated || steps[k].from == steps[i].to;
		if (steps[i].action == JOURNAL_MOVE && !vacated && m->object[steps[i].to])
			return false;
	}
	return true;
}

static void random_plan(unsigned *seed, struct model_step *steps)
{
	for (int i = 0; i < N_STEPS; i++) {
		steps[i].action = (enum journal_action)(rand_r(seed) % 3);
		steps[i].from = rand_r(seed) % N_PLACES;
		steps[i].to = steps[i].action == JOURNAL_TRASH ? N_PLACES - N_STEPS + i :
								 rand_r(seed) % N_PLACES;
	}
}

static void stop_everywhere(const struct model *start, const struct model_step *steps,
			    const struct model *expected)
{
	for (int first = 0; first <= N_STEPS; first++) {
		for (int second = 0; second <= N_STEPS; second++) {
			struct model m = *start;

			cr_assert(run(&m, steps, first));
			cr_assert(run(&m, steps, second));
			cr_assert(run(&m, steps, N_STEPS));
			cr_assert_arr_eq(m.object, expected->object, sizeof m.object);
		}
	}
}

Test(journal_plan, a_plan_that_passes_ends_the_same_after_a_stop_anywhere)
{
	unsigned seed = 1;
	int n = 0;

	for (int i = 0; i < 400000; i++) {
		struct model_step steps[N_STEPS];
		struct model start = { 0 }, expected;

		random_plan(&seed, steps);
		for (int k = 0; k < N_PLACES - N_STEPS; k++)
			start.object[k] = rand_r(&seed) % 4 ? k + 1 : 0;
		if (!passes(steps) || !goals_are_free(&start, steps))
			continue;
		expected = start;
		if (!run(&expected, steps, N_STEPS))
			continue;
		stop_everywhere(&start, steps, &expected);
		n++;
	}
	cr_expect_gt(n, 3000, "only %d plans were tried", n);
}
