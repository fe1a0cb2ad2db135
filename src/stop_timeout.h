/* SPDX-License-Identifier: Apache-2.0 */
/* How long stop and restart wait before they kill. */
#pragma once

#include "command.h"
#include "quantity.h"

struct stop_timeout {
	const char *text;
};

/* clang-format off */
#define STOP_TIMEOUT_OPTION \
	{ 't', "timeout", FILLS_STRING(struct stop_timeout, text), "TIME", \
	  "wait so long, such as 5s, then kill it (default: 10s)", NULL }
/* clang-format on */

static inline int stop_timeout_take(const char *command, const struct stop_timeout *given,
				    struct ctr_stop_options *ret, struct ctr_error *err)
{
	if (!given->text || quantity_milliseconds(given->text, &ret->timeout_ms))
		return 0;
	return command_invalid(err, "%s: invalid --timeout \"%.200s\": wants a time such as 5s",
			       command, given->text);
}
