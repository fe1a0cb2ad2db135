/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Idmapped mounts: mounts[].uidMappings and gidMappings, and the options idmap and
 * ridmap (config.md#mounts), where
 *
 *	idmap			is the container's own user namespace's map,
 *	idmap=uids=C-H-S#...;gids=C-H-S#...	is crun's form, which podman writes:
 *
 * C is the first id as the file system has it, H the host's, S their number. With "@"
 * before it H is an id of the container's user namespace. Half a map takes the other
 * half from the container's. The properties without an option mean idmap.
 */
#pragma once

#include "base/str.h"
#include "plan/mount_plan.h"

/* Is it one of these options, with a map or without? */
bool mount_idmap_is_option(const char *text);

/*
 * Give `op`, planned from `mount`, its map. Errors: EINVAL (no map to take, one given
 * twice, or broken), ENOTSUP (not for this user), ENOMEM; the text begins with the member.
 */
int mount_idmap_build(const struct spec_mount *mount, const struct mount_plan_facts *facts,
		      struct mount_plan *plan, struct mount_op *op, struct error *err);
void mount_idmap_release(struct mount_idmap *map);

/*
 * Put a map among the plan's, unless it is there: each distinct one is there once, for it costs a
 * user namespace. `*map` is emptied or the caller's; `*ret` is as op's. Errors: ENOMEM.
 */
int mount_idmap_keep(struct mount_plan *plan, struct mount_idmap *map, size_t *ret,
		     struct error *err);

/* Append " idmap=uids=0-100000-65536;gids=..." for what is not 0. */
void mount_idmap_print(const struct mount_plan *plan, size_t idmap, bool recursive,
		       struct str *out);
