/* SPDX-License-Identifier: Apache-2.0 */
/*
 * --regex: a command for every container whose ID matches.
 */
#pragma once

#include "ctr.h"

/*
 * Call `act` with every ID of the root that the extended regular expression matches anywhere.
 * Goes on after a failure and returns the first. No match is an error (CTR_E_NOT_FOUND) unless
 * `none_is_fine`. Errors: EINVAL (not an expression).
 */
struct choose {
	const char *expression;
	bool none_is_fine;
	int (*act)(struct ctr_runtime *runtime, const char *id, const void *data,
		   struct ctr_error *err);
	const void *data;
};
int choose_each(struct ctr_runtime *runtime, const struct choose *choose, struct ctr_error *err);
