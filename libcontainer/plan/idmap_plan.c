/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/idmap_plan.h"

#include <errno.h>

#include "base/list.h"
#include "base/str.h"

#define RANGES_MAX 340 /* user_namespaces(7): lines of a map, since Linux 4.15 */

/* The document's ranges and the plan's, with the property that errors name. */
struct mappings {
	const struct spec_mapping *item;
	size_t n;
	const char *name;
};

struct ranges {
	struct idmap_range *item;
	size_t n;
};

/* 4294967295 means "no change" to the kernel and is never an id. */
static bool exceeds(int64_t id, int64_t size)
{
	return id < 0 || id + size - 1 > JSON_ID_MAX;
}

static bool overlap(uint32_t a, uint32_t a_size, uint32_t b, uint32_t b_size)
{
	return a < (uint64_t)b + b_size && b < (uint64_t)a + a_size;
}

static int check_overlap(const struct ranges *ranges, const char *name, struct error *err)
{
	const struct idmap_range *last = &ranges->item[ranges->n - 1];

	for (const struct idmap_range *r = ranges->item; r < last; r++) {
		const char *side =
			overlap(r->container_id, r->size, last->container_id, last->size) ?
				"container" :
			overlap(r->host_id, r->size, last->host_id, last->size) ? "host" :
										  NULL;

		if (side)
			return error_set(err, EINVAL,
					 "linux.%s[%zu]: its %s ids overlap those of [%zu]", name,
					 ranges->n - 1, side, (size_t)(r - ranges->item));
	}
	return 0;
}

static int add_range(const struct spec_mapping *m, const char *name, struct ranges *ranges,
		     struct error *err)
{
	struct idmap_range *range;
	size_t i = ranges->n;

	if (m->size.value <= 0)
		return error_set(err, EINVAL, "linux.%s[%zu].size: must be more than 0", name, i);
	if (exceeds(m->container_id.value, m->size.value) ||
	    exceeds(m->host_id.value, m->size.value))
		return error_set(err, EINVAL, "linux.%s[%zu]: goes beyond the last id, %lld", name,
				 i, JSON_ID_MAX);
	range = list_add(ranges);
	if (!range)
		return error_errno(err, ENOMEM, "plan id maps");
	*range = (struct idmap_range){ m->container_id.value, m->host_id.value, m->size.value };
	return check_overlap(ranges, name, err);
}

static int add_ranges(const struct mappings *mappings, struct ranges *ranges, struct error *err)
{
	if (mappings->n > RANGES_MAX)
		return error_set(err, EINVAL, "linux.%s: %zu ranges, more than the kernel's %d",
				 mappings->name, mappings->n, RANGES_MAX);
	for (size_t i = 0; i < mappings->n; i++)
		TRY(add_range(&mappings->item[i], mappings->name, ranges, err));
	return 0;
}

static bool is_self(const struct ranges *ranges, uint32_t id)
{
	return ranges->n == 1 && ranges->item->size == 1 && ranges->item->host_id == id;
}

int idmap_plan_build(const struct spec_config *config, const struct host *host,
		     struct idmap_plan *ret, struct error *err)
{
	const struct spec_linux *l = config->linux_;
	const struct spec_namespace *user = spec_config_namespace(config, SPEC_NAMESPACE_USER);
	struct ranges uids = {}, gids = {};
	int r;

	/* A joined one has its map already; what an engine says of it is not used. */
	if (!user || user->path)
		return 0;
	r = add_ranges(&(struct mappings){ l->uid_mappings.item, l->uid_mappings.n, "uidMappings" },
		       &uids, err);
	if (r == 0)
		r = add_ranges(&(struct mappings){ l->gid_mappings.item, l->gid_mappings.n,
						   "gidMappings" },
			       &gids, err);
	ret->uids.item = uids.item;
	ret->uids.n = uids.n;
	ret->gids.item = gids.item;
	ret->gids.n = gids.n;
	if (r < 0)
		return r;
	ret->method = host->privileged					       ? IDMAP_DIRECT :
		      is_self(&uids, host->euid) && is_self(&gids, host->egid) ? IDMAP_SELF :
										 IDMAP_HELPER;
	/* user_namespaces(7): without privilege gid_map is writable only when setgroups is denied. */
	ret->deny_setgroups = ret->method == IDMAP_SELF;
	return 0;
}

void idmap_plan_release(struct idmap_plan *plan)
{
	free(plan->uids.item);
	free(plan->gids.item);
	*plan = (struct idmap_plan){};
}

int idmap_plan_text(const struct idmap_range *ranges, size_t n, char **ret, struct error *err)
{
	cleanup_str struct str text = {};

	for (size_t i = 0; i < n; i++)
		str_addf(&text, "%u %u %u\n", ranges[i].container_id, ranges[i].host_id,
			 ranges[i].size);
	return str_steal(&text, ret, err);
}

static int64_t host_id(const struct idmap_range *ranges, size_t n, uint32_t id)
{
	if (n == 0)
		return id;
	for (size_t i = 0; i < n; i++)
		if (id >= ranges[i].container_id && id - ranges[i].container_id < ranges[i].size)
			return (int64_t)ranges[i].host_id + (id - ranges[i].container_id);
	return -1;
}

int64_t idmap_plan_host_uid(const struct idmap_plan *plan, uint32_t container_id)
{
	return host_id(plan->uids.item, plan->uids.n, container_id);
}

int64_t idmap_plan_host_gid(const struct idmap_plan *plan, uint32_t container_id)
{
	return host_id(plan->gids.item, plan->gids.n, container_id);
}

bool idmap_plan_has_uid(const struct idmap_plan *plan, uint32_t container_id)
{
	return idmap_plan_host_uid(plan, container_id) >= 0;
}

bool idmap_plan_has_gid(const struct idmap_plan *plan, uint32_t container_id)
{
	return idmap_plan_host_gid(plan, container_id) >= 0;
}
