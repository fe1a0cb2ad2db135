/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which namespaces are created, by whom, and which are joined by path.
 */
#pragma once

#include <stdint.h>

#include "plan/host.h"
#include "spec/config.h"

struct namespace_join {
	uint64_t type; /* one CLONE_NEW* bit */
	const char *path;
	char from[40]; /* "linux.namespaces[2]" */
};

struct namespace_device {	     /* a network device of the host that moves in */
	const char *name, *new_name; /* the latter may have a %d */
};

struct namespace_plan {
	uint64_t clone;	  /* CLONE_NEW* bits that one clone3 makes */
	uint64_t unshare; /* CLONE_NEWCGROUP, CLONE_NEWTIME: init makes them itself, because the
			     first takes the cgroup it is in as root and the second takes its
			     offsets before anyone is inside */
	uint64_t present; /* all of the container's: created or joined; what exec joins */
	uint64_t late; /* of those, exec's process enters it itself: nobody can be born in a cgroup
			  that their cgroup namespace does not show them and their maker in */
	LIST_OF(struct namespace_join) join;
	bool time_offsets; /* write them, in init, before entering the time namespace */
	int64_t monotonic_secs, monotonic_nanosecs, boottime_secs, boottime_nanosecs;
	bool loopback_up; /* a new network namespace: bring lo up */
	LIST_OF(struct namespace_device) net_devices;
};

int namespace_plan_build(const struct spec_config *config, const struct host *host,
			 struct namespace_plan *ret, struct error *err);
void namespace_plan_release(struct namespace_plan *plan);

/* CLONE_NEW* of a namespace type. */
uint64_t namespace_plan_flag(enum spec_namespace_type type);
