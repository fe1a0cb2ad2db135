/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A walk over a cgroup and everything below it, of any depth, with one descriptor
 * open at a time. Cgroups that vanish on the way are skipped.
 */
#pragma once

#include "base/error.h"

/* Either may be NULL; a negative result ends the walk. */
struct cgroup_visitor {
	/* Each cgroup, before its children; the first is the top. */
	int (*enter)(int cgroup_fd, void *data, struct error *err);
	/* Each cgroup but the top, after its children. */
	int (*leave)(int parent_fd, const char *name, void *data, struct error *err);
	void *data;
};

int cgroup_walk(int top_fd, const struct cgroup_visitor *visitor, struct error *err);
