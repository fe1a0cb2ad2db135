/* SPDX-License-Identifier: Apache-2.0 */
/* What makes a list of renames repeatable (pure). */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/list.h"
#include "base/path.h"
#include "storage/journal.h"

enum journal_verdict journal_plan_verdict(enum journal_action action, bool from_exists,
					  bool to_exists)
{
	switch (action) {
	case JOURNAL_MOVE:
		/* `to` first: a later step may have put something new at `from`. */
		return to_exists ? JOURNAL_DONE : from_exists ? JOURNAL_DO : JOURNAL_LOST;
	case JOURNAL_REPLACE:
		/* `from` is staged and unique, so once it is gone it has arrived. */
		return from_exists ? JOURNAL_DO : to_exists ? JOURNAL_DONE : JOURNAL_LOST;
	case JOURNAL_TRASH:
		return from_exists && !to_exists ? JOURNAL_DO : JOURNAL_DONE;
	}
	return JOURNAL_LOST;
}

static int add_step(struct journal *journal, enum journal_action action, const char *from,
		    const char *to, struct error *err)
{
	struct journal_step *step = list_add(&journal->record.steps);

	if (step)
		*step = (struct journal_step){ { true, action }, strdup(from), strdup(to) };
	if (!step || !step->from || !step->to)
		return error_errno(err, ENOMEM, "plan the change of %s", from);
	return 0;
}

int journal_plan_move(struct journal *journal, const char *from, const char *to, struct error *err)
{
	return add_step(journal, JOURNAL_MOVE, from, to, err);
}

int journal_plan_replace(struct journal *journal, const char *from, const char *to,
			 struct error *err)
{
	return add_step(journal, JOURNAL_REPLACE, from, to, err);
}

/* The operation's id in the name keeps it there until the journal is gone. */
int journal_plan_trash(struct journal *journal, const char *from, struct error *err)
{
	char to[STORAGE_PATH_MAX];

	snprintf(to, sizeof to, "trash/%s.%zu", journal->id, journal->record.steps.n);
	return add_step(journal, JOURNAL_TRASH, from, to, err);
}

/* Two components or more, below a directory of the store, none of them special. */
static bool is_inside(const char *path)
{
	static const char *const tops[] = { "templates", "layers", "tenants", "staging", "trash" };
	size_t len = strcspn(path, "/"), depth = 0;
	bool known = false;

	for (size_t i = 0; i < sizeof tops / sizeof *tops; i++)
		known = known || (strlen(tops[i]) == len && !strncmp(path, tops[i], len));
	if (!known || strlen(path) >= STORAGE_PATH_MAX || path[strlen(path) - 1] == '/')
		return false;
	for (const char *part = path + len; *part; part += strcspn(part, "/"), depth++)
		if (*++part == '.' || *part == '/')
			return false;
	return depth > 0;
}

static int check_step(const struct journal_step *step, struct error *err)
{
	if (!step->from || !step->to || !step->action.set)
		return error_set(err, EINVAL, "wants an action, a from and a to");
	if (!is_inside(step->from) || !is_inside(step->to))
		return error_set(err, EINVAL, "leads outside the store's directories");
	if (path_is_below(step->from, step->to) || path_is_below(step->to, step->from))
		return error_set(err, EINVAL, "moves a directory into itself");
	if (step->action.value == JOURNAL_REPLACE && strncmp(step->from, "staging/", 8) != 0)
		return error_set(err, EINVAL, "replaces by what was not staged");
	if ((step->action.value == JOURNAL_TRASH) != !strncmp(step->to, "trash/", 6))
		return error_set(err, EINVAL, "only what is trashed goes to the trash");
	return 0;
}

/*
 * Replay starts at the first step. So what a step has made must stay where its own test sees it:
 * no later step takes it away or puts something at the same place, and the test of one step
 * does not see what another one moved.
 */
static int check_pair(const struct journal_step *early, const struct journal_step *late,
		      struct error *err)
{
	if (path_is_below(late->from, early->to) || path_is_below(early->to, late->from))
		return error_set(err, EINVAL, "takes away what an earlier step has put there");
	if (path_is_below(early->to, late->to))
		return error_set(err, EINVAL, "goes where an earlier step has put something");
	if (path_is_below(late->from, early->from))
		return error_set(err, EINVAL, "takes what an earlier step has taken");
	if (early->action.value != JOURNAL_MOVE && path_is_below(late->to, early->from))
		return error_set(err, EINVAL, "puts something where an earlier step looks");
	return 0;
}

int journal_plan_check(const struct journal_record *record, struct error *err)
{
	for (size_t i = 0; i < record->steps.n; i++) {
		const struct journal_step *step = &record->steps.item[i];

		if (check_step(step, err) < 0)
			return error_prefix(err, "steps[%zu] ", i);
		for (size_t k = 0; k < i; k++)
			if (check_pair(&record->steps.item[k], step, err) < 0)
				return error_prefix(err, "steps[%zu] ", i);
	}
	return 0;
}
