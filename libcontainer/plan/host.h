/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the decisions need to know of the host: filled in once by
 * lifecycle/probe.c, made up by tests, which can so be any machine.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

enum host_controller { /* bits, in the order of /sys/fs/cgroup/cgroup.controllers */
	HOST_CPUSET = 1 << 0,
	HOST_CPU = 1 << 1,
	HOST_IO = 1 << 2,
	HOST_MEMORY = 1 << 3,
	HOST_HUGETLB = 1 << 4,
	HOST_PIDS = 1 << 5,
	HOST_RDMA = 1 << 6,
	HOST_MISC = 1 << 7,
	HOST_DMEM = 1 << 8, /* 6.14 */
};

/* Words for the bits above, NULL-terminated, bit 0 first. */
extern const char *const host_controller_names[];

/* The words of the set bits, separated by blanks, as cgroup_create takes them. */
#define HOST_CONTROLLER_WORDS_SIZE 128
void host_controller_words(unsigned controllers, char ret[HOST_CONTROLLER_WORDS_SIZE]);

struct host {
	uid_t euid;
	gid_t egid;
	bool in_user_namespace;	   /* not the initial user namespace */
	bool privileged;	   /* CAP_SYS_ADMIN over the host's mount namespace */
	bool user_manager;	   /* systemd's manager is the user's own */
	const char *cgroup_mount;  /* where v2 is mounted; NULL: nowhere */
	const char *cgroup_parent; /* of this process in the v2 tree, "/" or "/a/b" */
	unsigned controllers;	   /* HOST_* bits available at the v2 root */
	unsigned controllers_v1;   /* HOST_* bits bound to a v1 hierarchy (for the error's words) */
	bool io_bfq;		   /* io.bfq.weight exists rather than io.weight */
	int cap_last;		   /* the newest capability the kernel knows */
	bool apparmor, selinux;	   /* enforcing or permissive: labels can be set */
	uint64_t kernel_version;   /* 5.14 is 5 << 16 | 14 */
};
