/* SPDX-License-Identifier: Apache-2.0 */
/* linux.intelRdt: which resctrl group, made or found, with which schemata. */
#pragma once

#include "base/str.h"
#include "spec/config.h"

struct rdt_plan {
	bool present;
	const char *group; /* below the tree; "" is its root; borrowed */
	bool own;	   /* made for the container, and removed with it */
	bool must_exist;   /* somebody else has set it up */
	char *monitor;	   /* a monitoring group for this container alone; NULL: none; owned */
	struct strv lines; /* of its schemata, in order; owned */
	size_t n_compared; /* so many of them must be there already in a group that exists */
};

/* `exec`: one more process, which joins what the container has. Errors: ENOMEM. */
int rdt_plan_build(const struct spec_config *config, const char *id, bool exec,
		   struct rdt_plan *ret, struct error *err);
void rdt_plan_release(struct rdt_plan *plan);
void rdt_plan_print(const struct rdt_plan *plan, struct str *out);
