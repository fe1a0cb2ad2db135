/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who the container's process is: identity, capabilities, limits, environment.
 * The same for a container's first process and for exec.
 */
#pragma once

#include <stdint.h>
#include <sys/resource.h>

#include "base/str.h"
#include "plan/host.h"
#include "plan/idmap_plan.h"
#include "spec/config.h"

struct capability_sets { /* bit n is capability n */
	uint64_t bounding, effective, permitted, inheritable, ambient;
};

struct process_limit {
	int resource; /* RLIMIT_* */
	struct rlimit limit;
};

enum process_groups {
	PROCESS_GROUPS_SET,  /* setgroups to exactly `groups`, also when there are none */
	PROCESS_GROUPS_KEEP, /* annotation run.oci.keep_original_groups, or setgroups is denied */
};

struct process_plan {
	bool present; /* config.process may be absent until start */
	bool terminal;
	unsigned short rows, columns; /* 0: leave */
	const char *cwd;
	struct strv args; /* owned */
	struct strv env;  /* owned; the last of equal names wins */
	bool add_home;	  /* HOME is missing or empty: init takes it from the rootfs's passwd */
	uint32_t uid, gid;
	LIST_OF(uint32_t) groups;
	enum process_groups groups_mode;
	mode_t umask;
	LIST_OF(struct process_limit) limits;
	struct capability_sets capabilities;
	LIST_OF(char *) unknown_capabilities; /* names to warn about; borrowed strings */
	bool no_new_privileges;
	bool oom_score_adj_set;
	int oom_score_adj;
	const char *apparmor_profile, *selinux_label; /* NULL: none */
	bool personality_set;
	unsigned long personality;
};

/* `path` stands before each property in errors: "process", or "" for exec --process. */
int process_plan_build(const struct spec_config *config, const struct spec_process *process,
		       const struct host *host, const struct idmap_plan *idmap,
		       struct process_plan *ret, struct error *err);
void process_plan_release(struct process_plan *plan);

/* Every capability's name, "CAP_CHOWN" first, NULL-terminated; index is the number. */
extern const char *const capability_plan_names[];

/* The sets of a config's process.capabilities (NULL: none at all). capability_plan.c */
int capability_plan_build(const struct spec_capabilities *capabilities, const struct host *host,
			  struct process_plan *ret, struct error *err);

/* The number of a capability by name, any case, with or without "CAP_"; -1 unknown. */
int capability_plan_number(const char *name);
