/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Directories of the cgroup v2 tree (cgroup-v2.rst). Paths are below the v2 mount,
 * absolute there: "/ctr/web1". No process is ever moved: children are born inside
 * (CLONE_INTO_CGROUP), because writing cgroup.procs can stall for milliseconds.
 */
#pragma once

#include <stdbool.h>
#include <limits.h>
#include <stdint.h>

#include "base/error.h"

/*
 * Make the directory with its parents below the mount and enable `controllers`
 * (words separated by blanks, or NULL) in every ancestor's subtree_control. The leaf
 * must be new or empty of processes and of children; then it is made anew, so that its
 * inode (cgroup_inode) is nobody else's. What was made is removed on
 * failure. Returns an O_DIRECTORY descriptor. Errors: EBUSY ("container's cgroup is
 * not empty"), EPERM, EROFS, EINVAL (path leaves the mount).
 */
int cgroup_create(const char *mount, const char *path, const char *controllers,
		  struct error *err);

/* What tells a cgroup from another one that has its path later. */
int cgroup_inode(int cgroup_fd, uint64_t *ret, struct error *err);

/*
 * May this be a new container's cgroup? It is missing, or as good as new. To be asked before its
 * name goes on record, for what is on record is killed. Errors: EBUSY, as cgroup_create.
 */
int cgroup_check_unused(const char *mount, const char *path, struct error *err);

/* Open an existing one. Errors: ENOENT. */
int cgroup_open(const char *mount, const char *path, struct error *err);

/*
 * Enable `controllers` (words separated by blanks) for an existing cgroup, in every ancestor's
 * subtree_control. Errors: as cgroup_create, ENOENT.
 */
int cgroup_enable(const char *mount, const char *path, const char *controllers, struct error *err);

/* A cgroup below an open one, made when missing ("exec --cgroup"). Errors: EINVAL for "..". */
int cgroup_open_child(int cgroup_fd, const char *path, bool create, struct error *err);

/* Write `value` to a file of the cgroup with one write(2). Errors: ENOENT, EINVAL, EBUSY. */
int cgroup_write(int cgroup_fd, const char *file, const char *value, struct error *err);

/* Read a file of the cgroup; the caller frees. */
int cgroup_read(int cgroup_fd, const char *file, char **ret, struct error *err);

/* The page sizes for which it has hugetlb files ("2MB"), sorted. Errors: ENOMEM. (cgroup_look.c) */
struct strv;
int cgroup_page_sizes(int cgroup_fd, struct strv *ret, struct error *err);

/* Every process in it and below, in `*ret` (freed by the caller). Errors: ENOMEM. */
int cgroup_processes(int cgroup_fd, int **ret, unsigned long *ret_n, struct error *err);

/* 1: frozen, 0: not; from cgroup.events */
int cgroup_is_frozen(int cgroup_fd, struct error *err);

/* Freeze or thaw and wait for the kernel's word (poll on cgroup.events, at most timeout_ms). */
int cgroup_freeze(int cgroup_fd, bool frozen, int timeout_ms, struct error *err);

/* SIGKILL everything in it and below: cgroup.kill (5.14). */
int cgroup_kill(int cgroup_fd, struct error *err);

/* Wait until nothing is alive in it: poll on cgroup.events. Errors: ETIMEDOUT. */
int cgroup_wait_empty(int cgroup_fd, int timeout_ms, struct error *err);

/*
 * Kill what is inside, wait, remove it with its children. Absent is fine.
 * Errors: ETIMEDOUT, EBUSY; the directory is still there then.
 */
int cgroup_destroy(const char *mount, const char *path, int timeout_ms, struct error *err);

/*
 * Kill what is inside, wait, and wait on for its owner, who watches it, to remove it: a directory
 * that is gone too soon tells nobody that it was empty. Absent is fine. Errors: ETIMEDOUT.
 */
int cgroup_vacate(const char *mount, const char *path, int timeout_ms, struct error *err);

/*
 * Where v2 is mounted, from /proc/self/mountinfo; looked at only when neither
 * /sys/fs/cgroup nor /sys/fs/cgroup/unified is cgroup2 (statfs). The string is
 * static or in `room`. NULL: nowhere.
 */
const char *cgroup_find_mount(char room[PATH_MAX]);

/* The v2 path of a process, from /proc/PID/cgroup ("0::/..."); the caller frees. */
int cgroup_of_process(int proc_fd, int pid, char **ret, struct error *err);
