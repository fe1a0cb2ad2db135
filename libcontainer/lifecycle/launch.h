/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Making a process in a container and serving it until it is ready: what create and exec
 * have in common. Private to the room.
 */
#pragma once

#include "init/init.h"
#include "kernel/process.h"
#include "lifecycle/lifecycle.h"
#include "lifecycle/net_devices.h"

enum { LAUNCH_JOINS_MAX = 8 };

struct launch {
	/* Given by create and exec. */
	struct lifecycle *l;
	const struct plan *plan;
	const char *bundle;
	struct spec_state state; /* borrowed strings */
	const char *console_socket, *pid_file, *pidfd_socket;
	bool foreground;
	bool silent; /* its 0, 1 and 2 are /dev/null, not the caller's */
	int interrupt_fd; /* readable when the caller is to give up; -1: never */
	int cgroup_fd;
	struct process_join joins[LAUNCH_JOINS_MAX];
	size_t n_joins;
	struct init init;
	/* create: what is recorded when init is born and when it is complete; NULL for exec */
	struct store_record *record;
	char **unit_cgroup; /* create: for the record, where systemd has put the unit */
	int container_fd;

	/* What comes out; the caller's. */
	int pidfd;
	pid_t pid;
	int console_fd; /* the terminal's master, when nobody else has it */
	int stdio[3];	/* our ends of pipes for 0, 1, 2 */

	int sync_fd;
	int *idmap_fds;	   /* one per plan->mounts.idmaps, user namespaces; NULL: there are none */
	size_t next_idmap; /* the first operation whose map may still be asked for */
	struct filter_program filter;
	struct net_devices net_devices;
};

struct launch launch_new(struct lifecycle *l, const struct plan *plan);

/* Close and free everything; a process that is not complete is killed. */
void launch_release(struct launch *launch);
#define cleanup_launch __attribute__((__cleanup__(launch_release)))

/* Are the `n` descriptors from 3 on there, and the caller's? Errors: EBADF. (launch_fds.c) */
int launch_check_preserved(int n, struct error *err);

/*
 * A user namespace for each id map of the mounts; put on the tree of an operation that has a map;
 * on that of the next operation whose tree is init's. (launch_idmaps.c)
 */
int launch_idmaps_open(struct launch *launch, struct error *err);
int launch_idmaps_set(const struct launch *launch, const struct mount_op *op, int tree,
		      struct error *err);
int launch_idmaps_set_next(struct launch *launch, int tree, struct error *err);

/* The overlay of the plan's layers, detached. Returns its descriptor (launch_rootfs.c). */
int launch_rootfs_open(struct launch *launch, struct error *err);

/*
 * Make the cgroup and write its files, before init is; and where systemd makes it around init, when
 * that is born. (launch_cgroup.c)
 */
int launch_cgroup_make(struct launch *launch, struct error *err);
int launch_cgroup_enter(struct launch *launch, struct error *err);

/* The host's side of the plan's mounts, as detached trees in init.source_fds (launch_fds.c). */
int launch_sources_open(struct launch *launch, struct error *err);

/*
 * For one more process in a container: its namespaces and its root directory.
 * Errors: ESRCH (it has ended). (launch_join.c)
 */
int launch_join(struct launch *launch, const struct container *container, struct error *err);

/* The descriptors that init takes along (launch_fds.c). */
int launch_fds_open(struct launch *launch, struct error *err);

/* Build the system call filter, from the cache if it is there (launch_filter.c). */
int launch_filter_build(struct launch *launch, struct error *err);

/* Clone init. From here on a failure means killing it. */
int launch_start(struct launch *launch, struct error *err);

/* Serve init's requests until it is created (serve.c). */
int serve_init(struct launch *launch, struct error *err);

/*
 * Without a gate: wait until execve has happened; init's failure is the error. 1: a signal has ended
 * it at execve, and who stays in the foreground has that for its status.
 */
int serve_exec(struct launch *launch, struct error *err);

/*
 * What is done when init asks, for a restore, where CRIU does: who init is goes on record, before
 * it may do anything; prestart and createRuntime hooks; the terminal `*fd` is kept or sent on; the
 * container is complete.
 */
int serve_birth(struct launch *launch, struct error *err);
int serve_runtime_hooks(struct launch *launch, int *fd, struct error *err);
int serve_console(struct launch *launch, int *fd, struct error *err);
int serve_created(struct launch *launch, int *fd, struct error *err);

/* Write the pid file, if one is asked for. */
int serve_pid_file(struct launch *launch, struct error *err);
