/* SPDX-License-Identifier: Apache-2.0 */
#include "spec/rootfs.h"

#include <errno.h>
#include <string.h>

/* clang-format off */
SCHEMA(spec_rootfs,
	NEEDS_STRING(spec_rootfs, store, "store"),
	STRINGS(spec_rootfs, lower, "lower"),
	STRING(spec_rootfs, upper, "upper"),
	STRING(spec_rootfs, work, "work"),
	OBJECTS(spec_rootfs, uid_mappings, "uidMappings", spec_mapping),
	OBJECTS(spec_rootfs, gid_mappings, "gidMappings", spec_mapping),
	BOOL(spec_rootfs, is_volatile, "volatile"));
/* clang-format on */

static int check_lower(const struct spec_rootfs *rootfs, struct error *err)
{
	size_t least = rootfs->upper ? 1 : 2;

	if (rootfs->lower.n < least)
		return error_set(err, EINVAL, "lower: needs %zu layer%s or more%s", least,
				 least > 1 ? "s" : "",
				 rootfs->upper ? "" : " where upper is absent");
	if (rootfs->lower.n > SPEC_ROOTFS_LOWER_MAX)
		return error_set(err, EINVAL, "lower: %zu layers, more than %d (merge some)",
				 rootfs->lower.n, SPEC_ROOTFS_LOWER_MAX);
	for (size_t i = 0; i < rootfs->lower.n; i++)
		if (!*rootfs->lower.item[i])
			return error_set(err, EINVAL, "lower[%zu]: is empty", i);
	return 0;
}

int spec_rootfs_validate(const struct spec_rootfs *rootfs, struct error *err)
{
	if (*rootfs->store != '/')
		return error_set(err, EINVAL, "store: wants an absolute path");
	if (!rootfs->upper != !rootfs->work)
		return error_set(err, EINVAL, "%s: is missing", rootfs->upper ? "work" : "upper");
	if (rootfs->upper && (!*rootfs->upper || !*rootfs->work))
		return error_set(err, EINVAL, "%s: is empty", *rootfs->upper ? "work" : "upper");
	if (!rootfs->uid_mappings.n != !rootfs->gid_mappings.n)
		return error_set(err, EINVAL, "%s: is missing",
				 rootfs->uid_mappings.n ? "gidMappings" : "uidMappings");
	if (rootfs->is_volatile && !rootfs->upper)
		return error_set(err, EINVAL, "volatile: needs an upper");
	return check_lower(rootfs, err);
}

int spec_rootfs_check_name(const char *name, struct error *err)
{
	if (!*name || strchr(name, '/') || !strcmp(name, ".") || !strcmp(name, ".."))
		return error_set(err, EINVAL, "'%s' is not the name of a file in the bundle", name);
	return 0;
}
