/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>

#include "lifecycle/launch.h"

int launch_join(struct launch *launch, const struct container *container, struct error *err)
{
	uint64_t present = launch->plan->namespaces.present;
	int proc_fd = lifecycle_proc(launch->l, err);
	char path[32];

	TRY(proc_fd);
	launch->joins[0].fd = fcntl(container->pidfd, F_DUPFD_CLOEXEC, 3);
	launch->joins[0].types = present & ~(CLONE_NEWTIME | launch->plan->namespaces.late);
	launch->n_joins = 1;
	if (launch->plan->namespaces.late)
		launch->init.late_fd = fcntl(container->pidfd, F_DUPFD_CLOEXEC, 3);
	if (present & CLONE_NEWTIME)
		launch->init.time_fd = fcntl(container->pidfd, F_DUPFD_CLOEXEC, 3);
	snprintf(path, sizeof path, "%d/root", (int)container->record.pid.value);
	launch->init.rootfs_fd = openat(proc_fd, path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (launch->joins[0].fd < 0 || launch->init.rootfs_fd < 0)
		return error_errno(err, errno, "open the container");
	/* The path went by number: it was init's if init is still there. */
	if (process_has_ended(container->pidfd))
		return error_set(err, ESRCH, "cannot enter a stopped container");
	return 0;
}
