/* SPDX-License-Identifier: Apache-2.0 */
/* The form of journal/OP.json. */
#include "storage/journal.h"

static const char *const phases[] = {
	[JOURNAL_PREPARE] = "prepare",
	[JOURNAL_COMMIT] = "commit",
	NULL,
};

static const char *const actions[] = {
	[JOURNAL_MOVE] = "move",
	[JOURNAL_REPLACE] = "replace",
	[JOURNAL_TRASH] = "trash",
	NULL,
};

/* clang-format off */
static SCHEMA(journal_step,
	NEEDS_ENUM(journal_step, action, "action", actions),
	NEEDS_STRING(journal_step, from, "from"),
	NEEDS_STRING(journal_step, to, "to"));

SCHEMA(journal_record,
	NEEDS_STRING(journal_record, operation, "operation"),
	NEEDS_STRING(journal_record, object, "object"),
	STRING(journal_record, created, "created"),
	NEEDS_ENUM(journal_record, phase, "phase", phases),
	OBJECTS(journal_record, steps, "steps", journal_step));
/* clang-format on */

void journal_record_release(struct journal_record *record)
{
	json_release(&journal_record_schema, record);
}
