/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Many of the same work, side by side in processes that are forks of the caller: what they
 * change in memory is theirs alone, what they do to files and processes stays.
 */
#pragma once

#include <stddef.h>

#include "base/error.h"

struct workers {
	size_t n; /* pieces of work */
	int (*work)(void *data, size_t i, struct error *err);
	void *data;
	/* NULL: nobody. Called in the caller whenever a piece is done. */
	void (*tell)(void *data, size_t done, size_t n);
	void *tell_data;
};

/*
 * Do all of it, with as many processes as there are processors for the caller, and return when
 * the last has ended. After a failure nothing more is begun; the first one is handed up. They
 * also stop when the caller dies. Errors: work's; EIO (a process died), as clone(2).
 */
int workers_run(const struct workers *workers, struct error *err);
