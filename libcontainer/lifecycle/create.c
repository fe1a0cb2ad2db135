/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/log.h"
#include "init/hooks.h"
#include "kernel/cgroup.h"
#include "kernel/process.h"
#include "lifecycle/document.h"
#include "lifecycle/launch.h"
#include "lifecycle/rdt.h"
#include "lifecycle/restore.h"
#include "state/gate.h"

static int check_terminal(const struct plan *plan, const struct create_options *options,
			  bool foreground, struct error *err)
{
	bool terminal = plan->process.terminal;

	if (terminal && !foreground && !options->console_socket)
		return error_set(err, EINVAL,
				 "process.terminal: cannot allocate a terminal if ctr "
				 "will detach without --console-socket");
	if (options->console_socket && (foreground || !terminal))
		return error_set(err, EINVAL,
				 "--console-socket: cannot be used if ctr will not "
				 "detach or process.terminal is false");
	return 0;
}

static const char *const manager_names[] = {
	[CGROUP_MANAGER_CGROUPFS] = "cgroupfs",
	[CGROUP_MANAGER_SYSTEMD] = "systemd",
	[CGROUP_MANAGER_DISABLED] = "disabled",
};

struct record_texts { /* what a record says that the document does not */
	char boot_id[37], created[CLOCK_TEXT_SIZE];
	char *unit_cgroup; /* where systemd has put its unit; owned */
};

static void release_texts(struct record_texts *texts)
{
	free(texts->unit_cgroup);
}

/* What is about to exist, on disk before it does. Strings are borrowed from the document. */
static int record_intent(const struct document *document, struct launch *launch,
			 struct record_texts *texts, struct error *err)
{
	const struct plan *plan = &document->plan;
	struct store_record *record = launch->record;

	TRY(store_boot_id(texts->boot_id, err));
	clock_now(9, texts->created);
	*record = (struct store_record){
		.oci_version = document->config.oci_version,
		.id = (char *)plan->id,
		.bundle = document->bundle,
		.rootfs = plan->rootfs,
		.created = texts->created,
		.owner = { true, geteuid() },
		.boot_id = texts->boot_id,
		/* A unit's is known when systemd has made it. */
		.cgroup_path = plan->cgroup.unit.name ? NULL : plan->cgroup.path,
		.systemd_unit = plan->cgroup.unit.name,
		.systemd_user = plan->cgroup.unit.user,
		.rdt_group = plan->rdt.own ? (char *)plan->rdt.group : NULL,
		.rdt_monitor = plan->rdt.monitor,
		.cgroup_manager = (char *)manager_names[plan->cgroup.manager],
		.systemd_cgroup = plan->cgroup.manager == CGROUP_MANAGER_SYSTEMD,
		.shared_pid_namespace = !(plan->namespaces.clone & CLONE_NEWPID),
		.has_poststart = plan->hooks && plan->hooks->poststart.n,
	};
	record->annotations.item = document->config.annotations.item;
	record->annotations.n = document->config.annotations.n;
	TRY(store_save(launch->container_fd, record, err));
	return store_save_config(launch->container_fd, document->text, document->len, err);
}

static void describe(const struct document *document, struct launch *launch)
{
	launch->bundle = document->bundle;
	launch->state = (struct spec_state){
		.oci_version = document->config.oci_version,
		.id = (char *)document->plan.id,
		.bundle = document->bundle,
		.rootfs = document->plan.rootfs,
		.created = launch->record->created,
	};
	launch->state.annotations.item = document->config.annotations.item;
	launch->state.annotations.n = document->config.annotations.n;
}

/* What start does, with all at hand. */
static int run_now(const struct document *document, struct launch *launch, struct error *err)
{
	const struct spec_hooks *hooks = document->plan.hooks;
	const struct process_watch watch = { -1, launch->interrupt_fd };
	struct spec_state state = launch->state;
	int r = serve_exec(launch, err);

	TRY(r);
	if (r || !hooks)
		return 0;
	state.status = "running";
	state.pid = (struct optional_int){ true, launch->pid };
	return hooks_run(&(struct hooks_call){ "poststart", &state, document->bundle, &watch },
			 hooks->poststart.item, hooks->poststart.n, err);
}

/* Everything from the first kernel object to a container that waits for start, or runs. */
static int bring_up(const struct document *document, struct launch *launch, struct create_how how,
		    struct error *err)
{
	describe(document, launch);
	TRY(launch_cgroup_make(launch, err));
	TRY(rdt_make(&launch->plan->rdt, launch->record, err));
	if (how.restore)
		return restore_processes(launch, how.restore, err);
	TRY(launch_fds_open(launch, err));
	TRY(launch_filter_build(launch, err));
	if (!how.start) {
		launch->init.gate_fd = gate_create(launch->container_fd, err);
		TRY(launch->init.gate_fd);
	}
	launch->init.dumpable_for_map =
		!launch->l->host.privileged && document->plan.idmap.method != IDMAP_NONE;
	TRY(launch_start(launch, err));
	TRY(serve_init(launch, err));
	return how.start ? run_now(document, launch, err) : 0;
}

