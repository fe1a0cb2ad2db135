/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The process that exec is to run: what a file says, or the container's own with the
 * flags laid over it. Private to the room.
 */
#pragma once

#include "lifecycle/lifecycle.h"

struct exec_process {
	struct spec_process process;	    /* what to plan; borrows from the config and the flags */
	struct spec_process document;	    /* --process */
	struct spec_user user;		    /* with the flags' ids */
	struct spec_capabilities capabilities;
	char **environment, **capability_lists[3];
	int64_t *groups;
};

/* `config` must outlive the result. Errors: EINVAL, naming the flag. */
int exec_process_build(const struct spec_config *config, const struct exec_options *options,
		       struct exec_process *ret, struct error *err);
void exec_process_release(struct exec_process *process);
#define cleanup_exec_process __attribute__((__cleanup__(exec_process_release)))
