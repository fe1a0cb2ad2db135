/* SPDX-License-Identifier: Apache-2.0 */
#include "storage/snapshot_tree.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "storage/layer.h"

static struct snapshot_tree tree;
static struct error err;
static unsigned next_layer;

static void begin(void)
{
	static const char base[] = "{\"base\":[\"00000000000000b1\",\"00000000000000b0\"]}";

	next_layer = 1;
	tree = (struct snapshot_tree){};
	cr_assert_eq(json_decode(&snapshot_tree_schema, base, strlen(base), &tree, &err), 0);
}

static void end(void)
{
	snapshot_tree_release(&tree);
}

static void add(const char *name)
{
	char layer[24];

	snprintf(layer, sizeof layer, "%016x", next_layer++);
	cr_assert_eq(snapshot_tree_add(&tree, &(struct snapshot_new){ .name = name, .layer = layer }, &err),
		     0, "%s", err.text);
}

static void switch_to(const char *name)
{
	cleanup_strv struct strv gone = {};

	cr_assert_eq(snapshot_tree_switch(&tree, name, &gone, &err), 0, "%s", err.text);
}

/* The layers as their last digits: "21 b1b0" would be two above the base. */
static const char *text_of(const struct strv *layers)
{
	static char text[400];
	size_t n = 0;

	for (size_t i = 0; i < layers->n; i++)
		n += (size_t)snprintf(text + n, sizeof text - n, "%s%s", i ? " " : "",
				      layers->item[i] + 14);
	text[n] = '\0';
	return text;
}

static void expect_layers(const char *name, const char *expected)
{
	cleanup_strv struct strv layers = {};

	cr_assert_eq(snapshot_tree_layers(&tree, name, &layers, &err), 0, "%s", err.text);
	cr_assert_str_eq(text_of(&layers), expected, "%s: %s", name ? name : "base", text_of(&layers));
}

static void expect_now(const char *expected)
{
	cleanup_strv struct strv layers = {};

	cr_assert_eq(snapshot_tree_layers_now(&tree, &layers, &err), 0);
	cr_assert_str_eq(text_of(&layers), expected, "now: %s", text_of(&layers));
}

static void expect_removed(const char *name, bool children, const char *expected)
{
	cleanup_strv struct strv gone = {};

	cr_assert_eq(snapshot_tree_remove(&tree, name, children, &gone, &err), 0, "%s", err.text);
	cr_assert_str_eq(text_of(&gone), expected, "%s: %s", name, text_of(&gone));
}

TestSuite(snapshot_tree, .init = begin, .fini = end);

Test(snapshot_tree, snapshots_stand_on_each_other)
{
	add("a");
	add("b");
	expect_layers("b", "02 01 b1 b0");
	expect_layers("a", "01 b1 b0");
	expect_layers(NULL, "b1 b0");
	expect_now("02 01 b1 b0");
}

Test(snapshot_tree, a_switch_begins_a_branch)
{
	add("a");
	add("b");
	switch_to("a");
	add("c");
	expect_layers("c", "03 01 b1 b0");
	expect_layers("b", "02 01 b1 b0");
	switch_to(NULL);
	expect_now("b1 b0");
}

Test(snapshot_tree, deleting_in_the_middle_leaves_the_children_as_they_are)
{
	add("a");
	add("b");
	add("c");
	expect_removed("b", false, "");
	expect_layers("c", "03 02 01 b1 b0");
	cr_assert_str_eq(snapshot_tree_mergeable(&tree)->name, "c");
	cr_assert_eq(snapshot_tree_merged(&tree, "c", "00000000000000cc", &err), 0);
	expect_layers("c", "cc 01 b1 b0");
	cr_assert_null(snapshot_tree_mergeable(&tree));
}

Test(snapshot_tree, what_two_children_share_is_not_merged)
{
	add("a");
	add("b");
	switch_to("a");
	add("c");
	expect_removed("a", false, "");
	expect_layers("b", "02 01 b1 b0");
	expect_layers("c", "03 01 b1 b0");
	cr_assert_null(snapshot_tree_mergeable(&tree));
	switch_to(NULL);
	expect_removed("b", false, "02");
	cr_assert_str_eq(snapshot_tree_mergeable(&tree)->name, "c");
}

