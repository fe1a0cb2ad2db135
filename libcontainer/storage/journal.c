/* SPDX-License-Identifier: Apache-2.0 */
#include "storage/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/fd.h"
#include "base/file.h"
#include "base/log.h"

#define LOCK_FILE "lock"

#define cleanup_record __attribute__((__cleanup__(journal_record_release)))

static int record_path(const char *id, char ret[STORAGE_PATH_MAX], struct error *err)
{
	return storage_path(ret, err, "journal/%s.json", id);
}

static int staging_path(const char *id, char ret[STORAGE_PATH_MAX], struct error *err)
{
	return storage_path(ret, err, "staging/%s", id);
}

static int save(const struct storage *storage, const struct journal *journal, struct error *err)
{
	cleanup_free char *text = NULL;
	char path[STORAGE_PATH_MAX];

	TRY(record_path(journal->id, path, err));
	TRY(json_encode(&journal_record_schema, &journal->record, JSON_INDENTED, &text, err));
	return file_replace_durable(storage->fd, path, text, strlen(text), 0600, err);
}

/* Errors: ENOENT (an operation that was killed before it wrote one); EINVAL (damaged). */
static int load(const struct storage *storage, const char *id, struct journal_record *ret,
		struct error *err)
{
	cleanup_record struct journal_record record = { 0 };
	cleanup_free char *text = NULL;
	char path[STORAGE_PATH_MAX];
	size_t len;

	TRY(record_path(id, path, err));
	TRY(fd_read_file(storage->fd, path, JSON_SIZE_MAX, &text, &len, err));
	if (json_decode(&journal_record_schema, text, len, &record, err) < 0 ||
	    journal_plan_check(&record, err) < 0)
		return error_prefix(err,
				    "%s/%s is damaged (nothing was changed; move it away to "
				    "go on without it): ",
				    storage->path, path);
	*ret = record;
	record = (struct journal_record){ 0 };
	return 0;
}

static int drop(const struct storage *storage, const char *id, struct error *err)
{
	char path[STORAGE_PATH_MAX];

	TRY(record_path(id, path, err));
	if (unlinkat(storage->fd, path, 0) < 0 && errno != ENOENT)
		return error_errno(err, errno, "remove %s/%s", storage->path, path);
	return 0;
}

/* --- operations that are not ours ----------------------------------------------------------- */

/* Is a process still at it? 1, 0. The lock is taken before the record is written. */
static int is_alive(const struct storage *storage, const char *id, struct error *err)
{
	char path[STORAGE_PATH_MAX];
	struct error inner = { 0 };
	cleanup_close int fd = -1;

	TRY(storage_path(path, err, "staging/%s/" LOCK_FILE, id));
	fd = storage_openat(storage, path, O_RDONLY, &inner);
	if (fd == -ENOENT)
		return 0;
	if (fd < 0) {
		*err = inner;
		return fd;
	}
	return flock(fd, LOCK_EX | LOCK_NB) < 0;
}

/* Ids of all operations: those with a record, and those whose record is not there yet. */
static int list_operations(const struct storage *storage, struct strv *ret, struct error *err)
{
	cleanup_strv struct strv records = { 0 };
	cleanup_strv struct strv staged = { 0 };

	TRY(storage_list(storage, "journal", &records, err));
	for (size_t i = 0; i < records.n; i++) {
		char *dot = strrchr(records.item[i], '.');

		if (!dot || strcmp(dot, ".json") != 0)
			continue; /* a temporary of file_replace: gc removes it */
		*dot = '\0';
		if (!storage_is_id(records.item[i]))
			continue;
		TRY(strv_add(ret, records.item[i], err));
	}
	TRY(storage_list(storage, "staging", &staged, err));
	for (size_t i = 0; i < staged.n; i++) {
		char path[STORAGE_PATH_MAX];
		int there;

		if (!storage_is_id(staged.item[i]))
			continue;
		TRY(record_path(staged.item[i], path, err));
		there = storage_exists(storage, path, err);
		TRY(there);
		if (!there)
			TRY(strv_add(ret, staged.item[i], err));
	}
	return 0;
}

