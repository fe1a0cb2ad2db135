/* SPDX-License-Identifier: Apache-2.0 */
#include "storage/snapshot_tree.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/list.h"
#include "storage/layer.h"

#define NAME_MAX_ 63

/* clang-format off */
static SCHEMA(snapshot_node,
	NEEDS_STRING(snapshot_node, name, "name"),
	STRING(snapshot_node, parent, "parent"),
	STRINGS(snapshot_node, layers, "layers"),
	STRING(snapshot_node, created, "created"),
	STRING(snapshot_node, description, "description"),
	BOOL(snapshot_node, automatic, "automatic"));

SCHEMA(snapshot_tree,
	STRINGS(snapshot_tree, base, "base"),
	OBJECTS(snapshot_tree, nodes, "nodes", snapshot_node),
	STRING(snapshot_tree, current, "current"),
	STRINGS(snapshot_tree, layers, "layers"));
/* clang-format on */

void snapshot_tree_release(struct snapshot_tree *tree)
{
	json_release(&snapshot_tree_schema, tree);
}

static int out_of_memory(struct error *err)
{
	return error_errno(err, ENOMEM, "change a snapshot tree");
}

static int no_such(const char *name, struct error *err)
{
	return error_set(err, ENOENT, "snapshot `%.64s` does not exist", name);
}

int snapshot_tree_check_name(const char *name, struct error *err)
{
	size_t n = 0;

	while (isalnum((unsigned char)name[n]) || (n > 0 && name[n] && strchr("_.:+-", name[n])))
		n++;
	if (n > 0 && n <= NAME_MAX_ && !name[n])
		return 0;
	return error_set(err, EINVAL,
			 "snapshot name `%.64s`: wants a letter or digit, then letters, digits and "
			 "_.:+-, %d at most",
			 name, NAME_MAX_);
}

struct snapshot_node *snapshot_tree_find(const struct snapshot_tree *tree, const char *name)
{
	for (size_t i = 0; i < tree->nodes.n; i++)
		if (strcmp(tree->nodes.item[i].name, name) == 0)
			return &tree->nodes.item[i];
	return NULL;
}

static int check_layers(const char *where, char *const *layers, size_t n, struct error *err)
{
	for (size_t i = 0; i < n; i++)
		if (!storage_is_id(layers[i]))
			return error_set(err, EINVAL, "%s: `%.32s` is no layer", where, layers[i]);
	return 0;
}

static int check_node(const struct snapshot_tree *tree, const struct snapshot_node *node,
		      struct error *err)
{
	const struct snapshot_node *parent = NULL;

	TRY(snapshot_tree_check_name(node->name, err));
	if (snapshot_tree_find(tree, node->name) != node)
		return error_set(err, EINVAL, "snapshot `%s` is there twice", node->name);
	TRY(check_layers(node->name, node->layers.item, node->layers.n, err));
	if (node->parent)
		parent = snapshot_tree_find(tree, node->parent);
	if (node->parent && (!parent || parent >= node))
		return error_set(err, EINVAL,
				 "snapshot `%s` stands on `%.64s`, which does not come before it", node->name,
				 node->parent);
	return 0;
}

int snapshot_tree_check(const struct snapshot_tree *tree, struct error *err)
{
	TRY(check_layers("base", tree->base.item, tree->base.n, err));
	TRY(check_layers("layers", tree->layers.item, tree->layers.n, err));
	for (size_t i = 0; i < tree->nodes.n; i++)
		TRY(check_node(tree, &tree->nodes.item[i], err));
	if (tree->current && !snapshot_tree_find(tree, tree->current))
		return error_set(err, EINVAL, "current: snapshot `%.64s` does not exist", tree->current);
	return 0;
}

static int add_layers(char *const *layers, size_t n, struct strv *ret, struct error *err)
{
	for (size_t i = 0; i < n; i++)
		TRY(strv_add(ret, layers[i], err));
	return 0;
}

int snapshot_tree_layers(const struct snapshot_tree *tree, const char *name, struct strv *ret,
			 struct error *err)
{
	while (name) {
		const struct snapshot_node *node = snapshot_tree_find(tree, name);

		if (!node)
			return no_such(name, err);
		TRY(add_layers(node->layers.item, node->layers.n, ret, err));
		name = node->parent;
	}
	return add_layers(tree->base.item, tree->base.n, ret, err);
}

int snapshot_tree_layers_now(const struct snapshot_tree *tree, struct strv *ret, struct error *err)
{
	TRY(add_layers(tree->layers.item, tree->layers.n, ret, err));
	return snapshot_tree_layers(tree, tree->current, ret, err);
}

