/* SPDX-License-Identifier: Apache-2.0 */
/*
 * systemd's units, through the program ctr-systemd: it alone speaks to the bus. Only create,
 * update and the end of a slice need it. Waits are bounded (UNIT_TIMEOUT_MS).
 */
#pragma once

#include <sys/types.h>

#include "kernel/process.h"
#include "plan/unit_plan.h"

/*
 * Start the transient unit with `pid` in it (0: a slice, which has none). `*ret_cgroup` is where
 * it is below the v2 mount; the caller frees. Errors: EEXIST (a unit of this name is alive),
 * ETIMEDOUT, ECANCELED and EINTR (`watch`), as the bus.
 */
int unit_start(const struct unit_plan *unit, pid_t pid, const struct process_watch *watch,
	       char **ret_cgroup, struct error *err);

/* Set the plan's properties on a unit that is there, until the next boot. */
int unit_set(const struct unit_plan *unit, struct error *err);

/* Stop the unit. Absent is fine. */
int unit_stop(const char *name, bool user, struct error *err);

/*
 * The same for one that may not be ours: it is left alone while a process is in it. A scope whose
 * process has ended before it was in has never been populated, and systemd would keep it.
 */
int unit_forget(const char *name, bool user, struct error *err);
