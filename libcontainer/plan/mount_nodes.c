/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/mount_nodes.h"

#include <string.h>
#include <sys/stat.h>

#include "base/path.h"

static const struct {
	const char *path;
	unsigned major, minor;
} default_devices[] = {
	{ "/dev/null", 1, 3 },	 { "/dev/zero", 1, 5 },	   { "/dev/full", 1, 7 },
	{ "/dev/random", 1, 8 }, { "/dev/urandom", 1, 9 }, { "/dev/tty", 5, 0 },
};

static const struct {
	const char *path, *to;
} links[] = {
	{ "/dev/ptmx", "pts/ptmx" },	      { "/dev/fd", "/proc/self/fd" },
	{ "/dev/stdin", "/proc/self/fd/0" },  { "/dev/stdout", "/proc/self/fd/1" },
	{ "/dev/stderr", "/proc/self/fd/2" }, { "/dev/core", "/proc/kcore" },
};

static const mode_t types[] = {
	[SPEC_DEVICE_CHAR] = S_IFCHR,
	[SPEC_DEVICE_UNBUFFERED] = S_IFCHR,
	[SPEC_DEVICE_BLOCK] = S_IFBLK,
	[SPEC_DEVICE_FIFO] = S_IFIFO,
};

/* A /dev that is the host's has what it has; nothing may be made in it. */
static bool dev_is_bound(const struct mount_plan *plan)
{
	for (size_t i = 0; i < plan->ops.n; i++)
		if (plan->ops.item[i].kind == MOUNT_OP_BIND &&
		    !strcmp(plan->ops.item[i].target, "/dev"))
			return true;
	return false;
}

static bool has_target(const struct mount_plan *plan, enum mount_op_kind kind, const char *target)
{
	for (size_t i = 0; i < plan->ops.n; i++)
		if (plan->ops.item[i].kind == kind && !strcmp(plan->ops.item[i].target, target))
			return true;
	return false;
}

static int add_device(const struct spec_device *device, size_t i, bool confined,
		      struct mount_plan *plan, struct error *err)
{
	struct mount_op *op;
	const char *path;

	TRY(mount_plan_path(plan, "/", device->path, &path, err));
	/* ptmx is always the container's own, by the link below; engines list the host's. */
	if (!strcmp(path, "/dev/ptmx") || (path_is_below(path, "/dev") && dev_is_bound(plan)))
		return 0;
	op = mount_plan_add_op(plan, MOUNT_OP_DEVICE, err, "linux.devices[%zu]", i);
	if (!op)
		return -err->code;
	op->target = path;
	op->device.type = types[device->type.value];
	op->device.mode = device->file_mode.set ? device->file_mode.value & 07777 : 0666;
	op->device.major = device->major.value;
	op->device.minor = device->minor.value;
	op->device.uid = device->uid.value;
	op->device.gid = device->gid.value;
	/* A FIFO needs no privilege. */
	op->device.bind = confined && op->device.type != S_IFIFO;
	op->source = op->device.bind ? path : NULL;
	return 0;
}

static int add_default_device(size_t i, bool confined, struct mount_plan *plan, struct error *err)
{
	const char *path = default_devices[i].path;
	struct mount_op *op;

	if (has_target(plan, MOUNT_OP_DEVICE, path))
		return 0;
	op = mount_plan_add_op(plan, MOUNT_OP_DEVICE, err, "default device");
	if (!op)
		return -err->code;
	op->target = path;
	op->device.type = S_IFCHR;
	op->device.mode = 0666;
	op->device.major = default_devices[i].major;
	op->device.minor = default_devices[i].minor;
	op->device.keep = true;
	op->device.bind = confined;
	op->source = confined ? path : NULL;
	return 0;
}

int mount_nodes_build(const struct spec_config *config, const struct mount_plan_facts *facts,
		      struct mount_plan *plan, struct error *err)
{
	/* Without a mount namespace a bind would be the host's; mknod it is. */
	bool confined = mount_plan_confined(facts) && plan->mount_namespace;
	size_t n = config->linux_ ? config->linux_->devices.n : 0;
	struct mount_op *op;

	for (size_t i = 0; i < n; i++)
		TRY(add_device(&config->linux_->devices.item[i], i, confined, plan, err));
	if (dev_is_bound(plan))
		return 0;
	for (size_t i = 0; i < sizeof default_devices / sizeof *default_devices; i++)
		TRY(add_default_device(i, confined, plan, err));
	for (size_t i = 0; i < sizeof links / sizeof *links; i++) {
		op = mount_plan_add_op(plan, MOUNT_OP_SYMLINK, err, "default link");
		if (!op)
			return -err->code;
		op->target = links[i].path;
		op->source = links[i].to;
	}
	return 0;
}