static void undo(const struct document *document, struct launch *launch)
{
	struct store_record record = *launch->record;
	struct launch begun = *launch; /* what it was about, without its descriptors */
	struct error err;

	if (launch->pid_file && record.complete)
		unlink(launch->pid_file);
	net_devices_return(&launch->net_devices, launch->l->proc_fd);
	/* Also kills init; and undoing needs a few descriptors, of which there may be no more. */
	launch_release(launch);
	launch->container_fd = begun.container_fd;
	if (delete_objects(launch->l, document->plan.id, &record, &err) < 0)
		log_warning("undo create: %s", err.text);
	/* A container that was begun and is given up has been destroyed: that is the hooks' to know. */
	if (begun.pid > 0)
		delete_poststop(document->plan.hooks, begun.state);
}

static void hand_over(struct launch *launch, struct create_result *ret)
{
	ret->pidfd = steal_fd(&launch->pidfd);
	ret->console_fd = steal_fd(&launch->console_fd);
	for (int i = 0; i < 3; i++)
		ret->stdio[i] = steal_fd(&launch->stdio[i]);
}

/* Somebody else's cgroup must never be on our record. */
static int check_cgroup(struct lifecycle *l, const struct cgroup_plan *plan, struct error *err)
{
	if (!plan->path || cgroup_check_unused(l->host.cgroup_mount, plan->path, err) == 0)
		return 0;
	return error_prefix(err, "linux.cgroupsPath: ");
}

static int create(struct lifecycle *l, const struct document *document,
		  const struct create_options *options, struct create_how how, int interrupt_fd,
		  struct create_result *ret, struct error *err)
{
	__attribute__((__cleanup__(release_texts))) struct record_texts texts = {};
	struct store_record record = {};
	cleanup_launch struct launch launch = launch_new(l, &document->plan);

	launch.record = &record;
	launch.unit_cgroup = &texts.unit_cgroup;
	launch.console_socket = options->console_socket;
	launch.pid_file = options->pid_file;
	launch.pidfd_socket = options->pidfd_socket;
	launch.foreground = how.foreground;
	launch.silent = how.silent;
	launch.interrupt_fd = interrupt_fd;
	launch.container_fd = store_reserve(&l->store, document->plan.id, err);
	TRY(launch.container_fd);
	if (check_cgroup(l, &document->plan.cgroup, err) < 0 ||
	    rdt_check_unused(&document->plan.rdt, err) < 0 ||
	    record_intent(document, &launch, &texts, err) < 0 ||
	    bring_up(document, &launch, how, err) < 0) {
		undo(document, &launch);
		close(launch.container_fd);
		return -err->code;
	}
	hand_over(&launch, ret);
	store_unlock(launch.container_fd);
	close(launch.container_fd);
	return 0;
}

/*
 * From the first object on, a signal that would end us has to wait until the container is complete
 * or undone; then it does what it would have done.
 */
static int hold_signals(sigset_t *ret_before, struct error *err)
{
	sigset_t set;
	int fd;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	sigprocmask(SIG_BLOCK, &set, ret_before);
	fd = signalfd(-1, &set, SFD_CLOEXEC);
	return fd >= 0 ? fd : error_errno(err, errno, "watch for signals");
}

int create_container(struct lifecycle *l, const char *id, const struct create_options *options,
		     struct create_how how, struct create_result *ret, struct error *err)
{
	cleanup_document struct document document = {};
	cleanup_sigchld struct sigaction children;
	int interrupt_fd, r;
	sigset_t before;

	process_keep_children(&children);
	TRY(document_load(l, id, options, &document, err));
	TRY(check_terminal(&document.plan, options, how.foreground, err));
	r = interrupt_fd = hold_signals(&before, err);
	if (r >= 0)
		r = create(l, &document, options, how, interrupt_fd, ret, err);
	sigprocmask(SIG_SETMASK, &before, NULL);
	return r;
}

void create_result_release(struct create_result *result)
{
	cleanup_close_at(&result->pidfd);
	cleanup_close_at(&result->console_fd);
	for (int i = 0; i < 3; i++)
		cleanup_close_at(&result->stdio[i]);
}

int create_plan(struct lifecycle *l, const char *id, const struct create_options *options,
		char **ret, struct error *err)
{
	cleanup_document struct document document = {};

	TRY(document_load(l, id, options, &document, err));
	return plan_print(&document.plan, ret, err);
}
