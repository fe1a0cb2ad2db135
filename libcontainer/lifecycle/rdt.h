/* SPDX-License-Identifier: Apache-2.0 */
/*
 * linux.intelRdt: the container's resctrl groups, from before its first process to its
 * delete. Private to the room.
 */
#pragma once

#include <sys/types.h>

#include "plan/rdt_plan.h"
#include "state/store.h"

/* Before the record: what the container would call its own must not be there yet. */
int rdt_check_unused(const struct rdt_plan *plan, struct error *err);

/* Make and fill the groups; what turns out to be somebody else's leaves the record. */
int rdt_make(const struct rdt_plan *plan, struct store_record *record, struct error *err);

/* A process that has not run anything of the container's yet joins. */
int rdt_add_process(const struct rdt_plan *plan, pid_t pid, struct error *err);

/* Remove what the record names; absent is fine. */
int rdt_remove(const struct store_record *record, struct error *err);
