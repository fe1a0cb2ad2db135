/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>

#include "base/cleanup.h"
#include "kernel/cgroup.h"
#include "lifecycle/inspect.h"
#include "lifecycle/lifecycle.h"

#define FREEZE_TIMEOUT_MS 10000

int pause_container(struct lifecycle *l, const char *id, bool pause, struct error *err)
{
	cleanup_container struct container c = { .fd = -1, .pidfd = -1 };
	cleanup_close int cgroup_fd = -1;
	struct error second;

	TRY(inspect_open(l, id, true, &c, err));
	TRY(status_allows(c.status, pause ? STATUS_OP_PAUSE : STATUS_OP_RESUME, id, err));
	cgroup_fd = inspect_open_cgroup(&c, err);
	if (cgroup_fd == -ENOTSUP)
		return error_set(err, ENOTSUP,
				 "container `%s` has no cgroup of its own: pausing needs one", id);
	TRY(cgroup_fd);
	if (cgroup_freeze(cgroup_fd, pause, FREEZE_TIMEOUT_MS, err) == 0)
		return 0;
	/* Half frozen is neither: what could not be paused in time goes on as it was. */
	if (pause)
		cgroup_freeze(cgroup_fd, false, 0, &second);
	return error_prefix(err, "%s container `%s`: ", pause ? "pause" : "resume", id);
}
