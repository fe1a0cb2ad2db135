/* SPDX-License-Identifier: Apache-2.0 */
/*
 * `update`: other limits for a container that runs. The request is laid over what was
 * asked for until now, because the kernel's files have halves that the request may leave
 * out (quota and period, memory and swap). Only what the request is about is written.
 *
 * Engines send documents in which every property that they do not mean is 0 (dockerd:
 * "kernel": 0, "shares": 0). So a 0 is unset here, but for cpu.burst, cpu.idle, huge page
 * limits and a device's rate, of which 0 is a value, and for what stands in `unified`.
 */
#pragma once

#include "plan/cgroup_plan.h"

struct update_facts {		     /* what the container uses now; unset: not known */
	struct optional_uint memory; /* memory.current */
	struct optional_uint swap;   /* memory.swap.current */
};

struct update_request {
	const struct spec_config *config;     /* as it was at create */
	const struct spec_resources *former;  /* what holds until now; NULL: nothing */
	const struct spec_resources *request; /* has passed spec_config_validate_resources */
	enum cgroup_manager manager;
	const char *path; /* the container's cgroup; NULL: none */
	const char *unit; /* of systemd that it is; NULL: none */
	bool user;	  /* ... of the user's manager */
	struct update_facts facts;
};

struct update_plan {
	struct cgroup_plan cgroup; /* what is written; device_filter: the rules change */
	struct cgroup_plan former; /* the device program that stands now, when the rules change */
	struct spec_resources
		result; /* what holds afterwards; strings are the request's and former's */
	struct spec_memory memory; /* what `result` points to */
	struct spec_cpu cpu;
	struct spec_pids pids;
	struct spec_block_io block_io;
};

/*
 * Plan an update. The request's strings must outlive the plan; release it with
 * update_plan_release, also after a failure. Errors: EINVAL, ENOTSUP (v1-only property, or the
 * controller is missing), EBUSY (memory.checkBeforeUpdate: more is in use), ENOMEM.
 */
int update_plan_build(const struct update_request *request, const struct host *host,
		      struct update_plan *ret, struct error *err);
void update_plan_release(struct update_plan *plan);
