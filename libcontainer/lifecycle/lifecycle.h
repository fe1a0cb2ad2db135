/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The parent: one operation a file. They take a context instead of globals and the
 * library's own option structs; api.c is the only caller.
 */
#pragma once

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "plan/plan.h"
#include "spec/state.h"
#include "state/store.h"

struct lifecycle {
	struct store store;
	const char *root;
	enum cgroup_manager cgroup_manager;
	struct host host; /* probed when first needed: lifecycle_host */
	char cgroup_mount[PATH_MAX]; /* the host's text, if it is none of the usual ones */
	bool host_probed;
	int proc_fd; /* the host's /proc, -1 until needed: lifecycle_proc */
};

const struct host *lifecycle_host(struct lifecycle *l, struct error *err); /* NULL: failed */
int lifecycle_proc(struct lifecycle *l, struct error *err);		   /* the descriptor */

struct create_options {
	const char *bundle, *config, *pid_file, *console_socket, *pidfd_socket;
	int preserve_fds;
	bool no_pivot, no_new_keyring;
};

/*
 * What create leaves open for run: released with create_result_release, which leaves a
 * complete container alone.
 */
struct create_result {
	int pidfd;	 /* init, our child */
	int console_fd;	 /* the terminal's master, when there is one and no console socket */
	int stdio[3];	 /* our ends of pipes that stand in for a caller's terminal; -1: none */
};

struct restore_options {
	const char *image_path, *work_path; /* work_path NULL: the same */
	const char *lsm_profile, *lsm_mount_context;
	int cgroups;	  /* enum criu_cgroups */
	int network_lock; /* enum criu_network_lock; -1: CRIU's own choice */
	bool tcp_established, tcp_close, ext_unix_sk, shell_job, file_locks, auto_dedup, lazy_pages,
		empty_network;
};

/*
 * Make a container. With `foreground` its terminal or the caller's is relayed by whoever holds
 * the result; with `start` its process does not wait for start but runs when this returns, and
 * poststart hooks have been run. With `silent` it has /dev/null for 0, 1 and 2. With `restore`
 * its processes come out of images, and run.
 */
struct create_how {
	bool foreground, start, silent;
	const struct restore_options *restore; /* NULL: a new process */
};
int create_container(struct lifecycle *l, const char *id, const struct create_options *options,
		     struct create_how how, struct create_result *ret, struct error *err);
void create_result_release(struct create_result *result);
int create_plan(struct lifecycle *l, const char *id, const struct create_options *options,
		char **ret, struct error *err);

int start_container(struct lifecycle *l, const char *id, struct error *err);

int run_container(struct lifecycle *l, const char *id, const struct create_options *options,
		  bool detach, bool keep, struct error *err);
/* As run_container, for any way to make it. */
int run_with(struct lifecycle *l, const char *id, const struct create_options *options,
	     struct create_how how, bool keep, struct error *err);
int restore_container(struct lifecycle *l, const char *id, const struct create_options *create,
		      const struct restore_options *options, bool detach, struct error *err);

struct checkpoint_options {
	const char *image_path, *work_path; /* work_path NULL: the same */
	const char *parent_path;	    /* relative to image_path; NULL: none */
	const char *page_server;	    /* "ADDRESS:PORT"; NULL: none */
	int cgroups;			    /* enum criu_cgroups */
	int network_lock;		    /* enum criu_network_lock; -1: CRIU's own choice */
	int status_fd; /* gets a zero byte when lazy pages can be fetched; -1: none */
	bool leave_running, pre_dump, tcp_established, tcp_skip_in_flight, ext_unix_sk, shell_job,
		file_locks, link_remap, auto_dedup, lazy_pages, empty_network;
};
/*
 * Write a running container to images. Then it is gone, unless it was asked to stay; a failure
 * leaves it running.
 */
int checkpoint_container(struct lifecycle *l, const char *id,
			 const struct checkpoint_options *options, struct error *err);

struct exec_options {
	const char *process;
	char *const *args, *const *env, *const *caps;
	const char *cwd, *user, *apparmor, *process_label;
	const uint32_t *additional_gids;
	size_t n_additional_gids;
	int tty;
	bool no_new_privs, detach, ignore_paused;
	const char *pid_file, *console_socket, *pidfd_socket, *cgroup;
	int preserve_fds;
};
int exec_process(struct lifecycle *l, const char *id, const struct exec_options *options,
		 struct error *err);

/*
 * The container as it is now: its record, and its status from the kernel (pid and start
 * time, gate, freezer). inspect.c
 */
struct container {
	int fd; /* its directory */
	struct store_record record;
	enum status status;
	int pidfd; /* init, verified; -1 when stopped */
};
int inspect_open(struct lifecycle *l, const char *id, bool lock, struct container *ret,
		 struct error *err);
void inspect_release(struct container *container);
#define cleanup_container __attribute__((__cleanup__(inspect_release)))

/* The state document of a container; borrowed strings go with `container`. */
int inspect_state_json(const struct container *container, char **ret, struct error *err);
void inspect_state(const struct container *container, struct spec_state *ret);

int kill_container(struct lifecycle *l, const char *id, const char *signal, bool all,
		   struct error *err);
int kill_processes(struct lifecycle *l, const char *id, pid_t **ret, size_t *ret_n,
		   struct error *err);
int delete_container(struct lifecycle *l, const char *id, bool force, struct error *err);
/* Undo everything the record names: processes, cgroup, directory. Absent things are fine. */
int delete_objects(struct lifecycle *l, const char *id, const struct store_record *record,
		   struct error *err);
/* Tell the poststop hooks (NULL: none) that what `state` describes is gone. */
void delete_poststop(const struct spec_hooks *hooks, struct spec_state state);
int pause_container(struct lifecycle *l, const char *id, bool pause, struct error *err);

/* Wait for the end of init; returns its status as a shell has it. Errors: ENOTSUP. wait.c */
int wait_container(struct lifecycle *l, const char *id, struct error *err);

/*
 * What containers use and what befalls them, a line of JSON each (stats.h), for `emit`, whose
 * negative result ends it. With `interval_ms` 0 once each; else again and again, and OOM kills as
 * they happen, until all have ended. events.c
 */
struct events_options {
	const char *const *ids;
	size_t n;
	int64_t interval_ms;
	int (*emit)(void *data, const char *line);
	void *data;
};
int events_containers(struct lifecycle *l, const struct events_options *options, struct error *err);

/*
 * Add mounts to a container that runs, or take them off; `mounts` is an array as in config.json.
 * All or nothing. live_mounts.c
 */
int live_mounts_change(struct lifecycle *l, const char *id, const char *mounts, bool add,
		       struct error *err);

/* Change limits and device rules; `resources` is a linux.resources document. update.c */
int update_container(struct lifecycle *l, const char *id, const char *resources,
		     struct error *err);
