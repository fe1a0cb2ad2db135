/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/idmap_plan.h"

#include <errno.h>

#include "base/list.h"
#include "base/str.h"

#define RANGES_MAX 340 /* user_namespaces(7): lines of a map, since Linux 4.15 */

/* 4294967295 means "no change" to the kernel and is never an id. */
static bool exceeds(int64_t id, int64_t size)
{
	return id < 0 || id + size - 1 > JSON_ID_MAX;
}

static bool overlap(uint32_t a, uint32_t a_size, uint32_t b, uint32_t b_size)
{
	return a < (uint64_t)b + b_size && b < (uint64_t)a + a_size;
}

static int check_overlap(const struct idmap_ranges *ranges, const char *name, struct error *err)
{
	const struct idmap_range *last = &ranges->item[ranges->n - 1];

	for (const struct idmap_range *r = ranges->item; r < last; r++) {
		const char *side =
			overlap(r->container_id, r->size, last->container_id, last->size) ?
				"container" :
			overlap(r->host_id, r->size, last->host_id, last->size) ? "host" :
										  NULL;

		if (side)
			return error_set(err, EINVAL, "%s[%zu]: its %s ids overlap those of [%zu]",
					 name, ranges->n - 1, side, (size_t)(r - ranges->item));
	}
	return 0;
}

int idmap_plan_add(struct idmap_ranges *ranges, int64_t container_id, int64_t host_id, int64_t size,
		   const char *name, struct error *err)
{
	struct idmap_range *range;
	size_t i = ranges->n;

	if (i == RANGES_MAX)
		return error_set(err, EINVAL, "%s: more than the kernel's %d ranges", name,
				 RANGES_MAX);
	if (size <= 0)
		return error_set(err, EINVAL, "%s[%zu].size: must be more than 0", name, i);
	if (exceeds(container_id, size) || exceeds(host_id, size))
		return error_set(err, EINVAL, "%s[%zu]: goes beyond the last id, %lld", name, i,
				 JSON_ID_MAX);
	range = list_add(ranges);
	if (!range)
		return error_errno(err, ENOMEM, "plan id maps");
	*range = (struct idmap_range){ container_id, host_id, size };
	return check_overlap(ranges, name, err);
}

int idmap_plan_add_mappings(struct idmap_ranges *ranges, const struct spec_mapping *mappings,
			    size_t n, const char *name, struct error *err)
{
	for (const struct spec_mapping *m = mappings; m < mappings + n; m++)
		TRY(idmap_plan_add(ranges, m->container_id.value, m->host_id.value, m->size.value,
				   name, err));
	return 0;
}

static bool is_self(const struct idmap_ranges *ranges, uint32_t id)
{
	return ranges->n == 1 && ranges->item->size == 1 && ranges->item->host_id == id;
}

int idmap_plan_build(const struct spec_config *config, const struct host *host,
		     struct idmap_plan *ret, struct error *err)
{
	const struct spec_linux *l = config->linux_;
	const struct spec_namespace *user = spec_config_namespace(config, SPEC_NAMESPACE_USER);

	/* A joined one has its map already; what an engine says of it is not used. */
	if (!user || user->path)
		return 0;
	TRY(idmap_plan_add_mappings(&ret->uids, l->uid_mappings.item, l->uid_mappings.n,
				    "linux.uidMappings", err));
	TRY(idmap_plan_add_mappings(&ret->gids, l->gid_mappings.item, l->gid_mappings.n,
				    "linux.gidMappings", err));
	ret->method = host->privileged ? IDMAP_DIRECT :
		      is_self(&ret->uids, host->euid) && is_self(&ret->gids, host->egid) ?
					 IDMAP_SELF :
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

int idmap_plan_text(const struct idmap_ranges *ranges, char **ret, struct error *err)
{
	cleanup_str struct str text = {};

	for (size_t i = 0; i < ranges->n; i++)
		str_addf(&text, "%u %u %u\n", ranges->item[i].container_id, ranges->item[i].host_id,
			 ranges->item[i].size);
	return str_steal(&text, ret, err);
}

const struct idmap_range *idmap_plan_find(const struct idmap_ranges *ranges, int64_t container_id)
{
	for (size_t i = 0; i < ranges->n; i++) {
		const struct idmap_range *r = &ranges->item[i];

		if (container_id >= r->container_id && container_id - r->container_id < r->size)
			return r;
	}
	return NULL;
}

static int64_t host_id(const struct idmap_ranges *ranges, uint32_t id)
{
	const struct idmap_range *r = idmap_plan_find(ranges, id);

	if (ranges->n == 0)
		return id;
	return r ? (int64_t)r->host_id + (id - r->container_id) : -1;
}

int64_t idmap_plan_host_uid(const struct idmap_plan *plan, uint32_t container_id)
{
	return host_id(&plan->uids, container_id);
}

int64_t idmap_plan_host_gid(const struct idmap_plan *plan, uint32_t container_id)
{
	return host_id(&plan->gids, container_id);
}

bool idmap_plan_has_uid(const struct idmap_plan *plan, uint32_t container_id)
{
	return idmap_plan_host_uid(plan, container_id) >= 0;
}

bool idmap_plan_has_gid(const struct idmap_plan *plan, uint32_t container_id)
{
	return idmap_plan_host_gid(plan, container_id) >= 0;
}
