/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/mount_plan.h"

#include <errno.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>

#include "base/list.h"
#include "base/path.h"
#include "base/str.h"
#include "plan/mount_entry.h"
#include "plan/mount_idmap.h"
#include "plan/mount_nodes.h"

/* clang-format off */
#define ATTRIBUTE(name, field, set)        name, "r" name,
#define PROPAGATION(name, flags)           name,
#define BIND(name, recursive)              name,
#define REMOUNT(name)                      name,
#define PARAMETER(name)                    name,
#define SWITCH(name, member, only)         name,
#define IDMAP(name, recursive)             name,
#define IGNORED(name)                      name,

const char *const mount_plan_option_names[] = {
#include "plan/mount_option.def"
	NULL
};
/* clang-format on */

/* Where "/" of the new namespace gets its mounts from, and what the root passes on. */
static const struct {
	unsigned long parent, root;
} propagations[] = {
	[SPEC_PROPAGATION_PRIVATE] = { MS_PRIVATE | MS_REC, 0 },
	[SPEC_PROPAGATION_RPRIVATE] = { MS_PRIVATE | MS_REC, 0 },
	[SPEC_PROPAGATION_SLAVE] = { MS_SLAVE | MS_REC, 0 },
	[SPEC_PROPAGATION_RSLAVE] = { MS_SLAVE | MS_REC, 0 },
	[SPEC_PROPAGATION_SHARED] = { MS_SHARED | MS_REC, MS_SHARED },
	[SPEC_PROPAGATION_RSHARED] = { MS_SHARED | MS_REC, MS_SHARED | MS_REC },
	[SPEC_PROPAGATION_UNBINDABLE] = { MS_SLAVE | MS_REC, MS_UNBINDABLE },
	[SPEC_PROPAGATION_RUNBINDABLE] = { MS_SLAVE | MS_REC, MS_UNBINDABLE | MS_REC },
};

struct mount_op *mount_plan_add_op(struct mount_plan *plan, enum mount_op_kind kind,
				   struct error *err, const char *format, ...)
{
	struct mount_op *op = list_add(&plan->ops);
	va_list ap;

	if (!op) {
		error_errno(err, ENOMEM, "plan mounts");
		return NULL;
	}
	op->kind = kind;
	va_start(ap, format);
	vsnprintf(op->from, sizeof op->from, format, ap);
	va_end(ap);
	return op;
}

int mount_plan_path(struct mount_plan *plan, const char *base, const char *path, const char **ret,
		    struct error *err)
{
	char **slot = list_add(&plan->paths);

	if (!slot)
		return error_errno(err, ENOMEM, "plan mounts");
	TRY(path_absolute(base, path, slot, err));
	*ret = *slot;
	return 0;
}

bool mount_plan_confined(const struct mount_plan_facts *facts)
{
	return (facts->namespaces->present & CLONE_NEWUSER) || facts->host->in_user_namespace ||
	       !facts->host->privileged;
}

bool mount_plan_idmap_is_asked(const struct mount_op *op)
{
	return op->idmap && (op->kind != MOUNT_OP_BIND || op->source_in_rootfs);
}

static const struct spec_linux *linux_of(const struct spec_config *config)
{
	static const struct spec_linux none;

	return config->linux_ ? config->linux_ : &none;
}

static int check_host(const struct spec_config *config, const struct mount_plan_facts *facts,
		      struct error *err)
{
	const char *label = linux_of(config)->mount_label;

	if (label && *label && !facts->host->selinux)
		return error_set(err, ENOTSUP,
				 "linux.mountLabel: SELinux is not enabled on this host");
	return 0;
}

static int add_console(const struct spec_config *config, struct mount_plan *plan, struct error *err)
{
	struct mount_op *op;

	if (!config->process || !config->process->terminal || !plan->mount_namespace)
		return 0;
	op = mount_plan_add_op(plan, MOUNT_OP_CONSOLE, err, "process.terminal");
	if (!op)
		return -err->code;
	op->target = "/dev/console";
	return 0;
}

/* Made before the root turns ro. */
static int add_cwd(const struct spec_config *config, struct mount_plan *plan, struct error *err)
{
	struct mount_op *op;
	const char *cwd;

	if (!config->process || !config->process->cwd)
		return 0;
	TRY(mount_plan_path(plan, "/", config->process->cwd, &cwd, err));
	if (!strcmp(cwd, "/"))
		return 0;
	op = mount_plan_add_op(plan, MOUNT_OP_DIRECTORY, err, "process.cwd");
	if (!op)
		return -err->code;
	op->target = cwd;
	return 0;
}

