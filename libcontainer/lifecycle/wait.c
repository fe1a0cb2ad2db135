/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The exit status of a container whose init is not our child. There is no daemon that would know
 * it afterwards: the kernel is asked, by whoever waits when it ends.
 */
#include <errno.h>

#include "base/cleanup.h"
#include "kernel/process.h"
#include "kernel/process_status.h"
#include "lifecycle/inspect.h"
#include "lifecycle/lifecycle.h"

/* Init, also when it has ended and waits for its parent. */
static int open_init(struct lifecycle *l, struct container *c, struct error *err)
{
	const struct store_record *record = &c->record;
	int fd = -ESRCH, r;

	if (c->pidfd >= 0)
		return steal_fd(&c->pidfd);
	r = store_is_this_boot(&l->store, record->boot_id, err);
	TRY(r);
	if (r && record->pid.set && record->start_time.set)
		fd = process_open_started((pid_t)record->pid.value, record->start_time.value, err);
	if (fd != -ESRCH)
		return fd;
	return error_set(err, STATUS_REFUSED,
			 "it has ended: its exit status is gone (wait before the end)");
}

int wait_container(struct lifecycle *l, const char *id, struct error *err)
{
	cleanup_container struct container c = { .fd = -1, .pidfd = -1 };
	cleanup_close int pidfd = -1;
	int status = 0;

	TRY(inspect_open(l, id, false, &c, err));
	if (c.pidfd >= 0)
		TRY(inspect_verify(l, &c.record, err));
	pidfd = open_init(l, &c, err);
	if (pidfd < 0 || process_status_wait(pidfd, (pid_t)c.record.pid.value,
					     c.record.start_time.value, &status, err) < 0)
		return error_prefix(err, "wait for container `%s`: ", id);
	return status;
}
