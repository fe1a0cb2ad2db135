/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "kernel/cgroup.h"
#include "kernel/process.h"
#include "kernel/scheduler.h"
#include "lifecycle/document.h"
#include "lifecycle/exec_process.h"
#include "lifecycle/foreground.h"
#include "lifecycle/inspect.h"
#include "lifecycle/launch.h"

struct execution {
	struct container container;
	struct spec_config config;
	struct exec_process process;
	struct plan plan;
};

static void release(struct execution *e)
{
	plan_release(&e->plan);
	exec_process_release(&e->process);
	json_release(&spec_config_schema, &e->config);
	inspect_release(&e->container);
}

static int check(const struct execution *e, const struct exec_options *options, const char *id,
		 struct error *err)
{
	if (e->container.status != STATUS_PAUSED || !options->ignore_paused)
		TRY(status_allows(e->container.status, STATUS_OP_EXEC, id, err));
	if (e->plan.process.terminal && options->detach && !options->console_socket)
		return error_set(err, EINVAL,
				 "exec: cannot allocate a terminal if ctr will detach "
				 "without --console-socket");
	if (options->console_socket && (!options->detach || !e->plan.process.terminal))
		return error_set(err, EINVAL,
				 "exec: --console-socket cannot be used if ctr will not "
				 "detach or there is no terminal");
	return 0;
}

static int load(struct lifecycle *l, const char *id, const struct exec_options *options,
		struct execution *e, struct error *err)
{
	struct plan_options plan_options = { .id = id,
					     .no_new_keyring = true,
					     .preserve_fds = options->preserve_fds };
	cleanup_free char *text = NULL;
	const struct host *host;
	size_t len;

	TRY(launch_check_preserved(options->preserve_fds, err));
	TRY(inspect_open(l, id, false, &e->container, err));
	if (e->container.pidfd >= 0)
		TRY(inspect_verify(l, &e->container.record, err));
	TRY(store_load_config(e->container.fd, &text, &len, err));
	/* Checked when the container was made, and out of everyone's reach since. */
	TRY(json_decode(&spec_config_schema, text, len, &e->config, err));
	TRY(exec_process_build(&e->config, options, &e->process, err));
	host = lifecycle_host(l, err);
	if (!host)
		return -err->code;
	plan_options.bundle = e->container.record.bundle;
	return plan_build_exec(&e->config, &e->process.process, host, &plan_options, &e->plan, err);
}

/*
 * Where init is now: its first cgroup may be gone, or have children of its own and so take no
 * more processes.
 */
static int open_cgroup_of_init(struct launch *launch, const struct execution *e, struct error *err)
{
	cleanup_free char *path = NULL;

	TRY(cgroup_of_process(lifecycle_proc(launch->l, err), (int)e->container.record.pid.value,
			      &path, err));
	return cgroup_open(launch->l->host.cgroup_mount, path, err);
}

/* "[controllers:]path": v2 has one tree, so controllers say nothing. */
static int open_sub_cgroup(struct launch *launch, const char *text, struct error *err)
{
	const char *path = strchr(text, ':') ? strchr(text, ':') + 1 : text;
	int fd = cgroup_open_child(launch->cgroup_fd, path, false, err);

	if (fd < 0)
		return error_prefix(err, "--cgroup %s: ", text);
	close(launch->cgroup_fd);
	launch->cgroup_fd = fd;
	return 0;
}

static int open_cgroup(struct launch *launch, const struct execution *e, const char *sub,
		       struct error *err)
{
	if (!e->container.record.cgroup_path)
		return sub ? error_set(err, EINVAL, "--cgroup: the container has no cgroup") : 0;
	launch->cgroup_fd =
		cgroup_open(launch->l->host.cgroup_mount, e->container.record.cgroup_path, err);
	if (launch->cgroup_fd == -ENOENT)
		launch->cgroup_fd = open_cgroup_of_init(launch, e, err);
	TRY(launch->cgroup_fd);
	return sub ? open_sub_cgroup(launch, sub, err) : 0;
}

static int start_anywhere(struct launch *launch, const struct execution *e, struct error *err)
{
	int r = launch_start(launch, err);

	if ((r != -EBUSY && r != -ENODEV && r != -ENOENT) || launch->cgroup_fd < 0)
		return r;
	close(steal_fd(&launch->cgroup_fd));
	launch->cgroup_fd = open_cgroup_of_init(launch, e, err);
	TRY(launch->cgroup_fd);
	return launch_start(launch, err);
}

/*
 * execCPUAffinity.initial is about the way into the cgroup: ours for the clone, which is born
 * inside, and then no longer, because our thread is the caller's. `final` is init's to set.
 */
static int start(struct launch *launch, const struct execution *e, struct error *err)
{
	const struct number_set *initial = &e->plan.scheduler.initial_cpus;
	struct number_set before = {};
	struct error second;
	int r;

	if (!initial->n)
		return start_anywhere(launch, e, err);
	TRY(scheduler_get_cpus(&before, err));
	r = scheduler_set_cpus(initial, err);
	if (r < 0)
		error_prefix(err, "process.execCPUAffinity.initial: ");
	else
		r = start_anywhere(launch, e, err);
	if (scheduler_set_cpus(&before, &second) < 0)
		log_warning("restore the CPU affinity: %s", second.text);
	number_set_release(&before);
	return r;
}

static int run(struct lifecycle *l, const struct exec_options *options, struct execution *e,
	       struct error *err)
{
	cleanup_signals struct foreground_signals signals = { 0 };
	cleanup_launch struct launch launch = launch_new(l, &e->plan);
	struct foreground foreground;
	int status = 0;

	launch.init.exec = true;
	launch.console_socket = options->console_socket;
	launch.pid_file = options->pid_file;
	launch.pidfd_socket = options->pidfd_socket;
	launch.foreground = !options->detach;
	launch.bundle = e->container.record.bundle;
	inspect_state(&e->container, &launch.state);
	TRY(open_cgroup(&launch, e, options->cgroup, err));
	TRY(launch_join(&launch, &e->container, err));
	TRY(launch_fds_open(&launch, err));
	TRY(launch_filter_build(&launch, err));
	if (!options->detach)
		TRY(foreground_prepare(&signals, err));
	TRY(start(&launch, e, err));
	TRY(serve_init(&launch, err));
	TRY(serve_exec(&launch, err));
	/* Only now: an exec that has failed leaves none. */
	TRY(serve_pid_file(&launch, err));
	if (options->detach) {
		close(steal_fd(&launch.pidfd));
		return 0;
	}
	foreground = (struct foreground){
		.pidfd = launch.pidfd,
		.console_fd = steal_fd(&launch.console_fd),
		.stdio = { steal_fd(&launch.stdio[0]), steal_fd(&launch.stdio[1]),
			   steal_fd(&launch.stdio[2]) },
	};
	TRY(foreground_wait(&foreground, &status, err));
	close(steal_fd(&launch.pidfd));
	return status;
}

int exec_process(struct lifecycle *l, const char *id, const struct exec_options *options,
		 struct error *err)
{
	__attribute__((__cleanup__(release))) struct execution e = {
		.container = { .fd = -1, .pidfd = -1 },
	};

	TRY(load(l, id, options, &e, err));
	TRY(check(&e, options, id, err));
	return run(l, options, &e, err);
}
