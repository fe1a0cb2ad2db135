/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <linux/close_range.h>
#include <linux/seccomp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/fd.h"
#include "base/log.h"
#include "init/steps.h"
#include "init/sync.h"
#include "kernel/capability.h"
#include "kernel/lsm.h"
#include "kernel/process.h"
#include "kernel/rlimit.h"
#include "state/gate.h"

int confine_descriptors(struct init *init, struct error *err)
{
	int keep[] = { init->sync_fd, init->gate_fd, init->listener_fd, init->proc_fd };

	log_close();
	/* Only what is still needed survives into the waiting container: no directory, no cgroup. */
	TRY(process_close_except(3 + (unsigned)init->plan->preserve_fds, keep,
				 sizeof keep / sizeof *keep, err));
	init->root_fd = init->rootfs_fd = init->slave_fd = init->host_proc_fd = -1;
	init->null_fd = init->time_fd = -1;
	return 0;
}

static int set_labels(struct init *init, struct error *err)
{
	const struct process_plan *process = &init->plan->process;

	if (process->apparmor_profile && *process->apparmor_profile)
		TRY(lsm_set_apparmor_exec(init->proc_fd, process->apparmor_profile, err));
	if (process->selinux_label && *process->selinux_label)
		TRY(lsm_set_selinux_exec(init->proc_fd, process->selinux_label, err));
	return 0;
}

/* With the privilege that we still have, which raising one may need. */
static int set_limits(const struct process_plan *process, struct error *err)
{
	for (size_t i = 0; i < process->limits.n; i++) {
		const struct process_limit *limit = &process->limits.item[i];

		if (rlimit_set(0, limit->resource, spec_config_rlimit_names[limit->resource],
			       &limit->limit, err) < 0)
			return error_prefix(err, "process.rlimits: ");
	}
	return 0;
}

static int no_new_privileges(const struct process_plan *process, struct error *err)
{
	if (process->no_new_privileges && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return error_errno(err, errno, "process.noNewPrivileges");
	return 0;
}

/* The agent gets the listener from us, because nobody of ours is left on the host. */
static int send_listener(struct init *init, int listener, struct error *err)
{
	char *fds[] = { "seccompFd" };
	struct spec_state state = *init->state;
	struct spec_container_process_state message = {
		.oci_version = state.oci_version,
		.fds = { fds, 1 },
		.pid = { true, init->pid },
		.metadata = (char *)init->plan->seccomp.listener_metadata,
		.state = &state,
	};
	cleanup_free char *text = NULL;

	state.status = init->exec ? "running" : "creating";
	if (!init->exec)
		state.pid = (struct optional_int){ true, init->pid };
	TRY(json_encode(&spec_container_process_state_schema, &message, JSON_COMPACT, &text, err));
	if (fd_send(init->listener_fd, text, strlen(text), &listener, 1, err) < 0)
		return error_prefix(err, "linux.seccomp.listenerPath: ");
	return 0;
}

static int load_filter(struct init *init, struct error *err)
{
	const struct seccomp_plan *seccomp = &init->plan->seccomp;
	cleanup_close int listener = -1;
	unsigned flags = seccomp->load_flags;
	int r;

	if (!init->filter)
		return 0;
	if (seccomp->notify)
		flags |= SECCOMP_FILTER_FLAG_NEW_LISTENER;
	r = filter_load(init->filter, flags, err);
	if (r < 0)
		return error_prefix(err, "linux.seccomp: ");
	if (!seccomp->notify)
		return 0;
	listener = r;
	return send_listener(init, listener, err);
}

static int apply_capabilities(const struct process_plan *process, struct error *err)
{
	const struct capability_sets *sets = &process->capabilities;

	if (capability_apply(sets->effective, sets->permitted, sets->inheritable, sets->ambient,
			     err) < 0)
		return error_prefix(err, "process.capabilities: ");
	return 0;
}

static int exec_failed(const char *program, int code, struct error *err)
{
	if (code == ENOENT) /* it was there: its interpreter is not */
		return error_set(err, ENOENT,
				 "exec: \"%.200s\": no such file or directory "
				 "(its interpreter is missing)",
				 program);
	if (code == EACCES)
		return error_set(err, EACCES, "exec: \"%.200s\": permission denied", program);
	return error_errno(err, code, "exec: \"%.200s\"", program);
}

int confine_and_exec(struct init *init, struct error *err)
{
	const struct process_plan *process = &init->plan->process;

	TRY(set_labels(init, err));
	process_reset_signals();
	/* What is left is for us alone; it goes with execve. */
	if (close_range(3 + (unsigned)init->plan->preserve_fds, ~0u, CLOSE_RANGE_CLOEXEC) < 0)
		return error_errno(err, errno, "mark descriptors close-on-exec");
	TRY(set_limits(process, err));
	TRY(no_new_privileges(process, err));
	if (init->start_fd >= 0)
		gate_release(init->start_fd);
	else
		TRY(sync_take_release(init->sync_fd, err));
	/* Without no_new_privs the filter needs CAP_SYS_ADMIN, so it loads before the
	   capabilities go; with it, nothing but execve comes after the filter. */
	if (!process->no_new_privileges)
		TRY(load_filter(init, err));
	TRY(apply_capabilities(process, err));
	if (process->no_new_privileges)
		TRY(load_filter(init, err));
	execve(init->program, process->args.item, process->env.item);
	return exec_failed(process->args.item[0], errno, err);
}
