/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The snapshots of a tenant as a tree, and what each change of it means for layers: which
 * chain is mounted, which layers nobody needs any more, which two may become one. Pure; the
 * document is tenants/NAME/snapshots.json.
 *
 * A node's layers are what it adds to its parent, uppermost first: one when it is made; those
 * of a deleted parent join them until they are merged. The tenant's writable layer stands
 * above the current node.
 */
#pragma once

#include <stdbool.h>

#include "base/error.h"
#include "base/json.h"
#include "base/str.h"

struct snapshot_node {
	char *name;   /* what people call it; no two are the same */
	char *parent; /* a name; absent: it stands on the base */
	LIST_OF(char *) layers;
	char *created;	   /* RFC 3339 */
	char *description; /* absent: none */
	bool automatic;	   /* made by a switch, so that nothing is lost */
};

struct snapshot_tree {
	LIST_OF(char *) base; /* the layers that the tenant was made from */
	LIST_OF(struct snapshot_node) nodes;
	char *current; /* the node below the writable layer; absent: the base */
	LIST_OF(char *) layers; /* between the two: what a deleted current node added */
};

extern const struct json_schema snapshot_tree_schema;
void snapshot_tree_release(struct snapshot_tree *tree);
#define cleanup_snapshot_tree __attribute__((__cleanup__(snapshot_tree_release)))

/*
 * Does a decoded document make sense: every parent comes before its children, names and layer
 * ids are well-formed, names are unique, the current node is there? Errors: EINVAL.
 */
int snapshot_tree_check(const struct snapshot_tree *tree, struct error *err);

/* Names of snapshots: [A-Za-z0-9][A-Za-z0-9_.:+-]{0,62}. Errors: EINVAL. */
int snapshot_tree_check_name(const char *name, struct error *err);

/* NULL: there is none. */
struct snapshot_node *snapshot_tree_find(const struct snapshot_tree *tree, const char *name);

/*
 * The layers of the node `name` (NULL: of the base) with all below, uppermost first; and those
 * below the writable layer as it stands now. Errors: ENOENT, ENOMEM.
 */
int snapshot_tree_layers(const struct snapshot_tree *tree, const char *name, struct strv *ret,
			 struct error *err);
int snapshot_tree_layers_now(const struct snapshot_tree *tree, struct strv *ret, struct error *err);

struct snapshot_new {
	const char *name, *layer, *created, *description;
	bool automatic;
};

/*
 * The writable layer has become `layer`: a new node on the current one, and current itself.
 * Errors: EEXIST, EINVAL (name), ENOSPC (the chain would be too long: says to delete some), ENOMEM.
 */
int snapshot_tree_add(struct snapshot_tree *tree, const struct snapshot_new *new_node,
		      struct error *err);

/*
 * `name` becomes current; NULL: the base. The writable layer is the caller's. `*ret_layers` gets
 * the ids that this tree does not name any more. Errors: ENOENT, ENOMEM.
 */
int snapshot_tree_switch(struct snapshot_tree *tree, const char *name, struct strv *ret_layers,
			 struct error *err);

/* Children and `current` follow. Errors: ENOENT, EEXIST, EINVAL, ENOMEM. */
int snapshot_tree_rename(struct snapshot_tree *tree, const char *name, const char *new_name,
			 struct error *err);

/*
 * Remove a node. What it adds goes to each of its children and to what is there now, so that
 * all of them stay what they are. With `children` these go too, unless what is there now stands
 * on one of them (EBUSY). `*ret_layers` as above. Errors: ENOENT, EBUSY, ENOMEM.
 */
int snapshot_tree_remove(struct snapshot_tree *tree, const char *name, bool children,
			 struct strv *ret_layers, struct error *err);

/*
 * A node that adds several layers, of which the first two could become one: no other node names
 * either. NULL: there is none.
 */
const struct snapshot_node *snapshot_tree_mergeable(const struct snapshot_tree *tree);

/* The first two layers of the node have become `layer`. Errors: ENOENT, EINVAL, ENOMEM. */
int snapshot_tree_merged(struct snapshot_tree *tree, const char *name, const char *layer,
			 struct error *err);

/*
 * The tree as lines for people, one a node, children below their parent, "*" before the current
 * one, in the order in which they were made. Errors: ENOMEM.
 */
int snapshot_tree_draw(const struct snapshot_tree *tree, char **ret, struct error *err);