/* A later mount on it or above it hides it: then nobody reaches it to set it ro. */
static bool is_hidden(const struct mount_plan *plan, size_t i)
{
	for (size_t k = i + 1; k < plan->n_early; k++) {
		const struct mount_op *later = &plan->ops.item[k];

		if (later->kind <= MOUNT_OP_CGROUP &&
		    path_is_below(plan->ops.item[i].target, later->target))
			return true;
	}
	return false;
}

static int add_late_readonly(struct mount_plan *plan, struct error *err)
{
	for (size_t i = 0; i < plan->n_early; i++) {
		struct mount_op *op;

		if (!plan->ops.item[i].late_readonly)
			continue;
		if (is_hidden(plan, i)) {
			plan->ops.item[i].late_readonly = false;
			plan->ops.item[i].attr_set |= MOUNT_ATTR_RDONLY;
			continue;
		}
		op = mount_plan_add_op(plan, MOUNT_OP_ATTRIBUTES, err, "-");
		if (!op)
			return -err->code;
		/* Only now: the list may have moved. */
		memcpy(op->from, plan->ops.item[i].from, sizeof op->from);
		op->target = plan->ops.item[i].target;
		op->attr_set = MOUNT_ATTR_RDONLY;
	}
	return 0;
}

static int add_paths(struct mount_plan *plan, enum mount_op_kind kind, const char *from,
		     const struct strv *paths, struct error *err)
{
	for (size_t i = 0; i < paths->n; i++) {
		struct mount_op *op;

		op = mount_plan_add_op(plan, kind, err, "%s[%zu]", from, i);
		if (!op)
			return -err->code;
		op->optional = true;
		TRY(mount_plan_path(plan, "/", paths->item[i], &op->target, err));
	}
	return 0;
}

/* Read-only paths come before the masks: a mask may lie in one, not the other way round. */
static int add_late(const struct spec_config *config, struct mount_plan *plan, struct error *err)
{
	const struct spec_linux *l = linux_of(config);
	struct mount_op *op;

	TRY(add_late_readonly(plan, err));
	TRY(add_paths(plan, MOUNT_OP_READONLY, "linux.readonlyPaths",
		      &(struct strv){ l->readonly_paths.item, l->readonly_paths.n }, err));
	TRY(add_paths(plan, MOUNT_OP_MASK, "linux.maskedPaths",
		      &(struct strv){ l->masked_paths.item, l->masked_paths.n }, err));
	if (!config->root || !config->root->readonly)
		return 0;
	op = mount_plan_add_op(plan, MOUNT_OP_ATTRIBUTES, err, "root.readonly");
	if (!op)
		return -err->code;
	op->target = "/";
	op->attr_set = MOUNT_ATTR_RDONLY;
	return 0;
}

int mount_plan_build(const struct spec_config *config, const struct mount_plan_facts *facts,
		     struct mount_plan *ret, struct error *err)
{
	const struct spec_linux *l = linux_of(config);
	int64_t propagation =
		l->rootfs_propagation.set ? l->rootfs_propagation.value : SPEC_PROPAGATION_RSLAVE;

	ret->mount_namespace = facts->namespaces->clone & CLONE_NEWNS;
	ret->mount_label = l->mount_label;
	if (ret->mount_namespace) {
		ret->parent_propagation = propagations[propagation].parent;
		ret->root_propagation = propagations[propagation].root;
	}
	TRY(check_host(config, facts, err));
	for (size_t i = 0; i < config->mounts.n; i++)
		TRY(mount_entry_build(config, i, facts, ret, err));
	TRY(mount_nodes_build(config, facts, ret, err));
	TRY(add_console(config, ret, err));
	TRY(add_cwd(config, ret, err));
	ret->n_early = ret->ops.n;
	return add_late(config, ret, err);
}

static void release_op(struct mount_op *op)
{
	for (size_t k = 0; k < op->parameters.n; k++) {
		free(op->parameters.item[k].key);
		free(op->parameters.item[k].value);
	}
	free(op->parameters.item);
	free(op->propagation.item);
}

void mount_plan_release(struct mount_plan *plan)
{
	for (size_t i = 0; i < plan->ops.n; i++)
		release_op(&plan->ops.item[i]);
	for (size_t i = 0; i < plan->paths.n; i++)
		free(plan->paths.item[i]);
	for (size_t i = 0; i < plan->idmaps.n; i++)
		mount_idmap_release(&plan->idmaps.item[i]);
	free(plan->ops.item);
	free(plan->idmaps.item);
	free(plan->paths.item);
	*plan = (struct mount_plan){};
}
