/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/mount_entry.h"

#include <errno.h>
#include <sched.h>
#include <string.h>
#include <sys/mount.h>

#include "base/cleanup.h"
#include "base/list.h"
#include "base/path.h"
#include "plan/mount_idmap.h"
#include "plan/mount_option.h"

struct entry {
	const struct spec_mount *mount;
	const struct mount_plan_facts *facts;
	struct mount_plan *plan;
	struct mount_op *op;
};

/* What is special about some types; any other is the kernel's own affair. */
static const struct filesystem {
	const char *name;
	bool real_directory; /* must never be reached through a link of the image */
	bool no_device;	     /* needs no "ro" for the superblock: there is nothing behind it */
	bool no_label;	     /* takes no SELinux context */
} filesystems[] = {
	{ "proc", .real_directory = true, .no_device = true, .no_label = true },
	{ "sysfs", .real_directory = true, .no_device = true, .no_label = true },
	{ "mqueue", .no_device = true, .no_label = true },
	{ "tmpfs", .no_device = true },
	{ "devpts", .no_device = true },
	{ "overlay", .no_device = true },
};

static const struct filesystem *find_filesystem(const char *name)
{
	static const struct filesystem unknown;

	for (size_t i = 0; i < sizeof filesystems / sizeof *filesystems; i++)
		if (!strcmp(filesystems[i].name, name))
			return &filesystems[i];
	return &unknown;
}

static bool equal(const char *a, const char *b)
{
	return a && !strcmp(a, b);
}

/* A program that trusts /proc must find the kernel's; these files lxcfs and its like stand in for. */
static const char *const proc_files[] = {
	"/proc/cpuinfo",
	"/proc/diskstats",
	"/proc/meminfo",
	"/proc/stat",
	"/proc/swaps",
	"/proc/uptime",
	"/proc/loadavg",
	"/proc/slabinfo",
	"/proc/sys/kernel/ns_last_pid",
	"/proc/sys/crypto/fips_enabled",
};

static int check_proc(const struct entry *e, struct error *err)
{
	const struct mount_op *op = e->op;

	if (!path_is_below(op->target, "/proc"))
		return 0;
	for (size_t i = 0; i < sizeof proc_files / sizeof *proc_files; i++)
		if (!strcmp(op->target, proc_files[i]))
			return 0;
	if (op->kind == MOUNT_OP_ATTRIBUTES)
		return 0;
	if (!strcmp(op->target, "/proc")) {
		if (op->kind == MOUNT_OP_FILESYSTEM && equal(op->fstype, "proc"))
			return 0;
		if (op->kind == MOUNT_OP_BIND && equal(op->source, "/proc") &&
		    !op->source_in_rootfs)
			return 0;
		return error_set(err, EINVAL,
				 ".destination: only a proc file system can be mounted on /proc");
	}
	return error_set(
		err, EINVAL,
		".destination: %s is inside /proc, where only cpuinfo, meminfo and the like "
		"can be mounted over",
		op->target);
}

/* Bind or not must be known before the first option is read: the others depend on it. */
static int decide_kind(struct entry *e, struct error *err)
{
	const struct spec_mount *m = e->mount;
	bool bind = equal(m->type, "bind") || equal(m->type, "rbind");

	for (size_t k = 0; k < m->options.n; k++) {
		const struct mount_option *option = mount_option_find(m->options.item[k]);

		if (!option)
			continue;
		if (option->kind == MOUNT_OPTION_REMOUNT) {
			e->op->kind = MOUNT_OP_ATTRIBUTES;
			return 0;
		}
		bind |= option->kind == MOUNT_OPTION_BIND;
	}
	if (bind) {
		e->op->kind = MOUNT_OP_BIND;
		e->op->recursive = equal(m->type, "rbind");
		return 0;
	}
	if (!m->type || !*m->type || !strcmp(m->type, "none"))
		return error_set(err, EINVAL,
				 ".type: needs a file system's type, or 'bind' among the options");
	e->op->fstype = m->type;
	e->op->source = m->source;
	e->op->kind = MOUNT_OP_FILESYSTEM;
	if (!strcmp(m->type, "cgroup") || !strcmp(m->type, "cgroup2")) {
		e->op->kind = MOUNT_OP_CGROUP;
		e->op->fstype = "cgroup2";
	}
	return 0;
}

static int set_bind_source(struct entry *e, struct error *err)
{
	struct mount_op *op = e->op;

	if (!e->mount->source || !*e->mount->source)
		return error_set(err, EINVAL, ".source: needed by a bind mount");
	TRY(mount_plan_path(e->plan, e->facts->bundle, e->mount->source, &op->source, err));
	/* The rootfs itself is the host's directory, not what the container has mounted on it. */
	op->source_in_rootfs = path_is_below(op->source, e->facts->rootfs) &&
			       strcmp(op->source, e->facts->rootfs) != 0;
	return 0;
}

