/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The plan: every decision that follows from a config and the host, as data.
 * Built in pure code, printed by `ctr run --dry-run`, carried out by init and the
 * lifecycle without another look at the config.
 *
 * A plan borrows strings from the config and the host, which must outlive it.
 */
#pragma once

#include "plan/cgroup_plan.h"
#include "plan/host.h"
#include "plan/idmap_plan.h"
#include "plan/mount_plan.h"
#include "plan/namespace_plan.h"
#include "plan/process_plan.h"
#include "plan/rdt_plan.h"
#include "plan/scheduler_plan.h"
#include "plan/rootfs_plan.h"
#include "plan/seccomp_plan.h"
#include "plan/sysctl_plan.h"
#include "spec/config.h"

struct plan_options {
	const char *id;
	const char *bundle; /* absolute */
	const struct spec_rootfs *layers; /* of the root; NULL: the directory root.path */
	enum cgroup_manager cgroup_manager;
	bool no_pivot;
	bool no_new_keyring;
	int preserve_fds; /* 3 .. 3+n-1 stay open in the container */
	int listen_fds;	  /* so many of them are LISTEN_FDS */
};

struct plan {
	const char *id;
	char *rootfs; /* absolute host path of the root filesystem; owned */
	bool no_pivot;
	bool new_keyring;
	int preserve_fds;
	const char *hostname, *domainname; /* NULL: leave */
	struct namespace_plan namespaces;
	struct idmap_plan idmap;
	struct mount_plan mounts;
	struct rootfs_plan layers;
	struct cgroup_plan cgroup;
	struct sysctl_plan sysctls;
	struct process_plan process;
	struct scheduler_plan scheduler;
	struct rdt_plan rdt;
	struct seccomp_plan seccomp;
	const struct spec_hooks *hooks; /* NULL: none; borrowed */
};

/*
 * Plan a container. `config` has passed spec_config_validate. Release with
 * plan_release, also after a failure. Errors: EINVAL, ENOTSUP (the host lacks what
 * the config asks; the text names property and remedy), ENOMEM.
 */
int plan_build(const struct spec_config *config, const struct host *host,
	       const struct plan_options *options, struct plan *ret, struct error *err);

/*
 * Plan one more process for the container that `config` made: the same facilities
 * less mounts, cgroup and sysctls; namespaces are all joined. `process` is what
 * `exec --process` gave or what the flags made of config's own.
 */
int plan_build_exec(const struct spec_config *config, const struct spec_process *process,
		    const struct host *host, const struct plan_options *options, struct plan *ret,
		    struct error *err);

void plan_release(struct plan *plan);

/*
 * The plan as text, one decision a line with where it came from ("# mounts[3]");
 * the form that golden tests compare (plan_print.c). Errors: ENOMEM.
 */
int plan_print(const struct plan *plan, char **ret, struct error *err);

/* The same of the cgroup alone, appended to `out`; failures stick there. */
void plan_print_cgroup(const struct cgroup_plan *plan, struct str *out);
