/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/fd.h"
#include "base/file.h"
#include "base/log.h"
#include "init/hooks.h"
#include "init/sync.h"
#include "kernel/idmap.h"
#include "kernel/process_look.h"
#include "kernel/pty.h"
#include "kernel/rlimit.h"
#include "kernel/scheduler.h"
#include "lifecycle/foreground.h"
#include "lifecycle/launch.h"
#include "lifecycle/rdt.h"

static int write_id_map(struct launch *launch, struct error *err)
{
	const struct idmap_plan *idmap = &launch->plan->idmap;
	cleanup_free char *uids = NULL;
	cleanup_free char *gids = NULL;

	if (launch->init.exec || idmap->method == IDMAP_NONE)
		return 0;
	TRY(idmap_plan_text(&idmap->uids, &uids, err));
	TRY(idmap_plan_text(&idmap->gids, &gids, err));
	if (idmap->method == IDMAP_HELPER)
		return idmap_write_with_helper(launch->pid, uids, gids, err);
	return idmap_write(launch->l->proc_fd, launch->pid, uids, gids, idmap->deny_setgroups, err);
}

/*
 * What init cannot do for itself: its privilege ends at its user namespace. It sets its limits at
 * the very end, so as not to run into them.
 */
static int lift_limits(struct launch *launch, struct error *err)
{
	const struct process_plan *process = &launch->plan->process;

	if (!(launch->plan->namespaces.present & CLONE_NEWUSER))
		return 0;
	for (size_t i = 0; i < process->limits.n; i++) {
		const struct process_limit *limit = &process->limits.item[i];

		if (rlimit_lift(launch->pid, limit->resource,
				spec_config_rlimit_names[limit->resource], limit->limit.rlim_max,
				err) < 0)
			return error_prefix(err, "process.rlimits: ");
	}
	return 0;
}

static int set_oom_score(struct launch *launch, struct error *err)
{
	const struct process_plan *process = &launch->plan->process;

	if (!process->oom_score_adj_set ||
	    rlimit_set_oom_score(launch->l->proc_fd, launch->pid, process->oom_score_adj, err) == 0)
		return 0;
	return error_prefix(err, "process.oomScoreAdj: ");
}

int serve_birth(struct launch *launch, struct error *err)
{
	struct store_record *record = launch->record;

	TRY(process_start_time(launch->pid, &record->start_time.value, err));
	record->start_time.set = true;
	record->pid = (struct optional_int){ true, launch->pid };
	return store_save(launch->container_fd, record, err);
}

static int serve_born(struct launch *launch, int *fd, struct error *err)
{
	(void)fd;
	if (launch->record)
		TRY(serve_birth(launch, err));
	TRY(launch_cgroup_enter(launch, err));
	TRY(rdt_add_process(&launch->plan->rdt, launch->pid, err));
	TRY(set_oom_score(launch, err));
	TRY(lift_limits(launch, err));
	if (write_id_map(launch, err) < 0)
		return error_prefix(err, "linux.uidMappings and gidMappings: ");
	return 0;
}

static int serve_net_devices(struct launch *launch, int *fd, struct error *err)
{
	if (*fd < 0)
		return error_set(err, EPROTO, "init sent no network namespace");
	return net_devices_move(&launch->net_devices, launch->l->proc_fd, fd, err);
}

int serve_runtime_hooks(struct launch *launch, int *fd, struct error *err)
{
	const struct spec_hooks *hooks = launch->plan->hooks;
	struct spec_state state = launch->state;
	const struct process_watch watch = { launch->pidfd, launch->interrupt_fd };

	(void)fd;
	state.status = "creating";
	state.pid = (struct optional_int){ true, launch->pid };
	TRY(hooks_run(&(struct hooks_call){ "prestart", &state, launch->bundle, &watch },
		      hooks->prestart.item, hooks->prestart.n, err));
	return hooks_run(&(struct hooks_call){ "createRuntime", &state, launch->bundle, &watch },
			 hooks->create_runtime.item, hooks->create_runtime.n, err);
}

/* One message with the descriptor and a word, as console and pidfd sockets expect. */
static int send_to(const char *path, const char *word, int fd, struct error *err)
{
	cleanup_close int socket = fd_connect(SOCK_STREAM, path, 5000, err);

	TRY(socket);
	return fd_send(socket, word, strlen(word), &fd, 1, err);
}

int serve_console(struct launch *launch, int *fd, struct error *err)
{
	char name[PTY_NAME_SIZE];

	if (*fd < 0)
		return error_set(err, EPROTO, "init sent no terminal");
	if (!launch->console_socket) {
		launch->console_fd = steal_fd(fd);
		foreground_pass_size(launch->console_fd);
		return 0;
	}
	if (pty_name(*fd, name, err) < 0 || send_to(launch->console_socket, name, *fd, err) < 0)
		return error_prefix(err, "--console-socket: ");
	return 0;
}

int serve_pid_file(struct launch *launch, struct error *err)
{
	char text[16];

	if (!launch->pid_file)
		return 0;
	snprintf(text, sizeof text, "%d", launch->pid);
	if (file_replace(AT_FDCWD, launch->pid_file, text, strlen(text), 0644, err) < 0)
		return error_prefix(err, "--pid-file: ");
	return 0;
}