static int add_parameter(struct entry *e, const char *text, struct error *err)
{
	const char *equals = strchrnul(text, '=');
	struct mount_parameter *parameter;

	parameter = list_add(&e->op->parameters);
	if (!parameter)
		return error_errno(err, ENOMEM, ": plan mount");
	parameter->key = strndup(text, equals - text);
	parameter->value = *equals ? strdup(equals + 1) : NULL;
	if (!parameter->key || (*equals && !parameter->value))
		return error_errno(err, ENOMEM, ": plan mount");
	return 0;
}

/* A word that the table does not know: data for the filesystem, if there is a new one. */
static int add_unknown(struct entry *e, size_t k, struct error *err)
{
	const char *text = e->mount->options.item[k];
	size_t key_len = strcspn(text, "=");

	if (mount_idmap_is_option(text))
		return 0;
	if (e->op->kind == MOUNT_OP_BIND)
		return error_set(err, EINVAL, ".options[%zu]: unknown option '%s' for a bind mount",
				 k, text);
	if (e->op->kind == MOUNT_OP_ATTRIBUTES)
		return error_set(err, EINVAL, ".options[%zu]: a remount cannot change '%s'", k,
				 text);
	if (key_len == 0)
		return error_set(err, EINVAL, ".options[%zu]: unknown option '%s'", k, text);
	return add_parameter(e, text, err);
}

static int apply_switch(struct entry *e, const struct mount_option *option, size_t k,
			struct error *err)
{
	const char *type = e->op->kind == MOUNT_OP_BIND ? "bind" : e->op->fstype;

	if (option->only && !equal(type, option->only))
		return error_set(err, EINVAL, ".options[%zu]: '%s' is only for %s mounts", k,
				 option->name, option->only);
	*(bool *)((char *)e->op + option->offset) = true;
	return 0;
}

static int apply_option(struct entry *e, size_t k, struct error *err)
{
	const struct mount_option *option = mount_option_find(e->mount->options.item[k]);
	struct mount_op *op = e->op;
	bool new = op->kind == MOUNT_OP_FILESYSTEM || op->kind == MOUNT_OP_CGROUP;
	unsigned long *propagation;

	if (!option)
		return add_unknown(e, k, err);
	switch (option->kind) {
	case MOUNT_OPTION_ATTRIBUTE:
		mount_option_apply(option, &op->attr_set, &op->attr_clear);
		return 0;
	case MOUNT_OPTION_RECURSIVE:
		mount_option_apply(option, &op->attr_set_recursive, &op->attr_clear_recursive);
		return 0;
	case MOUNT_OPTION_PROPAGATION:
		propagation = list_add(&op->propagation);
		if (!propagation)
			return error_errno(err, ENOMEM, ": plan mount");
		*propagation = option->propagation;
		return 0;
	case MOUNT_OPTION_BIND:
		op->recursive |= option->recursive;
		return 0;
	case MOUNT_OPTION_PARAMETER:
		return new ? add_parameter(e, option->name, err) : 0;
	case MOUNT_OPTION_SWITCH:
		return apply_switch(e, option, k, err);
	case MOUNT_OPTION_REMOUNT:
	case MOUNT_OPTION_IDMAP:
	case MOUNT_OPTION_IGNORED:
		return 0;
	}
	return 0;
}

static void drop_parameter(struct mount_op *op, size_t k)
{
	free(op->parameters.item[k].key);
	free(op->parameters.item[k].value);
	op->parameters.n--;
	memmove(&op->parameters.item[k], &op->parameters.item[k + 1],
		(op->parameters.n - k) * sizeof *op->parameters.item);
}

/* A new filesystem is one mount without attributes: recursive ones are its own. */
static void merge_attributes(struct mount_op *op)
{
	op->attr_set |= op->attr_set_recursive & ~MOUNT_ATTR__ATIME;
	if (op->attr_clear_recursive & MOUNT_ATTR__ATIME)
		op->attr_set = (op->attr_set & ~MOUNT_ATTR__ATIME) |
			       (op->attr_set_recursive & MOUNT_ATTR__ATIME);
	op->attr_clear = op->attr_set_recursive = op->attr_clear_recursive = 0;
}

/* The host's tree in place of a filesystem that the container may not have of its own. */
static void become_bind(struct mount_op *op, enum mount_op_kind kind, const char *source)
{
	op->kind = kind;
	op->source = source;
	op->fstype = NULL;
	op->recursive = true; /* in a user namespace what is mounted there cannot be uncovered */
	while (op->parameters.n)
		drop_parameter(op, op->parameters.n - 1);
}

static void force_attributes(struct mount_op *op, uint64_t attributes)
{
	op->attr_set_recursive |= attributes;
	op->attr_clear_recursive &= ~attributes;
	op->attr_clear &= ~attributes;
}

static int finish_cgroup(struct entry *e, struct error *err)
{
	const struct host *host = e->facts->host;

	if (e->facts->namespaces->present & CLONE_NEWCGROUP) {
		e->op->source = NULL;
		merge_attributes(e->op);
		return 0;
	}
	if (!host->cgroup_mount)
		return error_set(err, ENOTSUP,
				 ": cgroup v2 is not mounted on this host; add a cgroup namespace");
	become_bind(e->op, MOUNT_OP_CGROUP, host->cgroup_mount);
	if (mount_plan_confined(e->facts))
		force_attributes(e->op, MOUNT_ATTR_RDONLY);
	return 0;
}

