/* SPDX-License-Identifier: Apache-2.0 */
#include "storage/journal.h"

#include <errno.h>
#include <sys/file.h>
#include <sys/wait.h>

#include "base/file.h"
#include "tests/unit/storage/fixture.h"
#include "storage/trash.h"

TestSuite(journal, .init = set_up, .fini = tear_down);

/* An operation whose process goes on living: this one. */
static struct journal begin(const char *object)
{
	struct journal journal = JOURNAL_EMPTY;

	cr_assert_eq(storage_lock(&storage, true, &err), 0, "%s", err.text);
	cr_assert_eq(journal_begin(&storage, "test", object, &journal, &err), 0, "%s", err.text);
	storage_unlock(&storage);
	return journal;
}

static const char *staged(const struct journal *journal, const char *name)
{
	static char path[2][STORAGE_PATH_MAX];
	static int i;

	i = !i;
	cr_assert_eq(storage_path(path[i], &err, "staging/%s/%s", journal->id, name), 0);
	return path[i];
}

/* As a kill leaves it: nothing is undone, the lock is gone. */
static void forget(struct journal *journal)
{
	close(journal->lock_fd);
	close(journal->staging_fd);
	journal_record_release(&journal->record);
	*journal = JOURNAL_EMPTY;
}

static void replay(void)
{
	cr_assert_eq(storage_lock(&storage, true, &err), 0, "%s", err.text);
	storage_unlock(&storage);
}

static size_t count(const char *directory)
{
	struct strv names = { 0 };
	size_t n;

	cr_assert_eq(storage_list(&storage, directory, &names, &err), 0, "%s", err.text);
	n = names.n;
	strv_release(&names);
	return n;
}

static void expect_clean(void)
{
	cr_expect_eq(count("journal"), 0u);
	cr_expect_eq(count("staging"), 0u);
	cr_expect_eq(trash_empty(&storage, &err), 0, "%s", err.text);
	cr_expect_eq(count("trash"), 0u);
}

Test(journal, an_operation_that_is_not_committed_leaves_nothing)
{
	struct journal journal = begin("templates/a");

	make_directory(staged(&journal, "x"));
	journal_release(&storage, &journal);
	expect_clean();
}

Test(journal, what_a_killed_operation_prepared_is_undone_by_the_next)
{
	struct journal journal = begin("templates/a");

	make_directory(staged(&journal, "x"));
	write_text(staged(&journal, "x/file"), "1");
	forget(&journal);
	replay();
	expect_clean();
}

Test(journal, an_operation_that_is_alive_is_left_alone)
{
	struct journal journal = begin("templates/a");

	make_directory(staged(&journal, "x"));
	replay();
	cr_expect(is_there(staged(&journal, "x")));
	journal_release(&storage, &journal);
}

Test(journal, nobody_else_may_begin_on_the_same_object)
{
	struct journal journal = begin("templates/a"), second = JOURNAL_EMPTY;

	cr_assert_eq(storage_lock(&storage, true, &err), 0);
	cr_expect_eq(journal_begin(&storage, "test", "templates/a", &second, &err), -EBUSY);
	cr_expect(strstr(err.text, "templates/a"));
	cr_expect_eq(journal_begin(&storage, "test", "templates/b", &second, &err), 0, "%s",
		     err.text);
	storage_unlock(&storage);
	journal_release(&storage, &second);
	journal_release(&storage, &journal);
	expect_clean();
}

Test(journal, a_committed_operation_has_happened)
{
	struct journal journal = begin("templates/a");

	make_directory(staged(&journal, "x"));
	cr_assert_eq(storage_lock(&storage, true, &err), 0);
	cr_assert_eq(journal_plan_move(&journal, staged(&journal, "x"), "templates/a", &err), 0);
	cr_assert_eq(journal_commit(&storage, &journal, &err), 0, "%s", err.text);
	storage_unlock(&storage);
	journal_release(&storage, &journal);
	cr_expect(is_there("templates/a"));
	expect_clean();
}

