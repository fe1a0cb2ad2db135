/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The child, from clone to execve: a table of steps, run top to bottom. It knows the
 * plan and a few descriptors, never the config's document or the state directory.
 */
#pragma once

#include "kernel/filter.h"
#include "plan/plan.h"
#include "spec/state.h"

struct init {
	/* What the parent prepares. */
	const struct plan *plan;
	bool exec;	  /* one more process in a container, not its first */
	int sync_fd;	  /* to the parent */
	int gate_fd;	  /* where a created container waits; -1: does not wait */
	int rootfs_fd;	  /* detached tree of the rootfs, -1: init clones plan->rootfs itself; for
			     exec the container's root directory */
	int *source_fds;  /* one per plan->mounts.ops, detached trees; -1: init opens the source
			     itself when its turn comes */
	int *attached_fds; /* one per plan->mounts.ops: what has been attached, kept open for the way
			      back; NULL: not wanted */
	int null_fd;	  /* detached mount of the host's /dev/null, for masks; -1: init clones it */
	int host_proc_fd; /* the host's /proc */
	int time_fd;	  /* the time namespace to enter; -1: none */
	int late_fd;	  /* what plan->namespaces.late is entered by; -1: nothing is */
	int listener_fd;  /* connected to seccomp's listenerPath; -1: none */
	int stdio[3];	  /* to become 0, 1, 2; -1: keep */
	bool dumpable_for_map; /* an unprivileged parent writes our id map */
	const struct filter_program *filter; /* NULL: none */
	const struct spec_state *state;	     /* for hooks and the seccomp agent; pid is filled in */

	/* What the steps hand on to each other. */
	int pid;       /* on the host */
	int root_fd;   /* the container's root once it is mounted */
	int slave_fd;  /* the terminal */
	int proc_fd;   /* a private procfs, when a step needs one */
	int start_fd;  /* the connection to start, once the gate is open */
	char *program; /* the executable's path inside the container */
};

/* An init with every descriptor absent. */
struct init init_new(const struct plan *plan);

/*
 * Run every step; returns only on failure, which has been told to the parent or to start.
 * The result is an exit status. `init` is a struct init.
 */
int init_run(void *init);
