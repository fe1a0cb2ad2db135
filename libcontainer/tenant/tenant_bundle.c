/* SPDX-License-Identifier: Apache-2.0 */
#include "tenant/tenant_bundle.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "base/list.h"
#include "spec/rootfs.h"
#include "storage/storage.h"
#include "tenant/id_range.h"
#include "tenant/tenant_config.h"

int tenant_bundle_save(int dir_fd, const char *name, const struct json_schema *schema,
		       const void *document, struct error *err)
{
	cleanup_free char *text = NULL;

	TRY(json_encode(schema, document, JSON_INDENTED, &text, err));
	return file_replace(dir_fd, name, text, strlen(text), 0600, err);
}

int tenant_bundle_save_tenant(int dir_fd, const struct tenant *tenant, struct error *err)
{
	return tenant_bundle_save(dir_fd, "tenant.json", &tenant_schema, tenant, err);
}

static int annotate(struct spec_config *config, struct error *err)
{
	struct json_pair *pair = list_add(&config->annotations);

	if (pair)
		*pair = (struct json_pair){ strdup(SPEC_ROOTFS_ANNOTATION),
					    strdup(TENANT_BUNDLE_ROOTFS ".json") };
	if (!pair || !pair->key || !pair->value)
		return error_errno(err, ENOMEM, "make a tenant's config");
	return 0;
}

int tenant_bundle_save_config(int dir_fd, const struct tenant *tenant, struct error *err)
{
	struct spec_config config = {};
	int r = tenant_config_build(tenant, TENANT_BUNDLE_ROOTFS, &config, err);

	if (r == 0)
		r = annotate(&config, err);
	if (r == 0)
		r = tenant_bundle_save(dir_fd, "config.json", &spec_config_schema, &config, err);
	json_release(&spec_config_schema, &config);
	return r;
}

static int add_layers(const struct strv *layers, struct spec_rootfs *ret, struct error *err)
{
	for (size_t i = 0; i < layers->n; i++) {
		char **item = list_add(&ret->lower);

		if (!item)
			return error_errno(err, ENOMEM, "describe a tenant's layers");
		TRY(str_printf(item, err, "layers/%s/diff", layers->item[i]));
	}
	return 0;
}

int tenant_bundle_save_rootfs(int dir_fd, const char *store, const struct tenant *tenant,
			      const struct strv *layers, struct error *err)
{
	struct spec_mapping map = { { true, 0 },
				    { true, tenant->id_base.value },
				    { true, ID_RANGE_SIZE } };
	char upper[STORAGE_PATH_MAX], work[STORAGE_PATH_MAX];
	struct spec_rootfs rootfs = { .store = (char *)store, .upper = upper, .work = work };
	int r;

	TRY(storage_path(upper, err, "tenants/%s/upper", tenant->name));
	TRY(storage_path(work, err, "tenants/%s/work", tenant->name));
	rootfs.uid_mappings.item = rootfs.gid_mappings.item = &map;
	rootfs.uid_mappings.n = rootfs.gid_mappings.n = 1;
	r = add_layers(layers, &rootfs, err);
	if (r == 0)
		r = tenant_bundle_save(dir_fd, TENANT_BUNDLE_ROOTFS ".json", &spec_rootfs_schema,
				       &rootfs, err);
	for (size_t i = 0; i < rootfs.lower.n; i++)
		free(rootfs.lower.item[i]);
	free(rootfs.lower.item);
	return r;
}
