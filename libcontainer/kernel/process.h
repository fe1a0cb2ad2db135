/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Making, watching and ending processes by pidfd (clone3(2), pidfd_open(2),
 * pidfd_send_signal(2), prctl(2)).
 */
#pragma once

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/error.h"

/*
 * Namespaces to enter before the new process is made: `fd` is an nsfs file or a pidfd. Not a time
 * namespace: only a process that shares memory with no other may enter one.
 */
struct process_join {
	int fd;
	uint64_t types; /* CLONE_NEW* without CLONE_NEWTIME */
};

struct process_clone {
	uint64_t flags; /* CLONE_NEW* of new namespaces */
	int cgroup_fd;	/* born inside (CLONE_INTO_CGROUP); -1: the caller's */
	const struct process_join *joins;
	size_t n_joins;
	bool drop_groups; /* with joins: before the user namespace, which may deny it later */
	const int *keep;  /* with joins: all that the child has open besides 0, 1 and 2, sorted out
			     before others in its pid namespace can look; -1 entries are skipped */
	size_t n_keep;
	int (*run)(void *argument); /* the child: its result is the exit status */
	void *argument;
};

/*
 * Make a child that is a copy of the caller and runs `run`. With joins a short-lived
 * helper that shares the caller's memory enters them and makes the child on the
 * caller's behalf (CLONE_PARENT), so the caller's own namespaces and descriptors never change. The
 * user namespace is entered last, then what was refused before is tried again.
 * `*ret_pid` is the child in the caller's pid namespace. Returns the pidfd, which
 * the caller owns. Errors: as clone3(2) and setns(2).
 */
int process_clone(const struct process_clone *clone, pid_t *ret_pid, struct error *err);

/*
 * Call `run` in a short-lived helper that shares our memory, and with `flags` more (CLONE_FILES) or
 * less (CLONE_NEW*): what it changes of itself beside that, ids, working directory, namespaces, is
 * its own. We sleep until it is gone. Errors: as clone(2); what `run` returns is not looked at.
 */
int process_call(uint64_t flags, int (*run)(void *), void *argument, struct error *err);

/* pidfd_open(2). Returns the pidfd. Errors: ESRCH. */
int process_open(pid_t pid, struct error *err);

/*
 * The start time in clock ticks since boot, field 22 of /proc/PID/stat. With the pid
 * it names a process for good. Errors: ESRCH.
 */
int process_start_time(pid_t pid, uint64_t *ret, struct error *err);

/*
 * As process_open, and sure to be the process that started at `start_time`: opened
 * first, compared after. Errors: ESRCH (gone, or the pid is someone else's).
 */
int process_open_started(pid_t pid, uint64_t start_time, struct error *err);

/* Errors: ESRCH, EPERM, EINVAL. */
int process_signal(int pidfd, int signal, struct error *err);

/*
 * Wait for a child. `*ret_status` is as from a shell: the exit status, or 128 plus the
 * signal. timeout_ms -1 waits for ever. Errors: ETIMEDOUT, ECHILD.
 */
int process_wait(int pidfd, int timeout_ms, int *ret_status, struct error *err);

/* Has it ended? Works for any process, not only children. 1: yes, 0: no. */
int process_has_ended(int pidfd);

/* Wait for the end of any process, child or not, without reaping. Errors: ETIMEDOUT. */
int process_wait_end(int pidfd, int timeout_ms, struct error *err);

/* SIGKILL and reap a child; for cleanup_with(process_kill). */
void process_kill(int pidfd);

/* Who ends a command early; NULL in its place: nobody. */
struct process_watch {
	int pidfd;	  /* a process without which it need not go on; -1: none */
	int interrupt_fd; /* readable when the caller gives up; -1: never */
};

/*
 * Run `path` with argv and envp (NULL-terminated; empty environment when NULL), `input`
 * on its standard input, in its own session, signals reset, no other descriptor.
 * It is killed, with its process group, when timeout_ms (-1: none) is over (ETIMEDOUT), the
 * watched process has ended (ECANCELED) or the caller gives up (EINTR); itself alone when the
 * calling thread dies.
 * `*ret_status` as in process_wait; its standard error's last line is put into
 * `ret_stderr` (may be NULL). Errors: as execve(2) and ETIMEDOUT.
 */
struct process_command {
	const char *path;
	char *const *argv, *const *envp;
	const char *cwd; /* NULL: stay */
	const char *input;
	int timeout_ms;
	const struct process_watch *watch;
	char *ret_stderr;
	size_t stderr_room;
};
int process_run(const struct process_command *command, int *ret_status, struct error *err);

/*
 * Close everything from `first` on but the `n` descriptors in `keep`, which is put in order;
 * -1 entries and those below `first` are skipped.
 */
int process_close_except(unsigned first, int *keep, size_t n, struct error *err);

/*
 * While SIGCHLD is ignored the kernel reaps children before we can ask how they ended. `*ret` is how
 * the caller has it, for process_restore_sigchld; a handler stays as it is.
 */
void process_keep_children(struct sigaction *ret);
void process_restore_sigchld(struct sigaction *before);
#define cleanup_sigchld __attribute__((__cleanup__(process_restore_sigchld)))

/* Every signal at its default action and none blocked. */
void process_reset_signals(void);

/* PR_SET_DUMPABLE: 0 keeps others from attaching to us or reading our descriptors. */
int process_set_dumpable(int dumpable, struct error *err);

/*
 * The number of a signal: "9", "KILL", "SIGKILL", any case, "SIGRTMIN+3"; 0 only asks
 * whether the process is there.
 * Errors: EINVAL.
 */
int process_signal_number(const char *text, int *ret, struct error *err);
