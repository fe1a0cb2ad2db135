/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Multi-step changes of the store that survive a kill at any point.
 *
 * An operation first prepares: it makes what it likes below staging/OP, and nothing else
 * anywhere. Then it commits: a list of renames is written to journal/OP.json in one step,
 * and from that moment the operation has happened; the renames carry it out, and whoever
 * finds the journal repeats them all. So a killed operation has left the old state (what it
 * prepared goes to the trash) or the new one, never a mixture. Each step is idempotent, the
 * rules for that are in journal_plan.c, which is pure.
 *
 * Every operation that changes objects of the store is written this way: import and remove
 * of templates here; snapshots, clones and tenants above.
 */
#pragma once

#include <stdbool.h>

#include "base/error.h"
#include "base/json.h"
#include "storage/storage.h"

enum journal_phase { JOURNAL_PREPARE, JOURNAL_COMMIT };

enum journal_action {
	JOURNAL_MOVE,	 /* `to` is new */
	JOURNAL_REPLACE, /* a staged file takes the place of `to` */
	JOURNAL_TRASH,	 /* `from` goes, if it is there */
};

struct journal_step {
	struct optional_int action;
	char *from, *to;
};

struct journal_record {
	char *operation;	   /* "import" */
	char *object;		   /* "templates/web": nobody else may begin on it meanwhile */
	char *created;		   /* RFC 3339 */
	struct optional_int phase; /* enum journal_phase */
	LIST_OF(struct journal_step) steps;
};
extern const struct json_schema journal_record_schema;

struct journal {
	char id[STORAGE_ID_SIZE];
	int staging_fd; /* staging/OP */
	int lock_fd;	/* staging/OP/lock, locked for as long as the operation lasts */
	struct journal_record record;
};
#define JOURNAL_EMPTY ((struct journal){ .staging_fd = -1, .lock_fd = -1 })

/* --- deciding (journal_plan.c, pure) -------------------------------------------------------- */

enum journal_verdict {
	JOURNAL_DO,
	JOURNAL_DONE,
	JOURNAL_LOST, /* neither is there: someone else has changed the store */
};

/* What is to be done for a step, from what is there now. */
enum journal_verdict journal_plan_verdict(enum journal_action action, bool from_exists,
					  bool to_exists);

/* Append a step. Paths are below the store and copied. Errors: ENOMEM. */
int journal_plan_move(struct journal *journal, const char *from, const char *to, struct error *err);
int journal_plan_replace(struct journal *journal, const char *from, const char *to,
			 struct error *err);
int journal_plan_trash(struct journal *journal, const char *from, struct error *err);

/*
 * Can the steps be repeated from the first one after a stop at any point, and do they stay
 * inside the store? Checked before a commit and before a replay. Errors: EINVAL.
 */
int journal_plan_check(const struct journal_record *record, struct error *err);

/* --- doing ---------------------------------------------------------------------------------- */

/*
 * Begin an operation on `object`, which is made or changed: the store is locked exclusively.
 * Errors: EBUSY (another operation is at this object).
 */
int journal_begin(const struct storage *storage, const char *operation, const char *object,
		  struct journal *ret, struct error *err);

/*
 * Commit: sync what was prepared, write the steps down, take them. The store is locked
 * exclusively. After a failure before the steps are written nothing has happened and
 * journal_release undoes; after that the next command goes on with them.
 */
int journal_commit(const struct storage *storage, struct journal *journal, struct error *err);

/* As replay does: the first `n` steps of the record. */
int journal_apply(const struct storage *storage, const struct journal_record *record, size_t n,
		  struct error *err);

/*
 * End the operation, committed or not: what it prepared goes to the trash. Locks the store
 * if it is not locked.
 */
void journal_release(struct storage *storage, struct journal *journal);

/*
 * Finish every committed operation whose process is gone and undo every other one. The
 * store is locked exclusively. A store that cannot be written is left as it is (0).
 * Errors: EINVAL (a damaged record; nothing is changed).
 */
int journal_replay(const struct storage *storage, struct error *err);

/* How many operations are there whose process is gone? */
int journal_count_left(const struct storage *storage, size_t *ret, struct error *err);

void journal_record_release(struct journal_record *record);
