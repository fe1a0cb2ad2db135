/* SPDX-License-Identifier: Apache-2.0 */
#include "tenant/tenant_store.h"

#include <errno.h>

#include "base/list.h"
#include "tenant/tenant_bundle.h"
#include "tests/unit/storage/fixture.h"

TestSuite(tenant_store, .init = set_up, .fini = tear_down);

static void make_tenant(const char *name, const char *layer)
{
	struct tenant_settings settings = {};
	struct tenant tenant = { .name = (char *)name,
				 .uuid = (char *)"c0ffee00-0000-4000-8000-000000000000",
				 .id_base = { true, 131072 },
				 .settings = &settings };
	struct snapshot_tree tree = {};
	char *layers[] = { (char *)layer };
	char path[128];
	int fd;

	snprintf(path, sizeof path, "tenants/%s", name);
	make_directory(path);
	fd = openat(storage.fd, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	cr_assert_geq(fd, 0);
	tree.base.item = layers;
	tree.base.n = 1;
	cr_assert_eq(tenant_bundle_save_tenant(fd, &tenant, &err), 0, "%s", err.text);
	cr_assert_eq(tenant_bundle_save_config(fd, &tenant, &err), 0, "%s", err.text);
	cr_assert_eq(tenant_bundle_save(fd, "snapshots.json", &snapshot_tree_schema, &tree, &err),
		     0, "%s", err.text);
	close(fd);
	snprintf(path, sizeof path, "tenants/%s/lock", name);
	write_text(path, "");
}

Test(tenant_store, what_was_saved_is_loaded)
{
	struct tenant tenant = {};
	struct snapshot_tree tree = {};

	make_tenant("web", "0000000000000001");
	cr_assert_eq(tenant_store_load(&storage, "web", &tenant, &err), 0, "%s", err.text);
	cr_expect_eq(tenant.id_base.value, 131072);
	cr_assert_eq(tenant_store_load_tree(&storage, "web", &tree, &err), 0, "%s", err.text);
	cr_expect_str_eq(tree.base.item[0], "0000000000000001");
	tenant_release(&tenant);
	snapshot_tree_release(&tree);
}

Test(tenant_store, what_is_not_there_is_said_by_name)
{
	struct tenant tenant = {};

	cr_expect_eq(tenant_store_load(&storage, "web", &tenant, &err), -ENOENT);
	cr_expect_str_eq(err.text, "tenant `web` does not exist");
	cr_expect_eq(tenant_store_lock(&storage, "web", &err), -ENOENT);
	cr_expect_eq(tenant_store_load(&storage, "../web", &tenant, &err), -EINVAL);
}

Test(tenant_store, a_document_of_another_tenant_is_damage)
{
	struct tenant tenant = {};

	make_tenant("web", "0000000000000001");
	cr_assert_eq(renameat(storage.fd, "tenants/web", storage.fd, "tenants/other"), 0);
	cr_expect_eq(tenant_store_load(&storage, "other", &tenant, &err), -EINVAL);
	cr_expect(strstr(err.text, "damaged"));
}

Test(tenant_store, remove_takes_the_layers_that_nobody_else_needs)
{
	make_directory("layers/0000000000000001");
	make_directory("layers/0000000000000002");
	make_tenant("a", "0000000000000001");
	make_tenant("b", "0000000000000001");
	make_tenant("c", "0000000000000002");
	cr_assert_eq(tenant_store_remove(&storage, "a", &err), 0, "%s", err.text);
	cr_expect_not(is_there("tenants/a"));
	cr_expect(is_there("layers/0000000000000001"));
	cr_assert_eq(tenant_store_remove(&storage, "b", &err), 0, "%s", err.text);
	cr_expect_not(is_there("layers/0000000000000001"));
	cr_expect(is_there("layers/0000000000000002"));
}

Test(tenant_store, a_damaged_one_can_be_removed)
{
	make_directory("layers/0000000000000001");
	make_tenant("a", "0000000000000001");
	write_text("tenants/a/snapshots.json", "{");
	cr_assert_eq(tenant_store_remove(&storage, "a", &err), 0, "%s", err.text);
	cr_expect_not(is_there("tenants/a"));
}
