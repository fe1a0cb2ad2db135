/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/mount_print.h"

#include <string.h>
#include <sys/stat.h>

#include "plan/mount_idmap.h"
#include "plan/mount_option.h"

static const char *const kinds[] = {
	[MOUNT_OP_BIND] = "bind",	    [MOUNT_OP_FILESYSTEM] = "mount",
	[MOUNT_OP_CGROUP] = "cgroup",	    [MOUNT_OP_ATTRIBUTES] = "attributes",
	[MOUNT_OP_READONLY] = "readonly",   [MOUNT_OP_MASK] = "mask",
	[MOUNT_OP_DEVICE] = "device",	    [MOUNT_OP_SYMLINK] = "symlink",
	[MOUNT_OP_DIRECTORY] = "directory", [MOUNT_OP_CONSOLE] = "console",
};

/* clang-format off */
static const struct {
	const char *word;
	size_t offset;
} switches[] = {
	{ "recursive",        offsetof(struct mount_op, recursive) },
	{ "source-in-rootfs", offsetof(struct mount_op, source_in_rootfs) },
	{ "source-nofollow",  offsetof(struct mount_op, source_nofollow) },
	{ "target-nofollow",  offsetof(struct mount_op, target_nofollow) },
	{ "copy-symlink",     offsetof(struct mount_op, copy_symlink) },
	{ "copy-up",          offsetof(struct mount_op, copy_up) },
	{ "real-directory",   offsetof(struct mount_op, real_directory) },
	{ "optional",         offsetof(struct mount_op, optional) },
	{ "late-readonly",    offsetof(struct mount_op, late_readonly) },
};
/* clang-format on */

static void print_device(const struct mount_op *op, struct str *out)
{
	str_addf(out, " %s %u:%u mode %04o owner %u:%u",
		 op->device.type == S_IFCHR ? "c" :
		 op->device.type == S_IFBLK ? "b" :
					      "p",
		 op->device.major, op->device.minor, (unsigned)op->device.mode, op->device.uid,
		 op->device.gid);
	if (op->device.bind)
		str_add(out, " bind");
	if (op->device.keep)
		str_add(out, " keep");
}

static void print_parameters(const struct mount_op *op, struct str *out)
{
	for (size_t k = 0; k < op->parameters.n; k++) {
		const struct mount_parameter *parameter = &op->parameters.item[k];

		str_addf(out, "%s%s%s%s", k ? "," : " data(", parameter->key,
			 parameter->value ? "=" : "", parameter->value ? parameter->value : "");
	}
	if (op->parameters.n)
		str_add(out, ")");
}

static void print_op(const struct mount_plan *plan, const struct mount_op *op, struct str *out)
{
	str_addf(out, "  %s %s", kinds[op->kind], op->target);
	if (op->source)
		str_addf(out, " <- %s", op->source);
	if (op->fstype)
		str_addf(out, " type %s", op->fstype);
	if (op->kind == MOUNT_OP_DEVICE)
		print_device(op, out);
	for (size_t i = 0; i < sizeof switches / sizeof *switches; i++)
		if (*(const bool *)((const char *)op + switches[i].offset))
			str_addf(out, " %s", switches[i].word);
	mount_option_print(MOUNT_OPTION_ATTRIBUTE, op->attr_set, op->attr_clear, out);
	mount_option_print(MOUNT_OPTION_RECURSIVE, op->attr_set_recursive, op->attr_clear_recursive,
			   out);
	for (size_t k = 0; k < op->propagation.n; k++)
		str_addf(out, " %s", mount_option_propagation(op->propagation.item[k]));
	mount_idmap_print(plan, op->idmap, op->idmap_recursive, out);
	print_parameters(op, out);
	str_addf(out, "  # %s\n", op->from);
}

void mount_print(const struct mount_plan *plan, struct str *out)
{
	if (!plan->ops.n && plan->mount_namespace)
		return;
	str_add(out, "\nmounts\n");
	if (!plan->mount_namespace)
		str_add(out, "  no mount namespace: chroot\n");
	if (plan->parent_propagation)
		str_addf(out, "  propagation %s from the host\n",
			 mount_option_propagation(plan->parent_propagation));
	if (plan->root_propagation)
		str_addf(out, "  propagation %s of the root\n",
			 mount_option_propagation(plan->root_propagation));
	if (plan->mount_label)
		str_addf(out, "  label %s\n", plan->mount_label);
	for (size_t i = 0; i < plan->ops.n; i++) {
		if (i == plan->n_early)
			str_add(out, "mounts after pivot_root\n");
		print_op(plan, &plan->ops.item[i], out);
	}
}
