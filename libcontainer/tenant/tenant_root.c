/* SPDX-License-Identifier: Apache-2.0 */
#include "tenant/tenant_root.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/mount.h>

#include "base/cleanup.h"
#include "kernel/mount.h"
#include "kernel/overlay.h"

struct lower {
	int *item;
	size_t n;
};

static void close_lower(struct lower *lower)
{
	for (size_t i = 0; i < lower->n; i++)
		cleanup_close_at(&lower->item[i]);
	free(lower->item);
}
#define cleanup_lower __attribute__((__cleanup__(close_lower)))

static int open_lower(int tree, const struct strv *layers, struct lower *ret, struct error *err)
{
	ret->item = calloc(layers->n, sizeof *ret->item);
	if (!ret->item)
		return error_errno(err, ENOMEM, "open layers");
	for (; ret->n < layers->n; ret->n++) {
		char path[STORAGE_PATH_MAX];
		int fd;

		TRY(storage_path(path, err, "layers/%s/diff", layers->item[ret->n]));
		fd = overlay_open_layer(tree, path, err);
		TRY(fd);
		ret->item[ret->n] = fd;
	}
	return 0;
}

int tenant_root_mount(const struct storage *storage, const struct tenant_host *host,
		      const struct tenant_root *root, struct error *err)
{
	cleanup_close int tree = mount_clone(storage->fd, 0, err);
	cleanup_lower struct lower lower = {};
	cleanup_close int upper = -1;
	cleanup_close int work = -1;

	TRY(tree);
	TRY(mount_set_attributes(tree, 0, 0, 0, MS_PRIVATE, err));
	TRY(open_lower(tree, root->layers, &lower, err));
	upper = overlay_open_layer(tree, root->upper, err);
	TRY(upper);
	work = overlay_open_layer(tree, root->work, err);
	TRY(work);
	return overlay_mount(&(struct overlay){ .lower = lower.item,
						.n_lower = lower.n,
						.upper = upper,
						.work = work,
						.trees = &tree,
						.n_trees = 1,
						.is_volatile = root->is_scratch,
						.detached = host->detached },
			     host->proc_fd, err);
}
