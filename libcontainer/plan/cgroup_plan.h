/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The container's cgroup: where it is, what is written into it, and its device
 * program. cgroups v2 only (cgroup-v2.rst).
 */
#pragma once

#include <linux/bpf.h>

#include "plan/idmap_plan.h"
#include "plan/mount_plan.h"
#include "plan/namespace_plan.h"
#include "plan/unit_plan.h"
#include "spec/config.h"

enum cgroup_manager {
	CGROUP_MANAGER_CGROUPFS,
	CGROUP_MANAGER_SYSTEMD,
	CGROUP_MANAGER_DISABLED,
};

struct cgroup_write {
	char *file;
	char *value;
	char from[48];	     /* "linux.resources.memory.limit" */
	bool may_be_missing; /* the value is the kernel's default: a missing file is fine */
};

struct cgroup_plan {
	enum cgroup_manager manager;
	char *path;	  /* below the v2 mount, "/ctr/web1"; NULL: no cgroup of its own */
	struct unit_plan unit; /* systemd makes it, and `path` is where it should be then */
	bool best_effort; /* rootless without cgroupsPath and resources: go without if refused */
	unsigned controllers; /* HOST_* bits that the writes need enabled on the way down */
	LIST_OF(struct cgroup_write) writes;
	bool device_filter; /* load and attach device_program */
	LIST_OF(struct bpf_insn) device_program;
	bool delegate; /* give the directory to these ids of the host */
	uint32_t owner_uid, owner_gid;
};

/*
 * Errors: EINVAL, ENOTSUP (v1-only property, or the controller is missing: the text
 * says where it is bound), ENOMEM.
 */
int cgroup_plan_build(const struct spec_config *config, const struct host *host,
		      enum cgroup_manager manager, const char *id, struct cgroup_plan *ret,
		      struct error *err);

/*
 * Is the cgroup the process's own to divide (config-linux.md#cgroup-ownership)? It is when it is
 * the root of a new cgroup namespace and is mounted there to be written. The group goes along:
 * what enters the user namespace to be born in the cgroup (exec) has no right over an inode with
 * an id that the namespace does not map.
 */
struct cgroup_plan_facts {
	const struct host *host;
	const struct namespace_plan *namespaces;
	const struct idmap_plan *idmap;
	const struct mount_plan *mounts;
	uint32_t uid, gid; /* the process's, in the container */
};
void cgroup_plan_delegate(const struct cgroup_plan_facts *facts, struct cgroup_plan *plan);
void cgroup_plan_release(struct cgroup_plan *plan);

/*
 * The device program of `rules` for the plan, where the container wants one: it has a cgroup, and
 * makes device nodes without a user namespace of its own. Errors: EINVAL, E2BIG, ENOMEM.
 */
struct device_rules {
	const struct spec_device_rule *item;
	size_t n;
};
int cgroup_plan_build_devices(const struct spec_config *config, struct device_rules rules,
			      const struct host *host, struct cgroup_plan *ret, struct error *err);

/* Where a container's cgroup is when the config does not say: "/ctr/<id>". Errors: ENOMEM. */
int cgroup_plan_default_path(const char *id, char **ret, struct error *err);

/*
 * A BPF_PROG_TYPE_CGROUP_DEVICE program for the rules in order, the last match
 * winning, no match denied (device_plan.c). Appended to `ret`. Errors: EINVAL (an
 * access that is not of rwm), E2BIG, ENOMEM.
 */
struct device_program {
	struct bpf_insn *item;
	size_t n;
};
int device_plan_program(const struct spec_device_rule *rules, size_t n, struct device_program *ret,
			struct error *err);
