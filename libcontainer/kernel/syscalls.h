/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Numbers, structs and thin wrappers that the C library may lack (glibc 2.36 has
 * the mount API and pidfds, but not these).
 */
#pragma once

#include <linux/openat2.h>
#include <linux/sched.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

static inline long sys_openat2(int dir_fd, const char *path, const struct open_how *how)
{
	return syscall(SYS_openat2, dir_fd, path, how, sizeof *how);
}

static inline long sys_clone3(struct clone_args *args)
{
	return syscall(SYS_clone3, args, sizeof *args);
}

static inline long sys_pivot_root(const char *new_root, const char *put_old)
{
	return syscall(SYS_pivot_root, new_root, put_old);
}

/* struct pidfd_info of Linux 6.13, with the one member that is wanted by its name. */
struct sys_pidfd_exit {
	uint64_t mask, cgroup;
	uint32_t ids[11];
	int32_t code; /* as of wait(2) */
};

/* How a process ended whose parent has reaped it. 0, or -1 when it is not known (before 6.15). */
static inline int sys_pidfd_exit(int pidfd, struct sys_pidfd_exit *ret)
{
	enum { INFO_EXIT = 1 << 3 };

	ret->mask = INFO_EXIT;
	if (ioctl(pidfd, _IOWR(0xFF, 11, struct sys_pidfd_exit), ret) < 0)
		return -1;
	return ret->mask & INFO_EXIT ? 0 : -1;
}
