/* SPDX-License-Identifier: Apache-2.0 */
/*
 * linux.seccomp, decided: numbers instead of words, defaults filled in, and the
 * line above which system calls get ENOSYS rather than the default action.
 */
#pragma once

#include <stdint.h>

#include "plan/host.h"
#include "spec/config.h"

struct seccomp_rule {
	const struct spec_seccomp_rule *rule; /* names and args; borrowed */
	uint32_t action;		      /* SECCOMP_RET_* with data */
};

struct seccomp_plan {
	bool present;
	uint32_t default_action; /* SECCOMP_RET_* with data */
	unsigned load_flags;	 /* SECCOMP_FILTER_FLAG_* */
	bool enosys;		 /* calls newer than any the profile names get ENOSYS */
	bool notify;		 /* a rule or the default is SCMP_ACT_NOTIFY */
	const char *listener_path, *listener_metadata;
	LIST_OF(int) architectures;	  /* indexes of spec_config_seccomp_arch_names; native first */
	LIST_OF(struct seccomp_rule) rules; /* in the config's order */
	/* The decisions above as canonical text: equal keys, equal filters. Owned. */
	char *key;
};

/*
 * Errors: EINVAL (errnoRet where no errno is returned, NOTIFY without listenerPath,
 * NOTIFY on what the handover itself needs, over 4096 rules).
 */
int seccomp_plan_build(const struct spec_config *config, struct seccomp_plan *ret,
		       struct error *err);
void seccomp_plan_release(struct seccomp_plan *plan);
