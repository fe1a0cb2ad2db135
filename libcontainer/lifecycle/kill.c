/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "kernel/cgroup.h"
#include "kernel/process.h"
#include "lifecycle/inspect.h"
#include "lifecycle/lifecycle.h"

#define FREEZE_TIMEOUT_MS 2000

/* Those that are gone already need no signal. */
static int signal_each(int cgroup_fd, int signal, struct error *err)
{
	cleanup_free int *pids = NULL;
	unsigned long n = 0;

	TRY(cgroup_processes(cgroup_fd, &pids, &n, err));
	for (unsigned long i = 0; i < n; i++) {
		cleanup_close int pidfd = process_open(pids[i], err);
		int r = pidfd < 0 ? pidfd : process_signal(pidfd, signal, err);

		if (r < 0 && r != -ESRCH)
			return r;
	}
	return 0;
}

/*
 * Frozen, nobody can fork away from the list, nor end and leave its pid to a stranger. A
 * container that was paused before stays so. What cannot be frozen in time is
 * signalled as it runs.
 */
static int signal_frozen(int cgroup_fd, int signal, struct error *err)
{
	int was_frozen = cgroup_is_frozen(cgroup_fd, err);
	struct error second;
	int r;

	TRY(was_frozen);
	if (was_frozen)
		return signal_each(cgroup_fd, signal, err);
	if (cgroup_freeze(cgroup_fd, true, FREEZE_TIMEOUT_MS, &second) < 0)
		log_debug("signal the cgroup while it runs: %s", second.text);
	r = signal_each(cgroup_fd, signal, err);
	if (cgroup_freeze(cgroup_fd, false, FREEZE_TIMEOUT_MS, &second) < 0 && r == 0) {
		*err = second;
		return error_prefix(err, "thaw after signalling: ");
	}
	return r;
}

/* A cgroup that is gone has no process left. */
static int signal_cgroup(const struct container *c, int signal, struct error *err)
{
	cleanup_close int cgroup_fd = inspect_open_cgroup(c, err);

	if (cgroup_fd == -ENOENT)
		return 0;
	TRY(cgroup_fd);
	return signal == SIGKILL ? cgroup_kill(cgroup_fd, err) :
				   signal_frozen(cgroup_fd, signal, err);
}

static int signal_init(struct lifecycle *l, const struct container *c, int signal,
		       struct error *err)
{
	int r = inspect_verify(l, &c->record, err);

	if (r == 0)
		r = process_signal(c->pidfd, signal, err);
	/* It ended between the look and the signal: say so in the usual words. */
	if (r == -ESRCH && process_has_ended(c->pidfd))
		return status_allows(STATUS_STOPPED, STATUS_OP_KILL, c->record.id, err);
	return r;
}

/*
 * Not locked: a container whose start hangs, or whose delete waits, must still take a
 * signal. The pidfd keeps the target the same.
 */
int kill_container(struct lifecycle *l, const char *id, const char *signal, bool all,
		   struct error *err)
{
	cleanup_container struct container c = { .fd = -1, .pidfd = -1 };
	int number;

	TRY(process_signal_number(signal ? signal : "SIGTERM", &number, err));
	TRY(inspect_open(l, id, false, &c, err));
	if (c.status != STATUS_STOPPED || !all)
		TRY(status_allows(c.status, STATUS_OP_KILL, id, err));
	/* Where init's end does not take the others with it, SIGKILL means all of them. */
	if (number == SIGKILL && c.record.shared_pid_namespace)
		all = true;
	if (all && c.record.cgroup_path)
		return signal_cgroup(&c, number, err);
	return c.pidfd < 0 ? 0 : signal_init(l, &c, number, err);
}

/* Without a cgroup init is all we know of. */
static int init_alone(const struct container *c, pid_t **ret, size_t *ret_n, struct error *err)
{
	pid_t *pids = calloc(1, sizeof *pids);

	if (!pids)
		return error_errno(err, ENOMEM, "list processes");
	if (c->pidfd >= 0)
		pids[0] = (pid_t)c->record.pid.value;
	*ret_n = c->pidfd >= 0;
	*ret = pids;
	return 0;
}

int kill_processes(struct lifecycle *l, const char *id, pid_t **ret, size_t *ret_n,
		   struct error *err)
{
	cleanup_container struct container c = { .fd = -1, .pidfd = -1 };
	cleanup_close int cgroup_fd = -1;
	int *pids = NULL;
	unsigned long n = 0;

	TRY(inspect_open(l, id, false, &c, err));
	if (!c.record.cgroup_path)
		return init_alone(&c, ret, ret_n, err);
	cgroup_fd = inspect_open_cgroup(&c, err);
	if (cgroup_fd < 0 && cgroup_fd != -ENOENT)
		return cgroup_fd;
	if (cgroup_fd >= 0)
		TRY(cgroup_processes(cgroup_fd, &pids, &n, err));
	*ret = pids;
	*ret_n = n;
	return 0;
}
