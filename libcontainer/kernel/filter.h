/* SPDX-License-Identifier: Apache-2.0 */
/*
 * System call filters. libseccomp knows the numbers of system calls; the program is
 * built here (filter_compile.h), because libseccomp 2.5.4 merges several rules on the
 * arguments of one call into filters that allow more than any of them, or never ends.
 * Ours is also a third of the size, and the kernel loads it ten times faster. Built
 * filters are kept in a cache directory.
 */
#pragma once

#include <linux/filter.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

struct filter; /* one being built */

struct filter_condition { /* like the spec's seccomp args */
	unsigned index;
	int op; /* enum filter_operator */
	uint64_t value, value_two;
};

enum filter_operator {
	FILTER_NE,
	FILTER_LT,
	FILTER_LE,
	FILTER_EQ,
	FILTER_GE,
	FILTER_GT,
	FILTER_MASKED_EQ,
};

/*
 * Begin a filter for the native architecture. Actions are SECCOMP_RET_* with data.
 * Errors: ENOMEM, EINVAL.
 */
int filter_new(uint32_t default_action, struct filter **ret, struct error *err);
void filter_free(struct filter *filter);

/*
 * Add an architecture by its OCI word, "SCMP_ARCH_X86"; the native one is fine. Before the
 * first rule. Errors: EINVAL.
 */
int filter_add_architecture(struct filter *filter, const char *name, struct error *err);

/*
 * Add a rule for a system call by name: all conditions must hold; but where two of them
 * are on the same argument each condition is a rule of its own, as in all OCI runtimes.
 * FILTER_MASKED_EQ: value is the mask, value_two what is left. When several rules
 * match, the most restrictive action wins (of those without conditions only the first
 * counts, and none that equals the default). A name that no architecture of the filter has
 * or that libseccomp does not know is ignored (returns 1).
 * Errors: EINVAL, ENOMEM, E2BIG (over 65536 rules).
 */
int filter_add_rule(struct filter *filter, const char *syscall, uint32_t action,
		    const struct filter_condition *conditions, size_t n, struct error *err);

/* A program ready to load; .filter is freed by the caller. */
struct filter_program {
	struct sock_filter *filter;
	unsigned short len;
};

/*
 * Finish: build the program. With `enosys`, system calls of each architecture that are
 * newer than the newest that any rule names return ENOSYS, because a default of
 * EPERM would keep C libraries from falling back. Architectures that are not in the filter
 * kill the process, x32 too. Errors: ENOMEM, E2BIG (over 4096 instructions).
 */
int filter_export(struct filter *filter, bool enosys, struct filter_program *ret,
		  struct error *err);

/*
 * The cache: `dir_fd` is a directory only we can write. A hit needs the whole key to be
 * equal, so a hash can collide but never give another profile's filter. find: 1 found,
 * 0 not. The oldest entries go when there are more than 64. Failures to store are not
 * errors. libseccomp's version and the machine are part of the key.
 */
int filter_cache_find(int dir_fd, const char *key, struct filter_program *ret);
void filter_cache_store(int dir_fd, const char *key, const struct filter_program *program);

/*
 * Load into the calling thread, with SECCOMP_FILTER_FLAG_* flags. Returns 0, or the
 * listener's descriptor with SECCOMP_FILTER_FLAG_NEW_LISTENER. Errors: EACCES, EINVAL.
 */
int filter_load(const struct filter_program *program, unsigned flags, struct error *err);

/* Which SECCOMP_FILTER_FLAG_* words the running kernel takes (for features). */
bool filter_flag_is_supported(unsigned flag);

/* "2.5.4", for --version and features. */
const char *filter_library_version(void);