Test(snapshot_tree, deleting_the_current_one_leaves_what_is_there_now)
{
	add("a");
	add("b");
	expect_removed("b", false, "");
	expect_now("02 01 b1 b0");
	cr_assert_str_eq(tree.current, "a");
	add("c");
	expect_layers("c", "03 02 01 b1 b0");
	cr_assert_eq(tree.layers.n, 0);
}

Test(snapshot_tree, a_leaf_goes_with_its_layer)
{
	add("a");
	add("b");
	switch_to("a");
	expect_removed("b", false, "02");
}

Test(snapshot_tree, children_go_along_unless_they_are_in_use)
{
	cleanup_strv struct strv gone = {};

	add("a");
	add("b");
	add("c");
	cr_assert_eq(snapshot_tree_remove(&tree, "a", true, &gone, &err), -EBUSY);
	switch_to(NULL);
	expect_removed("a", true, "03 02 01");
	cr_assert_eq(tree.nodes.n, 0);
}

Test(snapshot_tree, leaving_the_rest_of_a_deleted_one_gives_it_up)
{
	cleanup_strv struct strv gone = {};

	add("a");
	expect_removed("a", false, "");
	cr_assert_eq(snapshot_tree_switch(&tree, NULL, &gone, &err), 0);
	cr_assert_str_eq(text_of(&gone), "01");
	expect_now("b1 b0");
}

Test(snapshot_tree, a_new_name_is_known_everywhere)
{
	add("a");
	add("b");
	cr_assert_eq(snapshot_tree_rename(&tree, "a", "z", &err), 0);
	cr_assert_eq(snapshot_tree_rename(&tree, "b", "y", &err), 0);
	cr_assert_str_eq(tree.current, "y");
	expect_layers("y", "02 01 b1 b0");
	cr_assert_eq(snapshot_tree_rename(&tree, "y", "z", &err), -EEXIST);
	cr_assert_eq(snapshot_tree_rename(&tree, "a", "x", &err), -ENOENT);
	cr_assert_eq(snapshot_tree_rename(&tree, "y", "-x", &err), -EINVAL);
}

Test(snapshot_tree, names_are_unique_and_plain)
{
	add("a");
	cr_assert_eq(snapshot_tree_add(&tree, &(struct snapshot_new){ .name = "a", .layer = "0" }, &err),
		     -EEXIST);
	cr_assert_eq(snapshot_tree_check_name("2026-01-01T10:00", &err), 0);
	cr_assert_eq(snapshot_tree_check_name("", &err), -EINVAL);
	cr_assert_eq(snapshot_tree_check_name("a/b", &err), -EINVAL);
	cr_assert_eq(snapshot_tree_check_name(".a", &err), -EINVAL);
}

Test(snapshot_tree, a_chain_that_is_too_long_says_so)
{
	char name[16];

	for (int i = 0; i < LAYER_CHAIN_MAX - 3; i++) {
		snprintf(name, sizeof name, "s%d", i);
		add(name);
	}
	cr_assert_eq(snapshot_tree_add(&tree, &(struct snapshot_new){ .name = "x", .layer = "1" }, &err),
		     -ENOSPC);
	cr_assert(strstr(err.text, "delete snapshots"), "%s", err.text);
}

Test(snapshot_tree, a_document_that_makes_no_sense_is_refused)
{
	static const char *const bad[] = {
		"{\"current\":\"a\"}",
		"{\"base\":[\"x\"]}",
		"{\"nodes\":[{\"name\":\"a\",\"parent\":\"a\"}]}",
		"{\"nodes\":[{\"name\":\"a\",\"parent\":\"b\"},{\"name\":\"b\"}]}",
		"{\"nodes\":[{\"name\":\"a\"},{\"name\":\"a\"}]}",
		"{\"nodes\":[{\"name\":\"a\",\"layers\":[\"../../etc\"]}]}",
	};

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct snapshot_tree other = {};

		cr_assert_eq(json_decode(&snapshot_tree_schema, bad[i], strlen(bad[i]), &other, &err), 0);
		cr_assert_eq(snapshot_tree_check(&other, &err), -EINVAL, "%s", bad[i]);
		snapshot_tree_release(&other);
	}
}

