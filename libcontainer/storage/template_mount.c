/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A template as a directory of the host, to look at. Servers do not come by here: their
 * overlay is mounted inside their own mount namespace.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/mount.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/list.h"
#include "base/str.h"
#include "kernel/mount.h"
#include "storage/layer.h"
#include "storage/template.h"

#define ATTRIBUTES (MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV)

typedef char fd_path[32];

struct options {
	struct mount_option_pair pair[LAYER_CHAIN_MAX + 1];
	fd_path path[LAYER_CHAIN_MAX];
	size_t n;
};

/* As ours: nothing in a layer is trusted to lead elsewhere. */
static void add_policy(struct options *options)
{
	options->pair[options->n++] = (struct mount_option_pair){ "redirect_dir", "nofollow" };
}

static int mount_by_layers(const struct template_layers *layers, struct error *err)
{
	struct options options = { .n = 0 };

	add_policy(&options);
	for (size_t i = 0; i < layers->lower.n; i++) {
		snprintf(options.path[i], sizeof options.path[i], "/proc/self/fd/%d",
			 layers->lower.item[i]);
		options.pair[options.n++] =
			(struct mount_option_pair){ "lowerdir+", options.path[i] };
	}
	return mount_new("overlay", "ctr-template", options.pair, options.n, ATTRIBUTES, err);
}

/* Before Linux 6.7 all in one value, which has room for about a dozen. */
static int mount_by_list(const struct template_layers *layers, struct error *err)
{
	struct options options = { .n = 0 };
	cleanup_free char *value = NULL;
	cleanup_str struct str text = { 0 };

	for (size_t i = 0; i < layers->lower.n; i++)
		str_addf(&text, "%s/proc/self/fd/%d", i ? ":" : "", layers->lower.item[i]);
	TRY(str_steal(&text, &value, err));
	add_policy(&options);
	options.pair[options.n++] = (struct mount_option_pair){ "lowerdir", value };
	return mount_new("overlay", "ctr-template", options.pair, options.n, ATTRIBUTES, err);
}

static int make_mount(const struct template_layers *layers, struct error *err)
{
	struct error inner = { 0 };
	int fd;

	if (layers->lower.n == 1) {
		fd = mount_clone(layers->lower.item[0], 0, err);
		if (fd >= 0 && mount_set_attributes(fd, 0, ATTRIBUTES, 0, 0, err) < 0) {
			close(fd);
			return -err->code;
		}
		return fd;
	}
	fd = mount_by_layers(layers, &inner);
	return fd == -EINVAL ? mount_by_list(layers, err) :
	       fd < 0	     ? error_set(err, inner.code, "%s", inner.text) :
			       fd;
}

static int mount_locked(const struct storage *storage, const char *name, int target_fd,
			struct error *err)
{
	cleanup_template_layers struct template_layers layers = TEMPLATE_LAYERS_EMPTY;
	cleanup_template struct spec_template template = { 0 };
	cleanup_close int fd = -1;

	TRY(template_load(storage, name, &template, err));
	TRY(template_open_layers(storage, &template, &layers, err));
	fd = make_mount(&layers, err);
	TRY(fd);
	return mount_attach(fd, target_fd, err);
}

int template_mount(struct storage *storage, const char *name, const char *path, struct error *err)
{
	cleanup_close int target = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	int r;

	TRY(storage_check_name("template", name, err));
	if (target < 0)
		return error_errno(err, errno, "open %s", path);
	/* Locked until it is mounted: then remove sees the mount. */
	TRY(storage_lock(storage, false, err));
	r = mount_locked(storage, name, target, err);
	storage_unlock(storage);
	return r < 0 ? error_prefix(err, "mount template `%s` on %s: ", name, path) : 0;
}