/* sysfs shows the network namespace, so the kernel wants privilege over that one. */
static bool sysfs_is_refused(const struct mount_plan_facts *facts)
{
	const struct namespace_plan *n = facts->namespaces;
	bool joined_network = (n->present & CLONE_NEWNET) && !(n->clone & CLONE_NEWNET);

	if (!mount_plan_confined(facts) || (n->clone & CLONE_NEWNET))
		return false;
	return !joined_network || (n->clone & CLONE_NEWUSER);
}

/* gid=5 of a map that has no 5 would fail the mount; without it the group is the process's. */
static void drop_unmapped_gid(struct mount_op *op, const struct idmap_plan *idmap)
{
	for (size_t k = op->parameters.n; k-- > 0;) {
		const struct mount_parameter *parameter = &op->parameters.item[k];

		if (parameter->value && !strcmp(parameter->key, "gid") &&
		    !idmap_plan_has_gid(idmap, strtoul(parameter->value, NULL, 10)))
			drop_parameter(op, k);
	}
}

/* The annotation is crun's, podman sets it. */
static int label_key(const struct spec_config *config, const char **ret, struct error *err)
{
	static const char *const keys[] = { "context", "fscontext", "defcontext", "rootcontext" };
	const char *key = spec_config_annotation(config, "run.oci.mount_context_type");

	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
		if (key && strcmp(key, keys[i]) != 0)
			continue;
		*ret = keys[i];
		return 0;
	}
	return error_set(err, EINVAL, ": annotation run.oci.mount_context_type: unknown type '%s'",
			 key);
}

static int add_label(struct entry *e, const struct spec_config *config, struct error *err)
{
	cleanup_free char *text = NULL;
	const char *key = NULL;

	TRY(label_key(config, &key, err));
	for (size_t k = 0; k < e->op->parameters.n; k++)
		if (strstr(e->op->parameters.item[k].key, "context"))
			return 0;
	if (asprintf(&text, "%s=%s", key, config->linux_->mount_label) < 0) {
		text = NULL;
		return error_errno(err, ENOMEM, ": plan mount");
	}
	return add_parameter(e, text, err);
}

static int finish_filesystem(struct entry *e, const struct spec_config *config, struct error *err)
{
	struct mount_op *op = e->op;
	const struct filesystem *known = find_filesystem(op->fstype);

	op->real_directory |= known->real_directory;
	if (!strcmp(op->fstype, "sysfs") && sysfs_is_refused(e->facts)) {
		become_bind(op, MOUNT_OP_BIND, "/sys");
		force_attributes(op, MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV |
					     MOUNT_ATTR_NOEXEC);
		return 0;
	}
	merge_attributes(op);
	if (!strcmp(op->fstype, "devpts"))
		drop_unmapped_gid(op, e->facts->idmap);
	if (!known->no_label && config->linux_ && config->linux_->mount_label &&
	    *config->linux_->mount_label)
		TRY(add_label(e, config, err));
	if (!known->no_device && (op->attr_set & MOUNT_ATTR_RDONLY))
		TRY(add_parameter(e, "ro", err));
	/* Mount points are made in it and files copied to it: ro must wait for the end. */
	if (!strcmp(op->fstype, "tmpfs") && (op->attr_set & MOUNT_ATTR_RDONLY)) {
		op->attr_set &= ~MOUNT_ATTR_RDONLY;
		op->late_readonly = true;
	}
	return 0;
}

static int build_entry(struct entry *e, const struct spec_config *config, struct error *err)
{
	const struct spec_mount *m = e->mount;
	struct mount_op *op = e->op;

	TRY(mount_plan_path(e->plan, "/", m->destination, &op->target, err));
	if (!strcmp(op->target, "/"))
		return error_set(err, EINVAL,
				 ".destination: / is the root file system; see root.readonly");
	TRY(decide_kind(e, err));
	if (op->kind == MOUNT_OP_BIND)
		TRY(set_bind_source(e, err));
	for (size_t k = 0; k < m->options.n; k++)
		TRY(apply_option(e, k, err));
	TRY(check_proc(e, err));
	op->real_directory = !strcmp(op->target, "/proc") || !strcmp(op->target, "/sys");
	if (op->kind == MOUNT_OP_CGROUP)
		TRY(finish_cgroup(e, err));
	if (op->kind == MOUNT_OP_FILESYSTEM)
		TRY(finish_filesystem(e, config, err));
	return mount_idmap_build(m, e->facts, e->plan, op, err);
}

int mount_entry_build(const struct spec_config *config, size_t index,
		      const struct mount_plan_facts *facts, struct mount_plan *plan,
		      struct error *err)
{
	struct entry e = { &config->mounts.item[index], facts, plan, NULL };

	e.op = mount_plan_add_op(plan, MOUNT_OP_FILESYSTEM, err, "mounts[%zu]", index);
	if (!e.op)
		return -err->code;
	if (build_entry(&e, config, err) < 0)
		return error_prefix(err, "mounts[%zu]", index);
	return 0;
}
