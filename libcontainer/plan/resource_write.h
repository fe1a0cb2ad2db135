/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One property of linux.resources as one write of the cgroup plan: is there a cgroup,
 * does it have the controller, and does the write matter at all?
 */
#pragma once

#include "plan/cgroup_plan.h"

struct resource_context {
	const struct host *host;
	struct cgroup_plan *plan; /* without a path: no cgroup, only defaults may be asked for */
};

struct resource_wish {
	unsigned controller; /* one HOST_* bit; 0: the cgroup's own files */
	const char *from;    /* the property, for errors */
	const char *file, *value;
	bool is_default;     /* what a new cgroup has anyway */
	bool may_be_missing; /* not every kernel has the file, and its absence is harmless */
};

/* RESOURCE_WISH(HOST_PIDS, "linux.resources.pids.limit", "pids.max", .value = "3") */
#define RESOURCE_WISH(controller_, from_, file_, ...) \
	((struct resource_wish){                      \
		.controller = (controller_), .from = (from_), .file = (file_), __VA_ARGS__ })

/*
 * Append the write. A default is left out where it cannot be written, and does not ask
 * for its controller. Errors: ENOTSUP (no cgroup, no controller), ENOMEM.
 */
int resource_write_add(const struct resource_context *x, struct resource_wish wish,
		       struct error *err);

/* The same for a number of which -1 is "max", a default. Errors: EINVAL below that. */
int resource_write_add_limit(const struct resource_context *x, struct resource_wish wish,
			     int64_t limit, struct error *err);

/* The error of a property that only cgroup v1 has: ENOTSUP. */
int resource_write_refuse_v1(const char *from, struct error *err);
