/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/mount_idmap.h"

#include <errno.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/list.h"
#include "plan/mount_option.h"

/* What the options of a mount say, and where its half of the errors comes from. */
struct words {
	bool given, recursive;
	const char *map; /* behind "idmap="; NULL: none */
	char name[32];	 /* ".options[2]" */
};

static const struct mount_option *find_option(const char *text, const char **ret_map)
{
	size_t n = strcspn(text, "=");
	const struct mount_option *option;
	char name[8] = "";

	if (n >= sizeof name)
		return NULL;
	memcpy(name, text, n);
	option = mount_option_find(name);
	if (!option || option->kind != MOUNT_OPTION_IDMAP)
		return NULL;
	*ret_map = text[n] ? text + n + 1 : NULL;
	return option;
}

bool mount_idmap_is_option(const char *text)
{
	const char *map;

	return find_option(text, &map) != NULL;
}

static int read_options(const struct spec_mount *mount, struct words *ret, struct error *err)
{
	for (size_t k = 0; k < mount->options.n; k++) {
		const char *map;
		const struct mount_option *option = find_option(mount->options.item[k], &map);

		if (!option)
			continue;
		ret->given = true;
		ret->recursive |= option->recursive;
		if (!map)
			continue;
		if (ret->map || mount->uid_mappings.n)
			return error_set(err, EINVAL, ".options[%zu]: the mount has another id map",
					 k);
		ret->map = map;
		snprintf(ret->name, sizeof ret->name, ".options[%zu]", k);
	}
	return 0;
}

/* `id` and those after it as the container's user namespace has them, which may be in pieces. */
static int add_relative(const int64_t triplet[3], const struct idmap_ranges *own, const char *name,
			struct idmap_ranges *ranges, struct error *err)
{
	int64_t on_disk = triplet[0], id = triplet[1], size = triplet[2];

	while (size > 0) {
		const struct idmap_range *r = idmap_plan_find(own, id);
		int64_t n;

		if (!r)
			return error_set(err, EINVAL,
					 "%s: the container's user namespace does not map id %lld",
					 name, (long long)id);
		n = (int64_t)r->container_id + r->size - id;
		if (n > size)
			n = size;
		TRY(idmap_plan_add(ranges, on_disk, r->host_id + (id - r->container_id), n, name,
				   err));
		on_disk += n;
		id += n;
		size -= n;
	}
	return 0;
}

static size_t count(const char *text, char c)
{
	size_t n = 0;

	while ((text = strchr(text, c))) {
		text++;
		n++;
	}
	return n;
}

static int add_triplet(char *text, const struct idmap_ranges *own, const char *name,
		       struct idmap_ranges *ranges, struct error *err)
{
	bool relative = *text == '@';
	int64_t triplet[3];
	char *rest = text + relative;

	if (count(text, '-') != 2)
		return error_set(err, EINVAL, "%s: '%s' is not FILE-SYSTEM-ID '-' HOST-ID '-' SIZE",
				 name, text);
	for (int i = 0; i < 3; i++) {
		long long value;

		TRY(str_to_int(strsep(&rest, "-"), name, i == 2, JSON_ID_MAX, &value, err));
		triplet[i] = value;
	}
	if (relative)
		return add_relative(triplet, own, name, ranges, err);
	return idmap_plan_add(ranges, triplet[0], triplet[1], triplet[2], name, err);
}

static int copy_ranges(const struct idmap_ranges *from, const char *name, struct idmap_ranges *ret,
		       struct error *err)
{
	for (size_t i = 0; i < from->n; i++) {
		const struct idmap_range *r = &from->item[i];

		TRY(idmap_plan_add(ret, r->container_id, r->host_id, r->size, name, err));
	}
	return 0;
}

/* uids=0-100000-10#@10-10-1;gids=... */
static int read_map(const struct words *words, const struct idmap_plan *own,
		    struct mount_idmap *ret, struct error *err)
{
	const struct {
		const char *key;
		const struct idmap_ranges *own;
		struct idmap_ranges *ranges;
	} halves[] = { { "uids", &own->uids, &ret->uids }, { "gids", &own->gids, &ret->gids } };
	cleanup_free char *text = strdup(words->map);
	char *rest = text;

	if (!text)
		return error_errno(err, ENOMEM, "%s", words->name);
	for (char *part; (part = strsep(&rest, ";"));) {
		const char *key = strsep(&part, "=");
		size_t h = strcmp(key, "gids") == 0;

		if (!part || strcmp(key, halves[h].key) != 0)
			return error_set(err, EINVAL,
					 "%s: '%s' is neither uids= nor gids=", words->name, key);
		for (char *triplet; (triplet = strsep(&part, "#"));)
			TRY(add_triplet(triplet, halves[h].own, words->name, halves[h].ranges,
					err));
	}
	for (size_t h = 0; h < 2; h++) {
		if (!halves[h].ranges->n)
			TRY(copy_ranges(halves[h].own, words->name, halves[h].ranges, err));
		if (!halves[h].ranges->n)
			return error_set(err, EINVAL, "%s: has no %s", words->name, halves[h].key);
	}
	return 0;
}

