/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Mounts for a container that runs: a child that has entered its namespaces, as exec's does,
 * attaches or takes off what it is told and says how it went. All of it or nothing.
 */
#pragma once

#include "init/init.h"

struct graft {
	struct init init; /* rootfs_fd: the container's root directory */
	int result_fd;	  /* a socket, for one struct error */
	/* to take off: paths inside the container; NULL: attach the plan's operations of mounts[] */
	char *const *targets;
	size_t n_targets;
};

/* Is it an operation of the document's mounts[], and not one that every container gets? */
bool graft_is_mount(const struct mount_op *op);

/* The child, for process_clone; `graft` is a struct graft. Sends the result; 0 or 1. */
int graft_run(void *graft);
