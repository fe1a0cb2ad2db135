/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A look at a process from outside, in one file read: for lists of a thousand. Who means
 * to act on the process opens a pidfd instead (process_open_started).
 */
#pragma once

#include <stdint.h>
#include <sys/types.h>

enum process_look {
	PROCESS_LOOK_GONE, /* no such process, or the pid is another's by now */
	PROCESS_LOOK_ALIVE,
	PROCESS_LOOK_UNSURE, /* a zombie, of which threads may be left; or not readable */
};

/* The process `pid` that started at `start_time`, below the procfs at proc_fd. */
enum process_look process_look(int proc_fd, pid_t pid, uint64_t start_time);