Test(snapshot_tree, the_drawing_shows_branches_and_where_we_are)
{
	char *text = NULL;

	add("a");
	add("b");
	switch_to("a");
	add("c");
	switch_to(NULL);
	add("d");
	cr_assert_eq(snapshot_tree_draw(&tree, &text, &err), 0);
	cr_assert_str_eq(text, "base\n|-- a\n|   |-- b\n|   `-- c\n`-- * d\n", "%s", text);
	free(text);
}

/* --- random operations: whatever is removed or merged, the others stay what they are --------- */

/* What a layer holds: merged ones hold two others'. */
static void contents(const char *layer, char merged[][2][24], size_t n_merged, char *ret)
{
	for (size_t i = 0; i < n_merged; i++) {
		char id[24];

		snprintf(id, sizeof id, "%016x", (unsigned)(0x10000 + i));
		if (strcmp(id, layer) == 0) {
			contents(merged[i][0], merged, n_merged, ret);
			contents(merged[i][1], merged, n_merged, ret);
			return;
		}
	}
	strcat(ret, layer + 10);
	strcat(ret, " ");
}

struct world {
	char merged[600][2][24];
	size_t n_merged;
	struct {
		char name[16];
		char holds[4000];
	} known[64];
};

static void holds(const struct world *w, const char *name, char *ret)
{
	cleanup_strv struct strv layers = {};

	cr_assert_eq(snapshot_tree_layers(&tree, name, &layers, &err), 0);
	*ret = '\0';
	for (size_t i = 0; i < layers.n; i++)
		contents(layers.item[i], (char(*)[2][24])w->merged, w->n_merged, ret);
}

static void check_world(struct world *w)
{
	char now[4000];

	cr_assert_eq(snapshot_tree_check(&tree, &err), 0, "%s", err.text);
	for (size_t i = 0; i < 64; i++) {
		if (!w->known[i].name[0])
			continue;
		if (!snapshot_tree_find(&tree, w->known[i].name)) {
			w->known[i].name[0] = '\0';
			continue;
		}
		holds(w, w->known[i].name, now);
		cr_assert_str_eq(now, w->known[i].holds, "%s", w->known[i].name);
	}
}

static const char *any(unsigned random)
{
	return tree.nodes.n ? tree.nodes.item[random % tree.nodes.n].name : NULL;
}

static void one_step(struct world *w, unsigned step)
{
	cleanup_strv struct strv gone = {};
	unsigned what = (unsigned)random() % 10;
	const struct snapshot_node *node = snapshot_tree_mergeable(&tree);
	size_t slot = step % 64;
	char name[16], from[16];

	if (what < 4 && !w->known[slot].name[0] && tree.nodes.n < 60) {
		snprintf(name, sizeof name, "n%u", step);
		add(name);
		strcpy(w->known[slot].name, name);
		holds(w, name, w->known[slot].holds);
	} else if (what < 6) {
		switch_to(what == 4 ? NULL : any((unsigned)random()));
	} else if (what < 8 && any((unsigned)random())) {
		snprintf(name, sizeof name, "%s", any((unsigned)random()));
		snapshot_tree_remove(&tree, name, random() % 4 == 0, &gone, &err);
	} else if (node && w->n_merged < 600) {
		snprintf(from, sizeof from, "%s", node->name);
		strcpy(w->merged[w->n_merged][0], node->layers.item[0]);
		strcpy(w->merged[w->n_merged][1], node->layers.item[1]);
		snprintf(name, sizeof name, "%s", from);
		char layer[24];
		snprintf(layer, sizeof layer, "%016x", (unsigned)(0x10000 + w->n_merged++));
		cr_assert_eq(snapshot_tree_merged(&tree, from, layer, &err), 0);
	}
}

Test(snapshot_tree, thousands_of_random_changes_keep_every_snapshot_as_it_was)
{
	for (unsigned seed = 1; seed <= 20; seed++) {
		struct world *w = calloc(1, sizeof *w);

		srandom(seed);
		for (unsigned step = 0; step < 500; step++) {
			one_step(w, step);
			check_world(w);
		}
		free(w);
		end();
		begin();
	}
}