static int replace_text(char **text, const char *new_text, struct error *err)
{
	char *copy = new_text ? strdup(new_text) : NULL;

	if (new_text && !copy)
		return out_of_memory(err);
	free(*text);
	*text = copy;
	return 0;
}

static int check_new_name(const struct snapshot_tree *tree, const char *name, struct error *err)
{
	TRY(snapshot_tree_check_name(name, err));
	if (snapshot_tree_find(tree, name))
		return error_set(err, EEXIST, "snapshot `%s` exists already", name);
	return 0;
}

static int add_layer(struct snapshot_node *node, const char *layer, struct error *err)
{
	char **slot = list_add(&node->layers);

	return slot ? replace_text(slot, layer, err) : out_of_memory(err);
}

/* The new node takes what was between the writable layer and the current one. */
static int take_loose(struct snapshot_tree *tree, struct snapshot_node *node, struct error *err)
{
	for (size_t i = 0; i < tree->layers.n; i++) {
		TRY(add_layer(node, tree->layers.item[i], err));
		free(tree->layers.item[i]);
		tree->layers.item[i] = NULL;
	}
	tree->layers.n = 0;
	return 0;
}

int snapshot_tree_add(struct snapshot_tree *tree, const struct snapshot_new *new_node,
		      struct error *err)
{
	cleanup_strv struct strv chain = {};
	struct snapshot_node *node;

	TRY(check_new_name(tree, new_node->name, err));
	TRY(snapshot_tree_layers_now(tree, &chain, err));
	/* One more for the writable layer that will stand on it. */
	if (chain.n + 2 > LAYER_CHAIN_MAX)
		return error_set(err, ENOSPC,
				 "there are %zu layers below, and %d are the most: delete snapshots that "
				 "are not needed",
				 chain.n, LAYER_CHAIN_MAX);
	node = list_add(&tree->nodes);
	if (!node)
		return out_of_memory(err);
	node->automatic = new_node->automatic;
	TRY(replace_text(&node->name, new_node->name, err));
	TRY(replace_text(&node->parent, tree->current, err));
	TRY(replace_text(&node->created, new_node->created, err));
	TRY(replace_text(&node->description, new_node->description, err));
	TRY(add_layer(node, new_node->layer, err));
	TRY(take_loose(tree, node, err));
	return replace_text(&tree->current, new_node->name, err);
}

int snapshot_tree_rename(struct snapshot_tree *tree, const char *name, const char *new_name,
			 struct error *err)
{
	struct snapshot_node *node = snapshot_tree_find(tree, name);
	bool current = tree->current && strcmp(tree->current, name) == 0;

	if (!node)
		return no_such(name, err);
	if (strcmp(name, new_name) == 0)
		return 0;
	TRY(check_new_name(tree, new_name, err));
	for (size_t i = 0; i < tree->nodes.n; i++) {
		char **parent = &tree->nodes.item[i].parent;

		if (*parent && strcmp(*parent, name) == 0)
			TRY(replace_text(parent, new_name, err));
	}
	if (current)
		TRY(replace_text(&tree->current, new_name, err));
	return replace_text(&node->name, new_name, err);
}

static bool is_child(const struct snapshot_node *node, const char *parent)
{
	return node->parent && strcmp(node->parent, parent) == 0;
}

static bool names_layer(const struct snapshot_node *node, const char *layer)
{
	for (size_t i = 0; i < node->layers.n; i++)
		if (strcmp(node->layers.item[i], layer) == 0)
			return true;
	return false;
}

static bool names_anywhere(const struct snapshot_tree *tree, const char *layer)
{
	for (size_t i = 0; i < tree->layers.n; i++)
		if (strcmp(tree->layers.item[i], layer) == 0)
			return true;
	for (size_t i = 0; i < tree->nodes.n; i++)
		if (names_layer(&tree->nodes.item[i], layer))
			return true;
	return false;
}

static int collect(const struct snapshot_tree *tree, char *const *layers, size_t n,
		   struct strv *ret, struct error *err)
{
	for (size_t i = 0; i < n; i++)
		if (!names_anywhere(tree, layers[i]))
			TRY(strv_add(ret, layers[i], err));
	return 0;
}

int snapshot_tree_switch(struct snapshot_tree *tree, const char *name, struct strv *ret_layers,
			 struct error *err)
{
	struct snapshot_node loose = {};
	int r;

