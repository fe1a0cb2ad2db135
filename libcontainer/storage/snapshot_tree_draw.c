/* SPDX-License-Identifier: Apache-2.0 */
/* The tree for people. */
#include <string.h>

#include "storage/snapshot_tree.h"

static bool stands_on(const struct snapshot_node *node, const char *parent)
{
	if (!node->parent || !parent)
		return !node->parent && !parent;
	return strcmp(node->parent, parent) == 0;
}

static const struct snapshot_node *next_child(const struct snapshot_tree *tree, const char *parent,
					      const struct snapshot_node *after)
{
	const struct snapshot_node *end = tree->nodes.item + tree->nodes.n;
	const struct snapshot_node *node = after ? after + 1 : tree->nodes.item;

	while (node < end && !stands_on(node, parent))
		node++;
	return node < end ? node : NULL;
}

static void draw_node(const struct snapshot_tree *tree, const struct snapshot_node *node,
		      struct str *ret)
{
	bool current = tree->current && strcmp(tree->current, node->name) == 0;

	str_addf(ret, "%s%s", current ? "* " : "", node->name);
	if (node->created)
		str_addf(ret, "  %s", node->created);
	if (node->description)
		str_addf(ret, "  %s", node->description);
	str_add(ret, "\n");
}

/* Trees are as deep as chains are long, which is bounded. */
static void draw(const struct snapshot_tree *tree, const char *parent, const char *margin,
		 struct str *ret)
{
	const struct snapshot_node *node = next_child(tree, parent, NULL);

	while (node) {
		const struct snapshot_node *next = next_child(tree, parent, node);
		cleanup_str struct str deeper = {};

		str_addf(&deeper, "%s%s", margin, next ? "|   " : "    ");
		str_addf(ret, "%s%s", margin, next ? "|-- " : "`-- ");
		draw_node(tree, node, ret);
		draw(tree, node->name, deeper.text ? deeper.text : "", ret);
		node = next;
	}
}

int snapshot_tree_draw(const struct snapshot_tree *tree, char **ret, struct error *err)
{
	cleanup_str struct str text = {};

	str_addf(&text, "%sbase\n", tree->current ? "" : "* ");
	draw(tree, NULL, "", &text);
	return str_steal(&text, ret, err);
}
