/* SPDX-License-Identifier: Apache-2.0 */
/*
 * For the tests of the mount plan's files: the operations of a config, as text.
 */
#pragma once

#include "fixture.h"
#include "plan/mount_print.h"

struct mounts_fixture {
	struct host host;
	struct spec_config config;
	struct namespace_plan namespaces;
	struct idmap_plan idmap;
	struct mount_plan plan;
	struct error err;
	char *text;
	int result;
};

/* Plan "{...}" with a bundle /b and the rootfs /b/rootfs. */
static inline void mounts_fixture_plan(struct mounts_fixture *f, const char *config)
{
	struct mount_plan_facts facts = { .host = &f->host,
					  .bundle = "/b",
					  .rootfs = "/b/rootfs",
					  .namespaces = &f->namespaces,
					  .idmap = &f->idmap };
	struct str text = {};

	f->config = fixture_config(config);
	cr_assert_eq(namespace_plan_build(&f->config, &f->host, &f->namespaces, &f->err), 0);
	cr_assert_eq(idmap_plan_build(&f->config, &f->host, &f->idmap, &f->err), 0);
	f->result = mount_plan_build(&f->config, &facts, &f->plan, &f->err);
	mount_print(&f->plan, &text);
	cr_assert_eq(str_steal(&text, &f->text, &f->err), 0);
}

static inline void mounts_fixture_release(struct mounts_fixture *f)
{
	free(f->text);
	mount_plan_release(&f->plan);
	idmap_plan_release(&f->idmap);
	namespace_plan_release(&f->namespaces);
	fixture_release(&f->config);
}

/* The first operation on a target; fails the test when there is none. */
static inline const struct mount_op *mounts_fixture_op(const struct mounts_fixture *f,
						       const char *target)
{
	for (size_t i = 0; i < f->plan.ops.n; i++)
		if (!strcmp(f->plan.ops.item[i].target, target))
			return &f->plan.ops.item[i];
	cr_assert_fail("nothing on %s", target);
	return NULL;
}

/* A config with a new mount namespace and these members of the document and of linux. */
#define MOUNTS_CONFIG(members, linux_members)                     \
	"{'ociVersion':'1.2.0','root':{'path':'rootfs'}," members \
	"'linux':{'namespaces':[{'type':'mount'}]" linux_members "}}"
