/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ctr's own programs, which do what needs a heavy library (src/libexec). They are where ctr
 * was installed to look for them, or beside a ctr that was started by its path, as in a
 * build directory; never in PATH.
 */
#pragma once

#include <stddef.h>
#include <sys/types.h>

#include "base/error.h"

/* The path of `name` ("ctr-systemd"); the caller frees. Errors: ENOENT, ENOMEM. */
int helper_find(const char *name, char **ret, struct error *err);

/* Is it there? Errors: ENOTSUP. */
int helper_check(const char *name, struct error *err);

/* One to talk to while it works (helper_start.c). */
struct helper_call {
	const char *name;
	const int *keep; /* descriptors that it gets, by the same numbers */
	size_t n_keep;
	const int *stdio; /* three to become 0, 1 and 2, -1: the caller's; NULL: all the caller's */
	int cgroup_fd;	  /* born inside; -1: the caller's */
	const char *keyring; /* the name of a new session keyring; NULL: the caller's */
};

struct helper {
	int socket;   /* SOCK_SEQPACKET to it; its end says that it has ended */
	int input_fd; /* a file that it reads when it is told to begin */
	int pidfd;
	pid_t pid;
};
#define HELPER_NONE { .socket = -1, .input_fd = -1, .pidfd = -1 }

/*
 * Start it as "NAME SOCKET INPUT", both numbers of descriptors, in a process group of its own
 * and with no environment. Errors: ENOTSUP (not installed), as clone3(2).
 */
int helper_start(const struct helper_call *call, struct helper *ret, struct error *err);

/* Give it its input and let it begin. */
int helper_begin(const struct helper *helper, const char *input, struct error *err);

/* Close the socket and wait for its end, which its reading of the socket's end brings about. */
void helper_release(struct helper *helper);
#define cleanup_helper __attribute__((__cleanup__(helper_release)))