/*
 * We and not init, because CAP_SYS_NICE counts in the initial user namespace. Last, so that
 * neither the setup nor the runtime's hooks are slow, urgent or unable to fork (SCHED_DEADLINE);
 * what follows is init's waiting for start.
 */
static int set_scheduler(struct launch *launch, struct error *err)
{
	const struct scheduler_plan *plan = &launch->plan->scheduler;
	const struct scheduler_setting setting = {
		.policy = plan->policy,
		.flags = plan->flags,
		.nice = plan->nice,
		.priority = plan->priority,
		.runtime = plan->runtime,
		.deadline = plan->deadline,
		.period = plan->period,
	};

	if (plan->present && scheduler_set(launch->pid, &setting, err) < 0)
		return error_prefix(err, "process.scheduler: ");
	/* It leads a group of its own by now. */
	if (plan->io_present && scheduler_set_io_priority(launch->pid, plan->io_priority, err) < 0)
		return error_prefix(err, "process.ioPriority: ");
	return 0;
}

int serve_created(struct launch *launch, int *fd, struct error *err)
{
	(void)fd;
	TRY(set_scheduler(launch, err));
	if (launch->pidfd_socket &&
	    send_to(launch->pidfd_socket, launch->record ? "standard" : "setns", launch->pidfd,
		    err) < 0)
		return error_prefix(err, "--pidfd-socket: ");
	if (launch->record) {
		launch->record->complete = true;
		TRY(store_save(launch->container_fd, launch->record, err));
		/* Last: its appearance says that everything else is there. */
		return serve_pid_file(launch, err);
	}
	return 0;
}

static int serve_idmap(struct launch *launch, int *fd, struct error *err)
{
	if (*fd < 0)
		return error_set(err, EPROTO, "init sent no mount");
	return launch_idmaps_set_next(launch, *fd, err);
}

static bool asks_for_idmaps(const struct mount_plan *mounts)
{
	for (size_t i = 0; mounts->idmaps.n && i < mounts->n_early; i++)
		if (mount_plan_idmap_is_asked(&mounts->ops.item[i]))
			return true;
	return false;
}

static int (*const servers[PHASE_COUNT])(struct launch *, int *fd, struct error *) = {
	[PHASE_BORN] = serve_born,
	[PHASE_IDMAP] = serve_idmap,
	[PHASE_NET_DEVICES] = serve_net_devices,
	[PHASE_RUNTIME_HOOKS] = serve_runtime_hooks,
	[PHASE_CONSOLE] = serve_console,
	[PHASE_CREATED] = serve_created,
};

static unsigned needed_phases(const struct launch *launch)
{
	const struct spec_hooks *hooks = launch->plan->hooks;
	unsigned needed = 1u << PHASE_BORN | 1u << PHASE_CREATED;

	if (launch->record && launch->plan->namespaces.net_devices.n)
		needed |= 1u << PHASE_NET_DEVICES;
	if (launch->record && hooks && (hooks->prestart.n || hooks->create_runtime.n))
		needed |= 1u << PHASE_RUNTIME_HOOKS;
	if (asks_for_idmaps(&launch->plan->mounts))
		needed |= 1u << PHASE_IDMAP;
	if (launch->plan->process.terminal)
		needed |= 1u << PHASE_CONSOLE;
	return needed;
}

/* Why init went without a word. */
static int init_died(struct launch *launch, struct error *err)
{
	struct error ignored;
	int status;

	if (process_wait(launch->pidfd, 1000, &status, &ignored) < 0)
		return error_set(err, EIO, "init closed its connection");
	close(steal_fd(&launch->pidfd));
	if (status == 128 + SIGKILL)
		return error_set(err, EIO,
				 "init was killed (out of memory? the memory limit may be "
				 "too low)");
	if (status > 128)
		return error_set(err, EIO, "init was ended by signal %d (%s)", status - 128,
				 strsignal(status - 128));
	return error_set(err, EIO, "init ended with status %d", status);
}

static int serve_one(struct launch *launch, struct phase_sequence *sequence, struct error *err)
{
	cleanup_close int fd = -1;
	struct sync_message message;
	struct error ignored;
	int r = sync_receive(launch->sync_fd, launch->interrupt_fd, -1, &message, &fd, err);

	TRY(r);
	if (r == 0)
		return init_died(launch, err);
	TRY(phase_accept(sequence, message.phase, err));
	if (servers[message.phase](launch, &fd, err) < 0) {
		sync_answer(launch->sync_fd, (enum phase)message.phase, err, 0, &ignored);
		return -err->code;
	}
	return sync_answer(launch->sync_fd, (enum phase)message.phase, NULL, launch->pid, err);
}

int serve_init(struct launch *launch, struct error *err)
{
	struct phase_sequence sequence = { .needed = needed_phases(launch), .last = -1 };

	while (sequence.last != PHASE_CREATED)
		TRY(serve_one(launch, &sequence, err));
	return 0;
}

int serve_exec(struct launch *launch, struct error *err)
{
	int proc_fd = lifecycle_proc(launch->l, err);
	int status;

	TRY(proc_fd);
	TRY(sync_release(launch->sync_fd, err));
	TRY(sync_wait_exec(launch->sync_fd, launch->interrupt_fd, err));
	if (process_look_executed(proc_fd, launch->pid, launch->pidfd, &status, err) == 0)
		return 0;
	if (!launch->foreground || status < 128)
		return -err->code;
	log_warning("%s", err->text);
	return 1;
}
