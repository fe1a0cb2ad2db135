/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Capabilities (capabilities(7)) through libcap. Sets are bit masks: bit n is
 * capability n.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

/* Drop every capability that is not in `keep` from the bounding set. Errors: EPERM. */
int capability_limit_bounding(uint64_t keep, struct error *err);

/* PR_SET_KEEPCAPS, before leaving uid 0. */
int capability_keep_on_setuid(bool keep, struct error *err);

/* Raise everything permitted into effective again (after leaving uid 0). */
int capability_raise_effective(struct error *err);

/*
 * Set effective, permitted and inheritable, then exactly `ambient`; reads all back and
 * fails (EPERM) if the kernel gave something else, so that nothing is ever more than
 * asked. Errors: EPERM.
 */
int capability_apply(uint64_t effective, uint64_t permitted, uint64_t inheritable,
		     uint64_t ambient, struct error *err);

/* The newest capability of the running kernel. */
int capability_last(void);

/* Does the calling process have it in its effective set? */
bool capability_have(int capability);