static int take_own_map(const struct mount_plan_facts *facts, struct mount_idmap *ret,
			struct error *err)
{
	if (!(facts->namespaces->present & CLONE_NEWUSER))
		return error_set(err, EINVAL,
				 ": an idmapped mount needs uidMappings and gidMappings, or a "
				 "container with a user namespace");
	ret->joined = !(facts->namespaces->clone & CLONE_NEWUSER);
	if (ret->joined)
		return 0;
	TRY(copy_ranges(&facts->idmap->uids, ".options", &ret->uids, err));
	return copy_ranges(&facts->idmap->gids, ".options", &ret->gids, err);
}

static int fill_map(const struct spec_mount *mount, const struct words *words,
		    const struct mount_plan_facts *facts, struct mount_idmap *ret,
		    struct error *err)
{
	if (words->map)
		return read_map(words, facts->idmap, ret, err);
	if (!mount->uid_mappings.n)
		return take_own_map(facts, ret, err);
	TRY(idmap_plan_add_mappings(&ret->uids, mount->uid_mappings.item, mount->uid_mappings.n,
				    ".uidMappings", err));
	return idmap_plan_add_mappings(&ret->gids, mount->gid_mappings.item, mount->gid_mappings.n,
				       ".gidMappings", err);
}

static bool same(const struct idmap_ranges *a, const struct idmap_ranges *b)
{
	return a->n == b->n && (!a->n || !memcmp(a->item, b->item, a->n * sizeof *a->item));
}

int mount_idmap_keep(struct mount_plan *plan, struct mount_idmap *map, size_t *ret,
		     struct error *err)
{
	struct mount_idmap *slot;

	for (size_t i = 0; i < plan->idmaps.n; i++) {
		const struct mount_idmap *known = &plan->idmaps.item[i];

		if (known->joined != map->joined || !same(&known->uids, &map->uids) ||
		    !same(&known->gids, &map->gids))
			continue;
		*ret = i + 1;
		return 0;
	}
	slot = list_add(&plan->idmaps);
	if (!slot)
		return error_errno(err, ENOMEM, ": plan mount");
	*slot = *map;
	*map = (struct mount_idmap){};
	*ret = plan->idmaps.n;
	return 0;
}

static int check_allowed(const struct mount_plan_facts *facts, const struct mount_op *op,
			 struct error *err)
{
	if (op->kind != MOUNT_OP_BIND && op->kind != MOUNT_OP_FILESYSTEM)
		return error_set(err, EINVAL,
				 ": only a bind mount or a new file system can be idmapped");
	if (!facts->host->privileged)
		return error_set(err, ENOTSUP,
				 ": the kernel lets only root make idmapped mounts: run ctr as "
				 "root, or give the files to ids of the container");
	return 0;
}

int mount_idmap_build(const struct spec_mount *mount, const struct mount_plan_facts *facts,
		      struct mount_plan *plan, struct mount_op *op, struct error *err)
{
	struct mount_idmap map = {};
	struct words words = {};
	int r;

	TRY(read_options(mount, &words, err));
	if (!words.given && !mount->uid_mappings.n)
		return 0;
	TRY(check_allowed(facts, op, err));
	r = fill_map(mount, &words, facts, &map, err);
	if (r == 0)
		r = mount_idmap_keep(plan, &map, &op->idmap, err);
	op->idmap_recursive = words.recursive;
	mount_idmap_release(&map);
	return r;
}

void mount_idmap_release(struct mount_idmap *map)
{
	free(map->uids.item);
	free(map->gids.item);
	*map = (struct mount_idmap){};
}

static void print_ranges(const char *key, const struct idmap_ranges *ranges, struct str *out)
{
	str_add(out, key);
	for (size_t i = 0; i < ranges->n; i++)
		str_addf(out, "%s%u-%u-%u", i ? "#" : "=", ranges->item[i].container_id,
			 ranges->item[i].host_id, ranges->item[i].size);
}

void mount_idmap_print(const struct mount_plan *plan, size_t idmap, bool recursive, struct str *out)
{
	const struct mount_idmap *map;

	if (!idmap)
		return;
	map = &plan->idmaps.item[idmap - 1];
	str_add(out, recursive ? " ridmap" : " idmap");
	if (map->joined)
		return;
	print_ranges("=uids", &map->uids, out);
	print_ranges(";gids", &map->gids, out);
}
