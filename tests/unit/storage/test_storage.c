/* SPDX-License-Identifier: Apache-2.0 */
#include "storage/storage.h"

#include <errno.h>

#include "tests/unit/storage/fixture.h"
#include "storage/gc.h"
#include "storage/reference.h"

TestSuite(storage, .init = set_up, .fini = tear_down);

Test(storage, a_store_is_ours_alone)
{
	struct stat st;

	cr_assert_eq(fstat(storage.fd, &st), 0);
	cr_expect_eq(st.st_mode & 07777, 0700u);
}

Test(storage, a_directory_that_others_can_write_is_refused)
{
	struct storage other;

	cr_assert_eq(mkdir(at("open"), 0700), 0);
	cr_assert_eq(chmod(at("open"), 0777), 0);
	cr_expect_eq(storage_open(at("open"), STORAGE_MAKE, &other, &err), -EPERM);
}

Test(storage, nothing_is_made_to_look_at_it)
{
	struct storage other;

	cr_expect_eq(storage_open(at("none"), STORAGE_LOOK, &other, &err), -ENOENT);
	cr_expect_neq(access(at("none"), F_OK), 0);
	cr_assert_eq(mkdir(at("empty"), 0700), 0);
	cr_expect_eq(storage_open(at("empty"), STORAGE_LOOK, &other, &err), -ENOENT);
	cr_expect(strstr(err.text, "no store"));
}

Test(storage, another_format_is_refused)
{
	struct storage other;

	write_text("format", "ctr store 2\n");
	cr_expect_eq(storage_open(at("store"), STORAGE_MAKE, &other, &err), -ENOTSUP);
}

Test(storage, no_path_leads_out)
{
	cr_assert_eq(symlinkat("/etc", storage.fd, "layers/link"), 0);
	cr_expect_lt(storage_openat(&storage, "../x", O_RDONLY, &err), 0);
	cr_expect_lt(storage_openat(&storage, "/etc/passwd", O_RDONLY, &err), 0);
	cr_expect_eq(storage_openat(&storage, "layers/link/passwd", O_RDONLY, &err), -ELOOP);
	cr_expect_lt(storage_rename(&storage, "format", "layers/link/x", 0, &err), 0);
}

Test(storage, an_exclusive_lock_keeps_others_out)
{
	struct storage other;

	cr_assert_eq(storage_open(at("store"), STORAGE_LOOK, &other, &err), 0);
	cr_assert_eq(storage_lock(&storage, false, &err), 0);
	cr_expect_eq(storage_lock(&other, false, &err), 0);
	storage_close(&other);
}

static void make_template(const char *name, const char *layer)
{
	char path[STORAGE_PATH_MAX], text[200];

	cr_assert_eq(storage_path(path, &err, "templates/%s", name), 0);
	make_directory(path);
	strcat(path, "/template.json");
	snprintf(text, sizeof text, "{\"layers\": [\"%s\"]}", layer);
	write_text(path, text);
}

Test(storage, references_come_from_templates_tenants_and_snapshots)
{
	struct references references = { 0 };

	make_template("t", "0000000000000001");
	make_directory("tenants/a");
	write_text("tenants/a/tenant.json",
		   "{\"template\": {\"name\": \"t\"}, \"layers\": [\"0000000000000002\"]}");
	write_text("tenants/a/snapshots.json", "{\"base\": [\"0000000000000003\"], \"nodes\": "
		   "[{\"name\": \"s\", \"layers\": [\"0000000000000005\"]}]}");
	cr_assert_eq(reference_find(&storage, &references, &err), 0, "%s", err.text);
	cr_expect_str_eq(reference_holder(&references, "0000000000000001", NULL), "templates/t");
	cr_expect_null(reference_holder(&references, "0000000000000001", "templates/t"));
	cr_expect_str_eq(reference_holder(&references, "0000000000000002", NULL), "tenants/a");
	cr_expect(reference_holder(&references, "0000000000000003", NULL));
	cr_expect(reference_holder(&references, "0000000000000005", NULL));
	cr_expect_null(reference_holder(&references, "0000000000000004", NULL));
	cr_expect_str_eq(reference_user(&references, "t"), "tenants/a");
	cr_expect_null(reference_user(&references, "u"));
	references_release(&references);
}

Test(storage, gc_removes_layers_that_nobody_needs_and_nothing_else)
{
	struct gc_list would = { 0 }, did = { 0 };

	make_template("t", "0000000000000001");
	make_directory("layers/0000000000000001");
	make_directory("layers/0000000000000002");
	make_directory("trash/x");
	write_text("journal/.ctr-0123456789abcdef", "");
	cr_assert_eq(gc_look(&storage, &would, &err), 0, "%s", err.text);
	cr_expect_eq(would.items.n, 3u);
	cr_expect(is_there("layers/0000000000000002"));
	cr_assert_eq(gc_collect(&storage, &did, &err), 0, "%s", err.text);
	cr_expect_eq(did.items.n, 3u);
	cr_expect(is_there("layers/0000000000000001"));
	cr_expect_not(is_there("layers/0000000000000002"));
	cr_expect_not(is_there("trash/x"));
	cr_expect_not(is_there("journal/.ctr-0123456789abcdef"));
	gc_list_release(&did);
	cr_assert_eq(gc_collect(&storage, &did, &err), 0);
	cr_expect_eq(did.items.n, 0u, "the second run finds nothing");
	gc_list_release(&would);
}

Test(storage, gc_removes_nothing_while_a_document_is_damaged)
{
	struct gc_list did = { 0 };

	make_directory("templates/t");
	write_text("templates/t/template.json", "{");
	make_directory("layers/0000000000000002");
	cr_expect_eq(gc_collect(&storage, &did, &err), -EINVAL);
	cr_expect(strstr(err.text, "templates/t/template.json"));
	cr_expect(is_there("layers/0000000000000002"));
	gc_list_release(&did);
}
