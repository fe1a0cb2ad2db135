/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel/idmap.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/str.h"
#include "kernel/process.h"
#include "kernel/procfs.h"

static int write_file(int proc_fd, pid_t pid, const char *name, const char *text, struct error *err)
{
	char path[48];

	snprintf(path, sizeof path, "%d/%s", pid, name);
	return procfs_write(proc_fd, path, text, err);
}

/* The kernel's own words for this are "invalid argument". */
static int check_size(const char *name, const char *map, struct error *err)
{
	size_t room = (size_t)sysconf(_SC_PAGESIZE);

	if (strlen(map) < room)
		return 0;
	return error_set(err, E2BIG,
			 "%s takes %zu bytes, of which the kernel takes %zu at most: join ranges, or "
			 "use fewer",
			 name, strlen(map), room - 1);
}

static int check_sizes(const char *uid_map, const char *gid_map, struct error *err)
{
	TRY(check_size("uid_map", uid_map, err));
	return check_size("gid_map", gid_map, err);
}

int idmap_write(int proc_fd, pid_t pid, const char *uid_map, const char *gid_map,
		bool deny_setgroups, struct error *err)
{
	TRY(check_sizes(uid_map, gid_map, err));
	/* Before gid_map: without privilege the kernel takes the map only after the denial, which
	   keeps a user from shedding a group that is there to shut them out. */
	if (deny_setgroups)
		TRY(write_file(proc_fd, pid, "setgroups", "deny", err));
	TRY(write_file(proc_fd, pid, "gid_map", gid_map, err));
	return write_file(proc_fd, pid, "uid_map", uid_map, err);
}

/* newuidmap PID INSIDE OUTSIDE COUNT ...: the words of the map, in order. */
static int run_helper(const char *helper, pid_t pid, const char *map, struct error *err)
{
	cleanup_strv struct strv argv = {};
	cleanup_free char *words = strdup(map);
	char said[256] = "", number[16], *save = NULL;
	int status;

	if (!words)
		return error_errno(err, ENOMEM, "%s", helper);
	snprintf(number, sizeof number, "%d", pid);
	TRY(strv_add(&argv, helper, err));
	TRY(strv_add(&argv, number, err));
	for (char *w = strtok_r(words, " \n", &save); w; w = strtok_r(NULL, " \n", &save))
		TRY(strv_add(&argv, w, err));
	TRY(process_run(&(struct process_command){ .path = helper,
						   .argv = argv.item,
						   .timeout_ms = 10000,
						   .ret_stderr = said,
						   .stderr_room = sizeof said },
			&status, err));
	if (status)
		return error_set(err, EPERM, "%s: status %d: %s", helper, status, said);
	return 0;
}

int idmap_write_with_helper(pid_t pid, const char *uid_map, const char *gid_map, struct error *err)
{
	TRY(check_sizes(uid_map, gid_map, err));
	TRY(run_helper("/usr/bin/newgidmap", pid, gid_map, err));
	return run_helper("/usr/bin/newuidmap", pid, uid_map, err);
}

/* All that somebody has to do to keep a user namespace there: be in it, and not outlive its maker. */
static int hold_namespace(void *maker)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	while (getppid() == *(pid_t *)maker)
		pause();
	return 0;
}

static int open_mapped(int proc_fd, pid_t pid, const char *uid_map, const char *gid_map,
		       struct error *err)
{
	char path[48];
	int fd;

	TRY(idmap_write(proc_fd, pid, uid_map, gid_map, false, err));
	/* A magic link: procfs_open_file would refuse it. */
	snprintf(path, sizeof path, "%d/ns/user", pid);
	fd = openat(proc_fd, path, O_RDONLY | O_CLOEXEC);
	return fd >= 0 ? fd : error_errno(err, errno, "open /proc/%s", path);
}

/*
 * The holder shares memory and descriptors with us, so that making it copies nothing. Without an
 * exit signal a caller who ignores SIGCHLD cannot have it reaped: its number stays its own.
 */
int idmap_namespace(int proc_fd, const char *uid_map, const char *gid_map, struct error *err)
{
	char stack[16384] __attribute__((__aligned__(16)));
	pid_t self = getpid(), holder;
	int fd;

	holder = clone(hold_namespace, stack + sizeof stack, CLONE_VM | CLONE_FILES | CLONE_NEWUSER,
		       &self);
	if (holder < 0)
		return error_errno(err, errno, "make a user namespace");
	fd = open_mapped(proc_fd, holder, uid_map, gid_map, err);
	kill(holder, SIGKILL);
	while (waitpid(holder, NULL, __WALL) < 0 && errno == EINTR)
		;
	return fd;
}
