/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/rootfs_plan.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/list.h"
#include "base/path.h"
#include "plan/mount_idmap.h"

/* Before it, overlayfs refuses layers of mounts that are not in the caller's namespace. */
#define KERNEL_DETACHED (6 << 16 | 15)

static int set_layer(const struct rootfs_plan *plan, const char *path, struct rootfs_layer *ret,
		     struct error *err)
{
	size_t n = strlen(plan->store);

	TRY(path_absolute(plan->store, path, &ret->path, err));
	if (path_is_below(ret->path, plan->store) && ret->path[n])
		ret->name = ret->path + n + (plan->store[n - 1] != '/');
	return 0;
}

static int add_lower(const struct spec_rootfs *rootfs, size_t i, struct rootfs_plan *plan,
		     struct error *err)
{
	struct rootfs_layer *layer = list_add(&plan->lower);

	if (!layer)
		return error_errno(err, ENOMEM, "plan the root file system");
	if (set_layer(plan, rootfs->lower.item[i], layer, err) < 0)
		return error_prefix(err, "lower[%zu]: ", i);
	for (size_t k = 0; k < i; k++)
		if (path_is_below(layer->path, plan->lower.item[k].path) ||
		    path_is_below(plan->lower.item[k].path, layer->path))
			return error_set(err, EINVAL, "lower[%zu]: %s overlaps lower[%zu]", i,
					 layer->path, k);
	return 0;
}

/* overlayfs writes to both, and renames from one to the other. */
static int set_writable(const struct spec_rootfs *rootfs, struct rootfs_plan *plan,
			struct error *err)
{
	const struct {
		const char *name, *path;
		struct rootfs_layer *layer;
	} parts[] = { { "upper", rootfs->upper, &plan->upper },
		      { "work", rootfs->work, &plan->work } };

	for (size_t p = 0; rootfs->upper && p < 2; p++) {
		const struct rootfs_layer *layer = parts[p].layer;

		if (set_layer(plan, parts[p].path, parts[p].layer, err) < 0)
			return error_prefix(err, "%s: ", parts[p].name);
		if (!layer->name)
			return error_set(err, EINVAL, "%s: %s is not below the store",
					 parts[p].name, layer->path);
		for (size_t i = 0; i < plan->lower.n; i++)
			if (path_is_below(layer->path, plan->lower.item[i].path) ||
			    path_is_below(plan->lower.item[i].path, layer->path))
				return error_set(err, EINVAL, "%s: %s overlaps lower[%zu]",
						 parts[p].name, layer->path, i);
	}
	if (rootfs->upper && (path_is_below(plan->work.path, plan->upper.path) ||
			      path_is_below(plan->upper.path, plan->work.path)))
		return error_set(err, EINVAL, "work: %s overlaps upper", plan->work.path);
	return 0;
}

static int set_map(const struct spec_rootfs *rootfs, struct mount_plan *mounts,
		   struct rootfs_plan *plan, struct error *err)
{
	struct mount_idmap map = {};
	const struct idmap_range *uid, *gid;
	int r;

	if (!rootfs->uid_mappings.n)
		return 0;
	r = idmap_plan_add_mappings(&map.uids, rootfs->uid_mappings.item, rootfs->uid_mappings.n,
				    "uidMappings", err);
	if (r == 0)
		r = idmap_plan_add_mappings(&map.gids, rootfs->gid_mappings.item,
					    rootfs->gid_mappings.n, "gidMappings", err);
	uid = idmap_plan_find(&map.uids, 0);
	gid = idmap_plan_find(&map.gids, 0);
	if (r == 0 && (!uid || !gid))
		r = error_set(err, EINVAL,
			      "%s: does not map 0, which owns what the overlay makes for itself",
			      uid ? "gidMappings" : "uidMappings");
	if (r == 0) {
		plan->uid = uid->host_id - uid->container_id;
		plan->gid = gid->host_id - gid->container_id;
		r = mount_idmap_keep(mounts, &map, &plan->idmap, err);
	}
	mount_idmap_release(&map);
	return r;
}

bool rootfs_plan_detached(const struct host *host)
{
	return host->kernel_version >= KERNEL_DETACHED;
}

static int check_host(const struct host *host, const struct mount_plan *mounts, struct error *err)
{
	if (!host->privileged || host->in_user_namespace)
		return error_set(err, ENOTSUP,
				 "a root file system of layers needs root on the host: run ctr as "
				 "root, or unpack it into a directory");
	if (!mounts->mount_namespace)
		return error_set(err, EINVAL,
				 "a root file system of layers needs a mount namespace (add "
				 "{\"type\": \"mount\"} to linux.namespaces)");
	return 0;
}

int rootfs_plan_build(const struct spec_rootfs *rootfs, const struct mount_plan_facts *facts,
		      struct mount_plan *mounts, struct rootfs_plan *ret, struct error *err)
{
	if (!rootfs)
		return 0;
	TRY(check_host(facts->host, mounts, err));
	TRY(path_absolute("/", rootfs->store, &ret->store, err));
	for (size_t i = 0; i < rootfs->lower.n; i++)
		TRY(add_lower(rootfs, i, ret, err));
	TRY(set_writable(rootfs, ret, err));
	ret->is_volatile = rootfs->is_volatile;
	ret->nodev = mount_plan_confined(facts);
	ret->detached = rootfs_plan_detached(facts->host);
	return set_map(rootfs, mounts, ret, err);
}

void rootfs_plan_release(struct rootfs_plan *plan)
{
	for (size_t i = 0; i < plan->lower.n; i++)
		free(plan->lower.item[i].path);
	free(plan->lower.item);
	free(plan->upper.path);
	free(plan->work.path);
	free(plan->store);
	*plan = (struct rootfs_plan){};
}

static void print_layer(const char *kind, const struct rootfs_layer *layer, struct str *out)
{
	if (layer->path)
		str_addf(out, "  %s %s%s\n", kind, layer->name ? layer->name : layer->path,
			 layer->name ? "" : " (a mount of its own)");
}

void rootfs_plan_print(const struct rootfs_plan *plan, const struct mount_plan *mounts,
		       struct str *out)
{
	if (!plan->store)
		return;
	str_addf(out, "\nroot overlay in %s", plan->store);
	mount_idmap_print(mounts, plan->idmap, false, out);
	if (plan->idmap)
		str_addf(out, " as %u:%u", plan->uid, plan->gid);
	str_addf(out, "%s%s%s\n", plan->is_volatile ? " volatile" : "", plan->nodev ? " nodev" : "",
		 plan->detached ? "" : " by a private mount namespace");
	for (size_t i = 0; i < plan->lower.n; i++)
		print_layer("lower", &plan->lower.item[i], out);
	print_layer("upper", &plan->upper, out);
	print_layer("work", &plan->work, out);
}
