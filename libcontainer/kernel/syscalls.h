/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Numbers, structs and thin wrappers that the C library may lack (glibc 2.36 has
 * the mount API and pidfds, but not these).
 */
#pragma once

#include <linux/openat2.h>
#include <linux/sched.h>
#include <stdint.h>
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
