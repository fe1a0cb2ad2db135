/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A look at a process from outside, in one file read: for lists of a thousand. Who means
 * to act on the process opens a pidfd instead (process_open_started).
 */
#pragma once

#include <stdint.h>
#include <sys/types.h>

#include "base/error.h"

enum process_look {
	PROCESS_LOOK_GONE, /* no such process, or the pid is another's by now */
	PROCESS_LOOK_ALIVE,
	PROCESS_LOOK_UNSURE, /* a zombie, of which threads may be left; or not readable */
};

/* The process `pid` that started at `start_time`, below the procfs at proc_fd. */
enum process_look process_look(int proc_fd, pid_t pid, uint64_t start_time);

/*
 * For who has seen the close-on-exec descriptors of `pid` closed, which execve does, and death: 0 when
 * it has executed a program. This is certain while `pid` is not reaped, so for a child of the
 * caller. Of one that its parent has reaped already only the status is known, from Linux 6.15 on:
 * SIGSYS is taken for death in execve, by a filter, all else for the end of its program. Errors:
 * ESRCH (it died; `*ret_status` as from a shell).
 */
int process_look_executed(int proc_fd, pid_t pid, int pidfd, int *ret_status, struct error *err);
