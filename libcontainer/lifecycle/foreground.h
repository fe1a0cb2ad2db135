/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Staying in front of a process: relay a terminal or pipes, forward signals, wait.
 */
#pragma once

#include <signal.h>
#include <stdbool.h>

#include "base/error.h"

struct foreground {
	int pidfd;	/* our child; stays the caller's */
	int console_fd; /* the terminal's master, -1: none; then the caller's terminal is raw
			   while we wait, and SIGWINCH is passed on */
	int stdio[3];	/* our ends of the pipes that stand for 0, 1, 2; -1: not piped */
};

/* How the caller has its signals. */
struct foreground_signals {
	bool taken;
	sigset_t mask;
	struct sigaction child;
};

/*
 * Block the signals to forward, before the child is made, so that none is lost;
 * foreground_wait takes it from there. They stay blocked until foreground_restore, which comes
 * last: one that comes at the end must not keep the caller from cleaning up, and does then what it
 * would have done. `*ret` is the caller's; empty, there is nothing to restore.
 */
int foreground_prepare(struct foreground_signals *ret, struct error *err);
void foreground_restore(struct foreground_signals *before);
#define cleanup_signals __attribute__((__cleanup__(foreground_restore)))

/*
 * Make the terminal as big as ours, before anyone runs on it; what changes later is passed on while
 * we wait.
 */
void foreground_pass_size(int console_fd);

/*
 * Relay until the process has ended and its output is drained. `*ret_status` as a shell's.
 * Signals that a terminal or a supervisor sends (all but SIGCHLD, SIGWINCH, SIGURG and
 * those that are ours) go to the process. Takes over console_fd and stdio, and closes them:
 * the end of our standard input must become the process's.
 */
int foreground_wait(struct foreground *foreground, int *ret_status, struct error *err);
