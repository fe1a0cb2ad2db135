/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Namespaces (namespaces(7)): opening them by path, unsharing, names.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/error.h"

/*
 * Open a namespace file and check that it is one of `type` (one CLONE_NEW* bit, by
 * NS_GET_NSTYPE). Returns the descriptor. Errors: EINVAL (another type, or no
 * namespace), as open(2).
 */
int namespace_open(const char *path, uint64_t type, struct error *err);

/* unshare(2) of the calling process. */
int namespace_unshare(uint64_t types, struct error *err);

/*
 * A new time namespace with these offsets for the calling process itself: unshare,
 * write timens_offsets below proc_fd, setns. `pid` is the caller's own as that procfs counts. Errors: ERANGE (a clock would
 * become negative).
 */
struct namespace_time {
	int64_t monotonic_secs, monotonic_nanosecs, boottime_secs, boottime_nanosecs;
};
int namespace_enter_new_time(int proc_fd, pid_t pid, const struct namespace_time *offsets,
			     struct error *err);

/* Bring the loopback device of the calling process's network namespace up. */
int namespace_loopback_up(struct error *err);

/* sethostname(2), setdomainname(2) */
int namespace_set_hostname(const char *name, struct error *err);
int namespace_set_domainname(const char *name, struct error *err);

/* Are we in a user namespace other than the initial one? proc_fd is of a procfs. */
bool namespace_in_user(int proc_fd);
