/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The user namespace's uid and gid maps (config-linux.md#user-namespace-mappings,
 * user_namespaces(7)).
 */
#pragma once

#include "plan/host.h"
#include "spec/config.h"

enum idmap_method {
	IDMAP_NONE,   /* no new user namespace */
	IDMAP_DIRECT, /* the parent writes the files */
	IDMAP_SELF,   /* one id, our own: needs no privilege, setgroups is denied first */
	IDMAP_HELPER, /* newuidmap and newgidmap */
};

struct idmap_range {
	uint32_t container_id, host_id, size;
};

struct idmap_ranges {
	struct idmap_range *item;
	size_t n;
};

struct idmap_plan {
	enum idmap_method method;
	bool deny_setgroups;
	struct idmap_ranges uids, gids;
};

/* Errors: EINVAL (overlap, overflow, over 340 ranges), named by entry, ENOMEM. */
int idmap_plan_build(const struct spec_config *config, const struct host *host,
		     struct idmap_plan *ret, struct error *err);
void idmap_plan_release(struct idmap_plan *plan);

/*
 * Append one range, or all of a document's, to a map whose property is `name`. Errors: EINVAL
 * (overlap, overflow, over 340 ranges), ENOMEM. idmap_plan_find: the range that has this
 * container's id, or NULL.
 */
int idmap_plan_add(struct idmap_ranges *ranges, int64_t container_id, int64_t host_id, int64_t size,
		   const char *name, struct error *err);
int idmap_plan_add_mappings(struct idmap_ranges *ranges, const struct spec_mapping *mappings,
			    size_t n, const char *name, struct error *err);
const struct idmap_range *idmap_plan_find(const struct idmap_ranges *ranges, int64_t container_id);

/* The map as the kernel's file wants it, "0 100000 65536\n...". Errors: ENOMEM. */
int idmap_plan_text(const struct idmap_ranges *ranges, char **ret, struct error *err);

/* Is the id mapped? Always true without a new user namespace. */
bool idmap_plan_has_uid(const struct idmap_plan *plan, uint32_t container_id);
bool idmap_plan_has_gid(const struct idmap_plan *plan, uint32_t container_id);

/* The host's id of a container's id, or -1 when it has none. */
int64_t idmap_plan_host_uid(const struct idmap_plan *plan, uint32_t container_id);
int64_t idmap_plan_host_gid(const struct idmap_plan *plan, uint32_t container_id);