Test(journal, a_goal_that_is_taken_is_refused_before_anything_happens)
{
	struct journal journal = begin("templates/a");

	make_directory("templates/a");
	make_directory(staged(&journal, "x"));
	cr_assert_eq(storage_lock(&storage, true, &err), 0);
	cr_assert_eq(journal_plan_move(&journal, staged(&journal, "x"), "templates/a", &err), 0);
	cr_expect_eq(journal_commit(&storage, &journal, &err), -EEXIST);
	storage_unlock(&storage);
	journal_release(&storage, &journal);
	expect_clean();
}

/* A snapshot's shape: the upper becomes a layer, a new one and a document take their places. */
static void plan_snapshot(struct journal *journal)
{
	make_directory(staged(journal, "upper"));
	write_text(staged(journal, "upper/new"), "");
	write_text(staged(journal, "tenant.json"), "new");
	cr_assert_eq(journal_plan_move(journal, "tenants/t/upper", "layers/l", &err), 0);
	cr_assert_eq(journal_plan_move(journal, staged(journal, "upper"), "tenants/t/upper", &err),
		     0);
	cr_assert_eq(journal_plan_replace(journal, staged(journal, "tenant.json"),
					  "tenants/t/tenant.json", &err),
		     0);
	cr_assert_eq(journal_plan_trash(journal, "tenants/t/old", &err), 0);
	cr_assert_eq(journal_plan_trash(journal, "tenants/t/absent", &err), 0);
}

static void save_committed(struct journal *journal)
{
	char path[STORAGE_PATH_MAX], *text;

	journal->record.phase.value = JOURNAL_COMMIT;
	cr_assert_eq(
		json_encode(&journal_record_schema, &journal->record, JSON_COMPACT, &text, &err),
		0);
	cr_assert_eq(storage_path(path, &err, "journal/%s.json", journal->id), 0);
	write_text(path, text);
	free(text);
}

static void expect_snapshot(void)
{
	cr_expect(is_there("layers/l/old-data"));
	cr_expect(is_there("tenants/t/upper/new"));
	cr_expect(is_there("tenants/t/tenant.json"));
	cr_expect_not(is_there("tenants/t/old"));
	expect_clean();
}

Test(journal, a_stop_after_any_step_and_a_replay_end_in_the_new_state)
{
	for (size_t stop = 0; stop <= 5; stop++) {
		struct journal journal;

		tear_down();
		set_up();
		make_directory("tenants/t");
		make_directory("tenants/t/upper");
		make_directory("tenants/t/old");
		write_text("tenants/t/upper/old-data", "");
		write_text("tenants/t/tenant.json", "old");
		journal = begin("tenants/t");
		plan_snapshot(&journal);
		save_committed(&journal);
		cr_assert_eq(journal_apply(&storage, &journal.record, stop, &err), 0, "%s",
			     err.text);
		forget(&journal);
		cr_assert_eq(trash_empty(&storage, &err), 0);
		replay();
		replay();
		expect_snapshot();
	}
}

Test(journal, a_damaged_record_stops_every_change_and_says_which_file)
{
	write_text("journal/0123456789abcdef.json", "{\"operation\": ");
	cr_expect_eq(storage_lock(&storage, true, &err), -EINVAL);
	cr_expect(strstr(err.text, "journal/0123456789abcdef.json"));
	cr_expect(is_there("journal/0123456789abcdef.json"));
}

Test(journal, a_record_that_leads_out_of_the_store_is_damaged)
{
	write_text(
		"journal/0123456789abcdef.json",
		"{\"operation\":\"x\",\"object\":\"y\",\"phase\":\"commit\",\"steps\":[{\"action\":"
		"\"trash\",\"from\":\"layers/../../etc\",\"to\":\"trash/0123456789abcdef.0\"}]}");
	cr_expect_eq(storage_lock(&storage, true, &err), -EINVAL);
	cr_expect(strstr(err.text, "outside"));
}

Test(journal, a_step_whose_object_is_nowhere_says_so)
{
	write_text(
		"journal/0123456789abcdef.json",
		"{\"operation\":\"x\",\"object\":\"y\",\"phase\":\"commit\",\"steps\":[{\"action\":"
		"\"move\",\"from\":\"layers/a\",\"to\":\"layers/b\"}]}");
	cr_expect_eq(storage_lock(&storage, true, &err), -ENOENT);
	cr_expect(strstr(err.text, "layers/a"));
}
