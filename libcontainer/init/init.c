/* SPDX-License-Identifier: Apache-2.0 */
#include "init/init.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/fd.h"
#include "base/log.h"
#include "init/hooks.h"
#include "init/steps.h"
#include "init/sync.h"
#include "kernel/keyring.h"
#include "kernel/memory_policy.h"
#include "kernel/mount.h"
#include "kernel/namespace.h"
#include "kernel/process.h"
#include "kernel/procfs.h"
#include "kernel/scheduler.h"
#include "state/gate.h"

struct init init_new(const struct plan *plan)
{
	return (struct init){
		.plan = plan,
		.sync_fd = -1,
		.gate_fd = -1,
		.rootfs_fd = -1,
		.null_fd = -1,
		.host_proc_fd = -1,
		.time_fd = -1,
		.late_fd = -1,
		.listener_fd = -1,
		.root_fd = -1,
		.slave_fd = -1,
		.proc_fd = -1,
		.start_fd = -1,
		.stdio = { -1, -1, -1 },
	};
}

int init_proc(struct init *init, struct error *err)
{
	if (init->proc_fd < 0)
		init->proc_fd = mount_private_procfs(err);
	return init->proc_fd;
}

static struct spec_state state_as(const struct init *init, const char *status)
{
	struct spec_state state = *init->state;

	state.status = (char *)status;
	state.pid = (struct optional_int){ true, init->pid };
	return state;
}

/* The caller's limit is not the container's; the hard limit leaves it the choice. */
static int drop_core_limit(struct error *err)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_CORE, &limit) < 0)
		return error_errno(err, errno, "read the limit of core files");
	limit.rlim_cur = 0;
	if (setrlimit(RLIMIT_CORE, &limit) < 0)
		return error_errno(err, errno, "limit core files");
	return 0;
}

/* The signal that we get when our maker dies; 0: none. */
static int set_death_signal(int signal, struct error *err)
{
	if (prctl(PR_SET_PDEATHSIG, signal, 0, 0, 0) < 0)
		return error_errno(err, errno, "set the parent death signal");
	return 0;
}

static int step_born(struct init *init, struct error *err)
{
	int64_t pid;

	/* Until it is complete, a container does not outlive its maker. */
	TRY(set_death_signal(SIGKILL, err));
	/* 0 keeps others away from our memory and descriptors; an unprivileged parent must still
	   be able to write our id map, and is then the only other process that could see us. */
	TRY(process_set_dumpable(init->dumpable_for_map, err));
	umask(0);
	TRY(drop_core_limit(err));
	TRY(sync_ask(init->sync_fd, PHASE_BORN, -1, &pid, err));
	TRY(process_set_dumpable(0, err));
	init->pid = (int)pid;
	return 0;
}

static int step_keyring(struct init *init, struct error *err)
{
	return init->plan->new_keyring ? keyring_join_new(init->plan->id, err) : 0;
}

/* Here and not by the clone: it takes the cgroup that we are in as its root. */
static int step_cgroup_namespace(struct init *init, struct error *err)
{
	if (init->late_fd >= 0 && setns(init->late_fd, (int)init->plan->namespaces.late) < 0)
		return error_errno(err, errno, "enter the cgroup namespace");
	if (!(init->plan->namespaces.unshare & CLONE_NEWCGROUP))
		return 0;
	return namespace_unshare(CLONE_NEWCGROUP, err);
}

static int step_time_namespace(struct init *init, struct error *err)
{
	const struct namespace_plan *n = &init->plan->namespaces;
	const struct namespace_time offsets = { n->monotonic_secs, n->monotonic_nanosecs,
						n->boottime_secs, n->boottime_nanosecs };
	int r;

	if (init->time_fd >= 0 && setns(init->time_fd, CLONE_NEWTIME) < 0)
		return error_errno(err, errno, "enter the time namespace");
	if (!(n->unshare & CLONE_NEWTIME))
		return 0;
	/* In a user namespace our own proc files are not ours while we are non-dumpable. */
	TRY(process_set_dumpable(!!(n->present & CLONE_NEWUSER), err));
	r = namespace_enter_new_time(init->host_proc_fd, init->pid,
				     n->time_offsets ? &offsets : NULL, err);
	if (r < 0)
		return error_prefix(err, "linux.timeOffsets: ");
	return process_set_dumpable(0, err);
}