	if (name && !snapshot_tree_find(tree, name))
		return no_such(name, err);
	r = take_loose(tree, &loose, err);
	if (r == 0)
		r = collect(tree, loose.layers.item, loose.layers.n, ret_layers, err);
	json_release(&snapshot_node_schema, &loose);
	TRY(r);
	return replace_text(&tree->current, name, err);
}

/* Take the node out of the list; `*ret` gets the layers that nothing else names. */
static int drop(struct snapshot_tree *tree, struct snapshot_node *node, struct strv *ret,
		struct error *err)
{
	struct snapshot_node gone = *node;
	size_t index = (size_t)(node - tree->nodes.item);
	int r;

	memmove(node, node + 1, (tree->nodes.n - index - 1) * sizeof *node);
	tree->nodes.n--;
	r = collect(tree, gone.layers.item, gone.layers.n, ret, err);
	json_release(&snapshot_node_schema, &gone);
	return r;
}

/* What the parent added comes below what the child adds. */
static int take_over(struct snapshot_node *child, const struct snapshot_node *parent,
		     struct error *err)
{
	for (size_t i = 0; i < parent->layers.n; i++)
		TRY(add_layer(child, parent->layers.item[i], err));
	return replace_text(&child->parent, parent->parent, err);
}

static int remove_subtree(struct snapshot_tree *tree, const char *name, struct strv *ret_layers,
			  struct error *err)
{
	/* Children stand behind their parents in the list, so the last one found has none. */
	for (size_t i = tree->nodes.n; i-- > 0;) {
		const char *ancestor = tree->nodes.item[i].name;

		while (ancestor && strcmp(ancestor, name) != 0)
			ancestor = snapshot_tree_find(tree, ancestor)->parent;
		if (ancestor)
			TRY(drop(tree, &tree->nodes.item[i], ret_layers, err));
	}
	return 0;
}

static bool is_below_now(const struct snapshot_tree *tree, const char *name)
{
	const char *at = tree->current;

	while (at && strcmp(at, name) != 0)
		at = snapshot_tree_find(tree, at)->parent;
	return at != NULL;
}

/* What is there now stands on the parent, with the node's layers in between. */
static int take_over_now(struct snapshot_tree *tree, const struct snapshot_node *node,
			 struct error *err)
{
	for (size_t i = 0; i < node->layers.n; i++) {
		char **slot = list_add(&tree->layers);

		if (!slot)
			return out_of_memory(err);
		TRY(replace_text(slot, node->layers.item[i], err));
	}
	return replace_text(&tree->current, node->parent, err);
}

int snapshot_tree_remove(struct snapshot_tree *tree, const char *name, bool children,
			 struct strv *ret_layers, struct error *err)
{
	struct snapshot_node *node = snapshot_tree_find(tree, name);

	if (!node)
		return no_such(name, err);
	if (children && is_below_now(tree, name))
		return error_set(err, EBUSY,
				 "what is there now stands on snapshot `%s`: switch to another one first",
				 tree->current);
	if (children)
		return remove_subtree(tree, name, ret_layers, err);
	for (size_t i = 0; i < tree->nodes.n; i++)
		if (is_child(&tree->nodes.item[i], name))
			TRY(take_over(&tree->nodes.item[i], node, err));
	if (tree->current && strcmp(tree->current, name) == 0)
		TRY(take_over_now(tree, node, err));
	return drop(tree, node, ret_layers, err);
}

const struct snapshot_node *snapshot_tree_mergeable(const struct snapshot_tree *tree)
{
	for (size_t i = 0; i < tree->nodes.n; i++) {
		const struct snapshot_node *node = &tree->nodes.item[i];
		size_t holders = 0;

		if (node->layers.n < 2)
			continue;
		for (size_t k = 0; k < tree->nodes.n; k++)
			holders += names_layer(&tree->nodes.item[k], node->layers.item[0]) ||
				   names_layer(&tree->nodes.item[k], node->layers.item[1]);
		if (holders == 1)
			return node;
	}
	return NULL;
}

int snapshot_tree_merged(struct snapshot_tree *tree, const char *name, const char *layer,
			 struct error *err)
{
	struct snapshot_node *node = snapshot_tree_find(tree, name);

	if (!node)
		return no_such(name, err);
	if (node->layers.n < 2)
		return error_set(err, EINVAL, "snapshot `%s` has nothing to merge", name);
	TRY(replace_text(&node->layers.item[0], layer, err));
	free(node->layers.item[1]);
	node->layers.n--;
	memmove(&node->layers.item[1], &node->layers.item[2],
		(node->layers.n - 1) * sizeof *node->layers.item);
	return 0;
}
