/* SPDX-License-Identifier: Apache-2.0 */
/* How far something is that takes long, as one line on a terminal that writes itself over. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "ctr.h"

struct progress {
	const char *what; /* "import web" */
	bool shown;	  /* standard error is a terminal */
	int64_t start_ms, last_ms;
};

/* Ready to be told; on anything but a terminal nothing is ever written. */
struct progress progress_begin(const char *what);

/* For the library to call; `data` is a struct progress. */
void progress_tell(void *data, const struct ctr_progress *now);

/* Take the line away. */
void progress_end(struct progress *progress);

/* "1.5 GiB", "312 B" into `ret`. (Pure.) */
void progress_format_bytes(uint64_t bytes, char ret[16]);