static int step_network(struct init *init, struct error *err)
{
	return init->plan->namespaces.loopback_up ? namespace_loopback_up(err) : 0;
}

static int step_mounts(struct init *init, struct error *err)
{
	return mounts_apply(init, 0, init->plan->mounts.n_early, err);
}

/* The parent moves them, because they are the host's. */
static int step_net_devices(struct init *init, struct error *err)
{
	cleanup_close int ns_fd = -1;
	char path[32];

	if (!init->plan->namespaces.net_devices.n)
		return 0;
	snprintf(path, sizeof path, "%d/ns/net", init->pid);
	ns_fd = openat(init->host_proc_fd, path, O_RDONLY | O_CLOEXEC);
	if (ns_fd < 0)
		return error_errno(err, errno, "open /proc/%s", path);
	return sync_ask(init->sync_fd, PHASE_NET_DEVICES, ns_fd, NULL, err);
}

static int step_runtime_hooks(struct init *init, struct error *err)
{
	const struct spec_hooks *hooks = init->plan->hooks;

	if (!hooks || (!hooks->prestart.n && !hooks->create_runtime.n))
		return 0;
	return sync_ask(init->sync_fd, PHASE_RUNTIME_HOOKS, -1, NULL, err);
}

/* Their paths are the host's, which is still below us. */
static int step_create_hooks(struct init *init, struct error *err)
{
	const struct spec_hooks *hooks = init->plan->hooks;
	const struct spec_state state = state_as(init, "creating");

	if (!hooks)
		return 0;
	return hooks_run(
		&(struct hooks_call){ "createContainer", &state, init->state->bundle, NULL },
		hooks->create_container.item, hooks->create_container.n, err);
}

static int step_late_mounts(struct init *init, struct error *err)
{
	return mounts_apply(init, init->plan->mounts.n_early, init->plan->mounts.ops.n, err);
}

static int step_sysctl(struct init *init, struct error *err)
{
	const struct sysctl_plan *plan = &init->plan->sysctls;

	for (size_t i = 0; i < plan->writes.n; i++) {
		cleanup_str struct str path = {};
		cleanup_free char *text = NULL;

		TRY(init_proc(init, err));
		str_addf(&path, "sys/%s", plan->writes.item[i].path);
		TRY(str_steal(&path, &text, err));
		if (procfs_write(init->proc_fd, text, plan->writes.item[i].value, err) < 0)
			return error_prefix(err, "%s: ", plan->writes.item[i].from);
	}
	return 0;
}

static int step_names(struct init *init, struct error *err)
{
	if (init->plan->hostname)
		TRY(namespace_set_hostname(init->plan->hostname, err));
	if (init->plan->domainname)
		TRY(namespace_set_domainname(init->plan->domainname, err));
	return 0;
}

/* Labels are set at the very end, when no procfs can be mounted any more. */
static int step_label_procfs(struct init *init, struct error *err)
{
	const struct process_plan *process = &init->plan->process;

	if ((!process->apparmor_profile || !*process->apparmor_profile) &&
	    (!process->selinux_label || !*process->selinux_label))
		return 0;
	TRY(init_proc(init, err));
	return 0;
}

/* Both are within what the cgroup has, and we have been in it from birth. */
static int step_cpus_and_memory(struct init *init, struct error *err)
{
	const struct scheduler_plan *plan = &init->plan->scheduler;

	if (plan->cpus.n && scheduler_set_cpus(&plan->cpus, err) < 0)
		return error_prefix(err, "process.execCPUAffinity.final: ");
	if (plan->all_cpus)
		TRY(scheduler_set_all_cpus(err));
	if (plan->memory_present &&
	    memory_policy_set(plan->memory_mode, &plan->memory_nodes, err) < 0)
		return error_prefix(err, "linux.memoryPolicy: ");
	return 0;
}

