/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What init asks of its parent, and in which order. Init leads: it runs its steps
 * from top to bottom and asks when it needs something done outside; the parent
 * serves one request at a time and answers done or the error.
 *
 *   init                              parent
 *   born in its namespaces
 *   BORN -------------------------->  record the pid, oom score, lifted limits, id maps
 *   IDMAP (a mount) -------------->  give it the id map; once for every such mount
 *   NET_DEVICES (network ns) ------>  move the host's devices into it
 *   RUNTIME_HOOKS ----------------->  run prestart and createRuntime
 *   CONSOLE (pty master) ---------->  keep it or forward it to --console-socket
 *   CREATED ----------------------->  send the pidfd; save state.json, write the pid file
 *   waits at the gate; ctr start opens it
 *   (exec does not wait: the end of the connection is execve, as it is for start at the gate)
 */
#pragma once

#include <stdbool.h>

#include "base/error.h"

enum phase {
	PHASE_BORN,
	PHASE_IDMAP,
	PHASE_NET_DEVICES,
	PHASE_RUNTIME_HOOKS,
	PHASE_CONSOLE,
	PHASE_CREATED,
	PHASE_COUNT,
};

/* Which phases a process needs, and how far it has come. */
struct phase_sequence {
	unsigned needed; /* bit per phase; BORN and CREATED are always needed */
	int last;	 /* -1 before the first */
};

const char *phase_name(enum phase phase);

/*
 * May `phase` come now? It must be needed, later than the last one (or IDMAP again), and
 * skip no needed one. Errors: EPROTO.
 */
int phase_accept(struct phase_sequence *sequence, int phase, struct error *err);
