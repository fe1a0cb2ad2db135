/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A container's status (runtime.md#state) and which operation it allows: a pure
 * table.
 */
#pragma once

#include <errno.h>

#include "base/error.h"

/*
 * "The status does not allow it", as an errno that no system call used here returns, so
 * that the caller can tell a wrong moment from a wrong argument.
 */
#define STATUS_REFUSED EBADFD

enum status {
	STATUS_CREATING,
	STATUS_CREATED,
	STATUS_RUNNING,
	STATUS_PAUSED,
	STATUS_STOPPED,
	STATUS_COUNT,
};

enum status_operation {
	STATUS_OP_START,
	STATUS_OP_EXEC,
	STATUS_OP_KILL,
	STATUS_OP_DELETE,
	STATUS_OP_PAUSE,
	STATUS_OP_RESUME,
	STATUS_OP_UPDATE,
	STATUS_OP_CHECKPOINT,
	STATUS_OP_COUNT,
};

const char *status_name(enum status status);

/*
 * Is the operation allowed? The error texts are those that clients match:
 * "cannot start a container that has stopped", "container not running: no such
 * process", "cannot delete container X that is not stopped: running",
 * "cannot exec in a paused container (use --ignore-paused to override)".
 * Errors: STATUS_REFUSED, ESRCH (kill on a stopped one).
 */
int status_allows(enum status status, enum status_operation operation, const char *id,
		  struct error *err);
