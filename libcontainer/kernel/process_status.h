/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How a process that is nobody's child of ours has ended. Its parent reaps it and is told by
 * wait(2); others can ask the kernel from Linux 6.15 on (PIDFD_GET_INFO of a pidfd that was opened
 * before it ended), and before that only as long as it has not been reaped.
 */
#pragma once

#include <stdint.h>
#include <sys/types.h>

#include "base/error.h"

/*
 * Wait for its end. `*ret_status` is as from a shell: the exit status, or 128 plus the signal.
 * `pid` and `start_time` are the process's. Errors: ENOTSUP (the kernel does not say).
 */
int process_status_wait(int pidfd, pid_t pid, uint64_t start_time, int *ret_status,
			struct error *err);