static int check_free(const struct storage *storage, const char *object, struct error *err)
{
	cleanup_strv struct strv ids = { 0 };

	TRY(list_operations(storage, &ids, err));
	for (size_t i = 0; i < ids.n; i++) {
		cleanup_record struct journal_record record = { 0 };
		struct error inner = { 0 };

		if (load(storage, ids.item[i], &record, &inner) < 0)
			continue; /* just begun: it has no record, and so no object yet */
		if (!strcmp(record.object, object))
			return error_set(err, EBUSY, "%s is busy: another command is at it (%s)",
					 object, record.operation);
	}
	return 0;
}

/* --- one operation -------------------------------------------------------------------------- */

static int make_staging(const struct storage *storage, struct journal *journal, struct error *err)
{
	char path[STORAGE_PATH_MAX];

	TRY(storage_new_id(journal->id, err));
	TRY(staging_path(journal->id, path, err));
	TRY(storage_make_directory(storage, path, err));
	journal->staging_fd = storage_openat(storage, path, O_RDONLY | O_DIRECTORY, err);
	TRY(journal->staging_fd);
	journal->lock_fd =
		openat(journal->staging_fd, LOCK_FILE, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (journal->lock_fd < 0)
		return error_errno(err, errno, "make the lock of %s", path);
	return file_lock(journal->lock_fd, path, 1, 0, err);
}

int journal_begin(const struct storage *storage, const char *operation, const char *object,
		  struct journal *ret, struct error *err)
{
	char now[CLOCK_TEXT_SIZE];

	TRY(check_free(storage, object, err));
	TRY(make_staging(storage, ret, err));
	clock_now(0, now);
	ret->record = (struct journal_record){
		.operation = strdup(operation),
		.object = strdup(object),
		.created = strdup(now),
		.phase = { true, JOURNAL_PREPARE },
	};
	if (!ret->record.operation || !ret->record.object || !ret->record.created)
		return error_errno(err, ENOMEM, "begin to %s %s", operation, object);
	return save(storage, ret, err);
}

static int take_step(const struct storage *storage, const struct journal_step *step,
		     struct error *err)
{
	enum journal_action action = (enum journal_action)step->action.value;
	int from = storage_exists(storage, step->from, err);
	int to = storage_exists(storage, step->to, err);

	TRY(from);
	TRY(to);
	switch (journal_plan_verdict(action, from, to)) {
	case JOURNAL_DONE:
		return 0;
	case JOURNAL_LOST:
		return error_set(err, ENOENT,
				 "neither %s nor %s is in %s: someone else has changed the store",
				 step->from, step->to, storage->path);
	case JOURNAL_DO:
		break;
	}
	return storage_rename(storage, step->from, step->to,
			      action == JOURNAL_REPLACE ? 0 : RENAME_NOREPLACE, err);
}

/* A later step may have moved the directory itself away, as with what was staged. */
static int sync_left(const struct storage *storage, const char *path, struct error *err)
{
	struct error inner = { 0 };
	int r = storage_sync_parent(storage, path, &inner);

	if (r < 0 && r != -ENOENT)
		*err = inner;
	return r == -ENOENT ? 0 : r;
}

/* All renames, then all syncs: the record stays until they have reached the disk. */
int journal_apply(const struct storage *storage, const struct journal_record *record, size_t n,
		  struct error *err)
{
	for (size_t i = 0; i < n; i++)
		TRY(take_step(storage, &record->steps.item[i], err));
	for (size_t i = 0; i < n; i++) {
		const struct journal_step *step = &record->steps.item[i];

		if (step->action.value == JOURNAL_TRASH)
			continue;
		TRY(sync_left(storage, step->from, err));
		TRY(storage_sync_parent(storage, step->to, err));
	}
	return 0;
}

/* A step that finds its goal taken would count as done. */
static int check_goals(const struct storage *storage, const struct journal_record *record,
		       struct error *err)
{
	for (size_t i = 0; i < record->steps.n; i++) {
		const struct journal_step *step = &record->steps.item[i];
		bool vacated = false;
		int taken;

		for (size_t k = 0; k < i; k++)
			vacated = vacated || !strcmp(record->steps.item[k].from, step->to);
		if (step->action.value != JOURNAL_MOVE || vacated)
			continue;
		taken = storage_exists(storage, step->to, err);
		TRY(taken);
		if (taken)
			return error_set(err, EEXIST, "%s exists already", step->to);
	}
	return 0;
}

static int plan_staging_to_trash(struct journal *journal, struct error *err)
{
	char path[STORAGE_PATH_MAX];

	TRY(staging_path(journal->id, path, err));
	return journal_plan_trash(journal, path, err);
}

int journal_commit(const struct storage *storage, struct journal *journal, struct error *err)
{
	TRY(plan_staging_to_trash(journal, err));
	TRY(journal_plan_check(&journal->record, err));
	TRY(check_goals(storage, &journal->record, err));
	if (syncfs(storage->fd) < 0)
		return error_errno(err, errno, "sync %s", storage->path);
	journal->record.phase.value = JOURNAL_COMMIT;
	if (save(storage, journal, err) < 0) {
		journal->record.phase.value = JOURNAL_PREPARE;
		return -err->code;
	}
	TRY(journal_apply(storage, &journal->record, journal->record.steps.n, err));
	return drop(storage, journal->id, err);
}

static int undo(const struct storage *storage, const char *id, struct error *err)
{
	char from[STORAGE_PATH_MAX], to[STORAGE_PATH_MAX];
	int there;

	TRY(staging_path(id, from, err));
	TRY(storage_path(to, err, "trash/%s.undone", id));
	there = storage_exists(storage, from, err);
	TRY(there);
	if (there)
		TRY(storage_rename(storage, from, to, 0, err));
	return drop(storage, id, err);
}

/* What cannot be undone now is undone by the next command: this one reports its own error. */
void journal_release(struct storage *storage, struct journal *journal)
{
	bool locked = storage->lock_fd >= 0,
	     undoes = journal->record.phase.value == JOURNAL_PREPARE;
	struct error ignored = { 0 };

	if (journal->staging_fd >= 0 && undoes &&
	    (locked || storage_lock(storage, true, &ignored) == 0)) {
		if (undo(storage, journal->id, &ignored) < 0)
			log_debug("%s", ignored.text);
		if (!locked)
			storage_unlock(storage);
	}
	cleanup_close_at(&journal->lock_fd);
	cleanup_close_at(&journal->staging_fd);
	journal_record_release(&journal->record);
	*journal = JOURNAL_EMPTY;
}

/* --- after a kill --------------------------------------------------------------------------- */

static int replay_one(const struct storage *storage, const char *id, struct error *err)
{
	cleanup_record struct journal_record record = { 0 };
	struct error inner = { 0 };
	int r = load(storage, id, &record, &inner);

	if (r < 0 && r != -ENOENT) {
		*err = inner;
		return r;
	}
	log_debug("%s what a killed command left in %s: %s",
		  record.phase.value == JOURNAL_COMMIT ? "finish" : "undo", storage->path, id);
	if (r < 0 || record.phase.value == JOURNAL_PREPARE)
		return undo(storage, id, err);
	TRY(journal_apply(storage, &record, record.steps.n, err));
	return drop(storage, id, err);
}

int journal_replay(const struct storage *storage, struct error *err)
{
	cleanup_strv struct strv ids = { 0 };

	TRY(list_operations(storage, &ids, err));
	for (size_t i = 0; i < ids.n; i++) {
		struct error inner = { 0 };
		int r = is_alive(storage, ids.item[i], err);

		TRY(r);
		if (r)
			continue;
		r = replay_one(storage, ids.item[i], &inner);
		if (r == -EROFS)
			return 0;
		if (r < 0) {
			*err = inner;
			return r;
		}
	}
	return 0;
}

int journal_count_left(const struct storage *storage, size_t *ret, struct error *err)
{
	cleanup_strv struct strv ids = { 0 };
	size_t n = 0;

	TRY(list_operations(storage, &ids, err));
	for (size_t i = 0; i < ids.n; i++) {
		int alive = is_alive(storage, ids.item[i], err);

		TRY(alive);
		n += !alive;
	}
	*ret = n;
	return 0;
}
