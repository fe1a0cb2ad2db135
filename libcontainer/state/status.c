/* SPDX-License-Identifier: Apache-2.0 */
#include "state/status.h"

static const char *const names[STATUS_COUNT] = {
	[STATUS_CREATING] = "creating", [STATUS_CREATED] = "created", [STATUS_RUNNING] = "running",
	[STATUS_PAUSED] = "paused",	[STATUS_STOPPED] = "stopped",
};

/* Why not; an empty text allows. A text with `behind` goes on: "<text> ID <behind>: <status>". */
struct refusal {
	const char *text;
	const char *behind;
	int code; /* 0: STATUS_REFUSED */
};

/* clang-format off */
#define NO(words)   { .text = words }
#define NOT_STOPPED { .text = "cannot delete container", .behind = "that is not stopped" }

static const struct refusal refusals[STATUS_OP_COUNT][STATUS_COUNT] = {
	[STATUS_OP_START] = {
		[STATUS_CREATING] = NO("cannot start a container that is still being created"),
		[STATUS_RUNNING]  = NO("cannot start an already running container"),
		[STATUS_PAUSED]   = NO("cannot start an already running container"),
		[STATUS_STOPPED]  = NO("cannot start a container that has stopped"),
	},
	[STATUS_OP_EXEC] = {
		[STATUS_CREATING] = NO("cannot exec in a container that is still being created"),
		[STATUS_PAUSED]   = NO("cannot exec in a paused container (use --ignore-paused to override)"),
		[STATUS_STOPPED]  = NO("cannot exec in a stopped container"),
	},
	[STATUS_OP_KILL] = {
		[STATUS_CREATING] = NO("cannot signal a container that is still being created (delete --force removes it)"),
		[STATUS_STOPPED]  = { .text = "container not running: no such process", .code = ESRCH },
	},
	[STATUS_OP_DELETE] = {
		[STATUS_CREATING] = NOT_STOPPED,
		[STATUS_RUNNING]  = NOT_STOPPED,
		[STATUS_PAUSED]   = NOT_STOPPED,
	},
	[STATUS_OP_PAUSE] = {
		[STATUS_CREATING] = NO("container not running"),
		[STATUS_CREATED]  = NO("container not running"),
		[STATUS_PAUSED]   = NO("container already paused"),
		[STATUS_STOPPED]  = NO("container not running"),
	},
	[STATUS_OP_RESUME] = {
		[STATUS_CREATING] = NO("container not paused"),
		[STATUS_CREATED]  = NO("container not paused"),
		[STATUS_RUNNING]  = NO("container not paused"),
		[STATUS_STOPPED]  = NO("container not paused"),
	},
	[STATUS_OP_CHECKPOINT] = {
		[STATUS_CREATING] = NO("container not running"),
		[STATUS_CREATED]  = NO("container not running: start it before its checkpoint"),
		[STATUS_PAUSED]   = NO("cannot checkpoint a paused container: resume it first"),
		[STATUS_STOPPED]  = NO("container not running"),
	},
	[STATUS_OP_UPDATE] = {
		[STATUS_CREATING] = NO("cannot update a container that is still being created"),
		[STATUS_STOPPED]  = NO("container not running"),
	},
};
/* clang-format on */

const char *status_name(enum status status)
{
	return names[status];
}

int status_allows(enum status status, enum status_operation operation, const char *id,
		  struct error *err)
{
	const struct refusal *refusal = &refusals[operation][status];
	int code = refusal->code ? refusal->code : STATUS_REFUSED;

	if (!refusal->text)
		return 0;
	if (!refusal->behind)
		return error_set(err, code, "%s", refusal->text);
	return error_set(err, code, "%s %s %s: %s", refusal->text, id, refusal->behind,
			 names[status]);
}
