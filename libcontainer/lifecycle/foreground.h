/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Staying in front of a process: relay a terminal or pipes, forward signals, wait.
 */
#pragma once

#include "base/error.h"

struct foreground {
	int pidfd;	/* our child; stays the caller's */
	int console_fd; /* the terminal's master, -1: none; then the caller's terminal is raw
			   while we wait, and SIGWINCH is passed on */
	int stdio[3];	/* our ends of the pipes that stand for 0, 1, 2; -1: not piped */
};

/*
 * Block the signals to forward, before the child is made, so that none is lost;
 * foreground_wait takes it from there. They stay blocked: one that comes at the end must
 * not keep the caller from cleaning up.
 */
int foreground_prepare(struct error *err);

/*
 * Relay until the process has ended and its output is drained. `*ret_status` as a shell's.
 * Signals that a terminal or a supervisor sends (all but SIGCHLD, SIGWINCH, SIGURG and
 * those that are ours) go to the process. Takes over console_fd and stdio, and closes them:
 * the end of our standard input must become the process's.
 */
int foreground_wait(struct foreground *foreground, int *ret_status, struct error *err);
