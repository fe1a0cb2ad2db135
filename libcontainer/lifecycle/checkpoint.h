/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a running container has from outside, seen where it is now. Private to the room.
 */
#pragma once

#include "criu/request.h"
#include "lifecycle/lifecycle.h"

struct checkpoint_view {
	const struct plan *plan;
	int proc_fd, pid;
	int root_fd;	 /* the container's "/" */
	char *mountinfo; /* of its mount namespace */
};

int checkpoint_view_open(const struct container *container, const struct plan *plan, int proc_fd,
			 struct checkpoint_view *ret, struct error *err);
void checkpoint_view_release(struct checkpoint_view *view);
#define cleanup_checkpoint_view __attribute__((__cleanup__(checkpoint_view_release)))

/*
 * Name every bind mount of the container that comes from the host. The container's own processes
 * may have renamed what leads to a mount, so each must be the very file its source is.
 * Errors: EINVAL (it is not, with the place in the config).
 */
int checkpoint_view_mounts(const struct checkpoint_view *view, struct criu_request *request,
			   struct error *err);

/* Does the config mount something else over it, at the very same place? */
bool checkpoint_view_is_covered(const struct mount_plan *mounts, size_t i);

/* Network and pid namespaces that were joined: CRIU leaves their contents alone. */
int checkpoint_view_namespaces(const struct checkpoint_view *view, struct criu_request *request,
			       struct error *err);

/*
 * What 0, 1 and 2 of init are, as a JSON array in descriptors.json's form, which runc and crun
 * read too; those that are files from outside are named in the request.
 */
int checkpoint_view_descriptors(const struct checkpoint_view *view, struct criu_request *request,
				char **ret, struct error *err);
