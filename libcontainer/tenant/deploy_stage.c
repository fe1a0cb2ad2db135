/* SPDX-License-Identifier: Apache-2.0 */
/*
 * staging/OP/tenants/NAME becomes tenants/NAME; staging/OP/scratch/NAME is the work directory of
 * the one mount before, and goes with staging. So the mount need not be synced (volatile),
 * which would cost as much as everything else: the commit syncs.
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "storage/tree_file.h"
#include "tenant/deploy.h"
#include "tenant/tenant_bundle.h"
#include "tenant/tenant_store.h"

static int make_directory(int dir_fd, const char *name, mode_t mode, struct error *err)
{
	int fd;

	if (mkdirat(dir_fd, name, mode) < 0)
		return error_errno(err, errno, "make the staged %s", name);
	fd = openat(dir_fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	return fd < 0 ? error_errno(err, errno, "open the staged %s", name) : fd;
}

/* The root directory of the tenant is upper's: it looks as the template's does. */
static int make_upper(const struct deploy_stage *stage, int dir_fd, struct error *err)
{
	cleanup_close int upper = make_directory(dir_fd, "upper", 0755, err);
	cleanup_close int top = -1;
	char path[STORAGE_PATH_MAX];
	struct stat st;
	int r;

	TRY(upper);
	TRY(storage_path(path, err, "layers/%s/diff", stage->layers->item[0]));
	top = storage_openat(stage->storage, path, O_RDONLY | O_DIRECTORY, err);
	TRY(top);
	if (fstat(top, &st) < 0)
		return error_errno(err, errno, "look at %s", path);
	r = tree_file_copy_attributes(top, upper, &st);
	return r < 0 ? error_errno(err, -r, "make the root directory as %s", path) : 0;
}

static int make_directories(const struct deploy_stage *stage, const struct tenant *tenant,
			    int dir_fd, struct error *err)
{
	char scratch[STORAGE_PATH_MAX];
	cleanup_close int fd = -1;

	TRY(storage_path(scratch, err, "scratch/%s", tenant->name));
	if (mkdirat(stage->staging_fd, scratch, 0700) < 0 || mkdirat(dir_fd, "work", 0700) < 0 ||
	    mkdirat(dir_fd, TENANT_BUNDLE_ROOTFS, 0755) < 0)
		return error_errno(err, errno, "make the directories of a tenant");
	fd = openat(dir_fd, "lock", O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return error_errno(err, errno, "make a tenant's lock");
	return make_upper(stage, dir_fd, err);
}

static int save_documents(const struct deploy_stage *stage, const struct tenant *tenant, int dir_fd,
			  struct error *err)
{
	struct snapshot_tree tree = {};

	tree.base.item = stage->layers->item;
	tree.base.n = stage->layers->n;
	TRY(tenant_bundle_save_tenant(dir_fd, tenant, err));
	TRY(tenant_bundle_save_config(dir_fd, tenant, err));
	TRY(tenant_bundle_save_rootfs(dir_fd, stage->storage->path, tenant, stage->layers, err));
	return tenant_bundle_save(dir_fd, "snapshots.json", &snapshot_tree_schema, &tree, err);
}

static int make_own(const struct deploy_stage *stage, const struct tenant *tenant,
		    struct error *err)
{
	char upper[STORAGE_PATH_MAX], work[STORAGE_PATH_MAX];
	struct tenant_root root = { stage->layers, upper, work, true };
	struct personalize personalize = stage->deploy->personalize;
	cleanup_close int fd = -1;

	TRY(storage_path(upper, err, "staging/%s/tenants/%s/upper", stage->journal_id,
			 tenant->name));
	TRY(storage_path(work, err, "staging/%s/scratch/%s", stage->journal_id, tenant->name));
	fd = tenant_root_mount(stage->storage, &stage->deploy->host, &root, err);
	TRY(fd);
	personalize.hostname = tenant->settings->hostname ? tenant->settings->hostname :
							    tenant->name;
	personalize.uuid = tenant->uuid;
	return personalize_apply(fd, &personalize, err);
}

int deploy_stage(const struct deploy_stage *stage, const struct tenant *tenant, struct error *err)
{
	cleanup_close int dir = -1;
	char path[STORAGE_PATH_MAX];

	TRY(storage_path(path, err, "tenants/%s", tenant->name));
	dir = make_directory(stage->staging_fd, path, 0700, err);
	TRY(dir);
	TRY(make_directories(stage, tenant, dir, err));
	TRY(save_documents(stage, tenant, dir, err));
	return make_own(stage, tenant, err);
}