static int step_created(struct init *init, struct error *err)
{
	/* Our maker goes now, and that is well. */
	TRY(set_death_signal(0, err));
	return sync_ask(init->sync_fd, PHASE_CREATED, -1, NULL, err);
}

/* run goes straight on: its parent is still there. */
static int step_gate(struct init *init, struct error *err)
{
	if (init->gate_fd >= 0) {
		close(steal_fd(&init->sync_fd));
		init->start_fd = gate_wait(init->gate_fd, err);
		/* The gate stays open until execve: so long the container is created, not running. */
		TRY(init->start_fd);
	}
	if (!init->plan->process.present)
		return error_set(err, EINVAL, "process: is required to start a container");
	return 0;
}

static int step_start_hooks(struct init *init, struct error *err)
{
	const struct spec_hooks *hooks = init->plan->hooks;
	const struct spec_state state = state_as(init, "created");

	if (!hooks)
		return 0;
	return hooks_run(&(struct hooks_call){ "startContainer", &state, NULL, NULL },
			 hooks->start_container.item, hooks->start_container.n, err);
}

/* Where no mount operation has opened it. */
static int step_terminal(struct init *init, struct error *err)
{
	return init->plan->process.terminal && init->slave_fd < 0 ? terminal_open(init, err) : 0;
}

enum { CREATE = 1, EXEC = 2, PROCESS = 4, BOTH = CREATE | EXEC };

/* clang-format off */
static const struct {
	const char *name;
	int (*run)(struct init *init, struct error *err);
	int when; /* PROCESS: only when there is one to execute */
} steps[] = {
	{ "born",              step_born,                     BOTH },
	{ "user namespace",    identity_enter_user_namespace, BOTH },
	{ "keyring",           step_keyring,                  BOTH },
	{ "cgroup namespace",  step_cgroup_namespace,         BOTH },
	{ "time namespace",    step_time_namespace,           BOTH },
	{ "network",           step_network,                  CREATE },
	{ "root",              root_attach,                   CREATE },
	{ "root",              root_enter,                    EXEC },
	{ "mounts",            step_mounts,                   CREATE },
	/* So late, because what fails after it has to take them back. */
	{ "net devices",       step_net_devices,              CREATE },
	{ "runtime hooks",     step_runtime_hooks,            CREATE },
	{ "createContainer",   step_create_hooks,             CREATE },
	{ "pivot",             root_pivot,                    CREATE },
	/* After the hooks, which may still write to the root. */
	{ "late mounts",       step_late_mounts,              CREATE },
	/* On a procfs of our own, so readonlyPaths do not matter. */
	{ "sysctl",            step_sysctl,                   CREATE },
	{ "names",             step_names,                    CREATE },
	{ "terminal",          step_terminal,                 BOTH },
	{ "standard descriptors", terminal_set_up,            BOTH },
	{ "label",             step_label_procfs,             BOTH | PROCESS },
	{ "cpus and memory",   step_cpus_and_memory,          BOTH | PROCESS },
	{ "identity",          identity_become,               BOTH | PROCESS },
	/* As the process itself: a directory may be closed to root. */
	{ "cwd",               program_enter_cwd,             BOTH | PROCESS },
	{ "program",           program_find,                  BOTH | PROCESS },
	{ "descriptors",       confine_descriptors,           BOTH },
	{ "created",           step_created,                  BOTH },
	{ "start",             step_gate,                     CREATE },
	{ "startContainer",    step_start_hooks,              CREATE },
	{ "exec",              confine_and_exec,              BOTH },
};
/* clang-format on */

static int run_steps(struct init *init, struct error *err)
{
	int kind = init->exec ? EXEC : CREATE;

	for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
		if (!(steps[i].when & kind) ||
		    (steps[i].when & PROCESS && !init->plan->process.present))
			continue;
		log_debug("init: %s", steps[i].name);
		TRY(steps[i].run(init, err));
	}
	return 0;
}

int init_run(void *argument)
{
	struct init *init = argument;
	struct error err = {};

	run_steps(init, &err);
	if (init->start_fd >= 0)
		gate_fail(init->start_fd, &err);
	else
		sync_fail(init->sync_fd, &err);
	return 1;
}
