/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The layers of a root file system that is an overlay: a document beside config.json, which
 * names it by the annotation "ctr.rootfs": "rootfs.json".
 *
 *	{
 *	  "store": "/var/lib/ctr",
 *	  "lower": ["layers/b/diff", "layers/a/diff"],
 *	  "upper": "tenants/web1/upper",
 *	  "work": "tenants/web1/work",
 *	  "uidMappings": [{"containerID": 0, "hostID": 100000, "size": 65536}],
 *	  "gidMappings": [{"containerID": 0, "hostID": 100000, "size": 65536}]
 *	}
 *
 * `lower` has the topmost first. Paths are below the store, or absolute: what lies in the
 * store is taken from one clone of its mount. The maps say how ids on disk look on the
 * host, as those of a mount do (config.md#mounts); without them nothing is mapped.
 * root.path stays required and stays an empty directory.
 *
 * Why so: the annotation is in the document that is read anyhow, so other bundles pay
 * nothing; a tenant whose layers change keeps its config.json, and the change is one rename.
 * And annotations are what engines let others set: a value is a name in the bundle, never a
 * path, so that it cannot lead to a document inside an image; and the document must belong
 * to root or the caller. What it can name, root.path and mounts could name before; it is for
 * root alone, as idmapped mounts are.
 */
#pragma once

#include "spec/config.h"

#define SPEC_ROOTFS_ANNOTATION "ctr.rootfs"
#define SPEC_ROOTFS_LOWER_MAX  128 /* the kernel takes 500; each costs lookups of what is missing */

struct spec_rootfs {
	char *store;
	LIST_OF(char *) lower;
	char *upper, *work; /* both or neither: then it cannot be written to */
	LIST_OF(struct spec_mapping) uid_mappings, gid_mappings;
	bool is_volatile; /* nothing is synced; what is written does not outlive a crash */
};

extern const struct json_schema spec_rootfs_schema;

/* The rules between the properties. Errors: EINVAL, which begin with the property. */
int spec_rootfs_validate(const struct spec_rootfs *rootfs, struct error *err);

/* May the annotation have this value? A single name. Errors: EINVAL. */
int spec_rootfs_check_name(const char *name, struct error *err);
