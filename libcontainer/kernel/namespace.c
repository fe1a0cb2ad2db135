/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel/namespace.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/nsfs.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "kernel/procfs.h"

static const struct {
	uint64_t type;
	const char *name;
} names[] = {
	{ CLONE_NEWPID, "pid" },   { CLONE_NEWNET, "network" }, { CLONE_NEWNS, "mount" },
	{ CLONE_NEWIPC, "ipc" },   { CLONE_NEWUTS, "uts" },	{ CLONE_NEWUSER, "user" },
	{ CLONE_NEWTIME, "time" }, { CLONE_NEWCGROUP, "cgroup" },
};

static const char *name_of(uint64_t type)
{
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (names[i].type == type)
			return names[i].name;
	return "unknown";
}

int namespace_open(const char *path, uint64_t type, struct error *err)
{
	/* O_NONBLOCK: a FIFO in the place of a namespace file must not stop us. */
	cleanup_close int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	int found;

	if (fd < 0)
		return error_errno(err, errno, "open %s", path);
	found = ioctl(fd, NS_GET_NSTYPE);
	if (found < 0)
		return error_set(err, EINVAL, "%s is not a namespace file", path);
	if ((uint64_t)found != type)
		return error_set(err, EINVAL, "%s is a %s namespace, not a %s namespace", path,
				 name_of((uint64_t)found), name_of(type));
	return steal_fd(&fd);
}

int namespace_unshare(uint64_t types, struct error *err)
{
	if (unshare((int)types) < 0)
		return error_errno(err, errno, "unshare the %s namespace", name_of(types));
	return 0;
}

static int write_time_offsets(int proc_fd, pid_t pid, const struct namespace_time *offsets,
			      struct error *err)
{
	char path[32], text[160];

	snprintf(path, sizeof path, "%d/timens_offsets", pid);
	snprintf(text, sizeof text,
		 "monotonic %" PRId64 " %" PRId64 "\nboottime %" PRId64 " %" PRId64 "\n",
		 offsets->monotonic_secs, offsets->monotonic_nanosecs, offsets->boottime_secs,
		 offsets->boottime_nanosecs);
	return procfs_write(proc_fd, path, text, err);
}

int namespace_enter_new_time(int proc_fd, pid_t pid, const struct namespace_time *offsets,
			     struct error *err)
{
	cleanup_close int fd = -1;
	char path[48];

	TRY(namespace_unshare(CLONE_NEWTIME, err));
	if (offsets)
		TRY(write_time_offsets(proc_fd, pid, offsets, err));
	/* A magic link of our own: procfs_open_file would refuse it. */
	snprintf(path, sizeof path, "%d/ns/time_for_children", pid);
	fd = openat(proc_fd, path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return error_errno(err, errno, "open /proc/%s", path);
	if (setns(fd, CLONE_NEWTIME) < 0)
		return error_errno(err, errno, "enter the new time namespace");
	return 0;
}

int namespace_loopback_up(struct error *err)
{
	cleanup_close int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct ifreq request = { .ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING };

	if (fd < 0)
		return error_errno(err, errno, "make a socket to bring lo up");
	if (ioctl(fd, SIOCSIFFLAGS, &request) < 0)
		return error_errno(err, errno, "bring lo up");
	return 0;
}

int namespace_set_hostname(const char *name, struct error *err)
{
	if (sethostname(name, strlen(name)) < 0)
		return error_errno(err, errno, "set the hostname '%s'", name);
	return 0;
}

int namespace_set_domainname(const char *name, struct error *err)
{
	if (setdomainname(name, strlen(name)) < 0)
		return error_errno(err, errno, "set the domainname '%s'", name);
	return 0;
}

/* The inode that the kernel gives the initial user namespace (PROC_USER_INIT_INO). */
#define INITIAL_USER_NAMESPACE 0xEFFFFFFDu

bool namespace_in_user(int proc_fd)
{
	struct stat st;

	return fstatat(proc_fd, "self/ns/user", &st, 0) == 0 && st.st_ino != INITIAL_USER_NAMESPACE;
}
