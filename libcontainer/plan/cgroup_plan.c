/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/cgroup_plan.h"

#include <errno.h>
#include <sched.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>

#include "base/cleanup.h"
#include "base/path.h"
#include "base/str.h"
#include "plan/resource_plan.h"

/* clang-format off */
#define ALLOW(type_, major_, minor_, access_) \
	{ .allow = { true, true }, .type = { true, type_ }, .major = { true, major_ }, .minor = { true, minor_ }, .access = access_ }

/* Behind the config's own rules: the default devices, and any node may be made. */
static const struct spec_device_rule default_rules[] = {
	ALLOW(SPEC_DEVICE_CHAR, -1, -1, "m"),
	ALLOW(SPEC_DEVICE_BLOCK, -1, -1, "m"),
	ALLOW(SPEC_DEVICE_CHAR, 1, 3, "rwm"),    /* null */
	ALLOW(SPEC_DEVICE_CHAR, 1, 5, "rwm"),    /* zero */
	ALLOW(SPEC_DEVICE_CHAR, 1, 7, "rwm"),    /* full */
	ALLOW(SPEC_DEVICE_CHAR, 1, 8, "rwm"),    /* random */
	ALLOW(SPEC_DEVICE_CHAR, 1, 9, "rwm"),    /* urandom */
	ALLOW(SPEC_DEVICE_CHAR, 5, 0, "rwm"),    /* tty */
	ALLOW(SPEC_DEVICE_CHAR, 5, 2, "rwm"),    /* ptmx */
	ALLOW(SPEC_DEVICE_CHAR, 136, -1, "rwm"), /* pts */
};
/* clang-format on */

#define N_DEFAULT_RULES (sizeof default_rules / sizeof *default_rules)

int cgroup_plan_default_path(const char *id, char **ret, struct error *err)
{
	return str_printf(ret, err, "/ctr/%s", id);
}

static int check_component(const char *name, size_t len, struct error *err)
{
	if (len == 2 && !strncmp(name, "..", 2))
		return error_set(err, EINVAL, "linux.cgroupsPath: '..' is not allowed in it");
	if (len >= 7 && !strncmp(name, "cgroup.", 7))
		return error_set(
			err, EINVAL,
			"linux.cgroupsPath: names that begin with 'cgroup.' are the kernel's");
	if (len > NAME_MAX)
		return error_set(err, EINVAL, "linux.cgroupsPath: a part of it is over %d bytes",
				 NAME_MAX);
	return 0;
}

/* Control characters would break the lines of /proc/PID/cgroup. */
static int check_path(const char *path, struct error *err)
{
	if (unit_plan_is_form(path))
		return error_set(err, EINVAL,
				 "linux.cgroupsPath: '%s' is the form of the systemd driver; "
				 "use --systemd-cgroup or a path",
				 path);
	for (const char *p = path; *p; p++)
		if ((unsigned char)*p < ' ' || *p == 0x7f)
			return error_set(err, EINVAL,
					 "linux.cgroupsPath: has a control character in it");
	for (const char *p = path; *p;) {
		size_t len = strcspn(p, "/");

		TRY(check_component(p, len, err));
		p += len + (p[len] == '/');
	}
	return 0;
}

/*
 * The path below the v2 mount. Without privilege everything is below our own cgroup:
 * a path that already is there stays.
 */
static int build_path(const char *wanted, const struct host *host, char **ret, struct error *err)
{
	const char *parent = host->privileged || !host->cgroup_parent ? "/" : host->cgroup_parent;
	cleanup_free char *path = NULL;

	TRY(check_path(wanted, err));
	TRY(path_absolute("/", wanted, &path, err));
	if (!strcmp(path, "/"))
		return error_set(err, EINVAL,
				 "linux.cgroupsPath: the root cgroup is not for a container");
	if (strcmp(parent, "/") && !path_is_below(path, parent))
		return path_absolute(parent, path + 1, ret, err);
	*ret = steal_ptr(&path);
	return 0;
}

/*
 * A program needs CAP_BPF over the host. In a user namespace of its own the container
 * cannot make device nodes anyway, and its mounts are nodev.
 */
static bool wants_device_filter(const struct spec_config *config, const struct host *host)
{
	const struct spec_namespace *user = spec_config_namespace(config, SPEC_NAMESPACE_USER);

	return host->privileged && !host->in_user_namespace && !(user && !user->path);
}

int cgroup_plan_build_devices(const struct spec_config *config, struct device_rules given,
			      const struct host *host, struct cgroup_plan *ret, struct error *err)
{
	size_t n = given.n + N_DEFAULT_RULES;
	cleanup_free struct spec_device_rule *rules = calloc(n, sizeof *rules);
	struct device_program program = {};
	int r;

	if (!rules)
		return error_errno(err, ENOMEM, "plan device rules");
	ret->device_filter = ret->path && wants_device_filter(config, host);
	if (!ret->device_filter)
		return 0;
	if (given.n)
		memcpy(rules, given.item, given.n * sizeof *rules);
	memcpy(rules + given.n, default_rules, sizeof default_rules);
	r = device_plan_program(rules, n, &program, err);
	ret->device_program.item = program.item;
	ret->device_program.n = program.n;
	if (r < 0 || !ret->unit.name)
		return r;
	return unit_device_build(rules, n, &ret->unit, err);
}

static bool has_limits(const struct cgroup_plan *plan)
{
	for (size_t i = 0; i < plan->writes.n; i++)
		if (!plan->writes.item[i].may_be_missing)
			return true;
	return false;
}

/*
 * Until 1.3 pids.limit could not be absent from `pids`, and engines that mean "no limit" write
 * a zero there. Since then a zero is a limit.
 */
static bool zero_is_unset(const char *oci_version)
{
	return oci_version && strncmp(oci_version, "1.", 2) == 0 &&
	       strtoul(oci_version + 2, NULL, 10) < 3;
}

static struct spec_resources effective_resources(const struct spec_config *config)
{
	struct spec_resources resources = {};

	if (config->linux_ && config->linux_->resources)
		resources = *config->linux_->resources;
	if (resources.pids && resources.pids->limit.value == 0 &&
	    zero_is_unset(config->oci_version))
		resources.pids = NULL;
	return resources;
}

/* Where it is, and under systemd which unit it is. */
static int set_place(const char *wanted, const struct host *host, const char *id,
		     struct cgroup_plan *ret, struct error *err)
{
	cleanup_free char *own = NULL;

	if (ret->manager == CGROUP_MANAGER_DISABLED)
		return 0;
	if (ret->manager == CGROUP_MANAGER_SYSTEMD)
		return host->cgroup_mount ?
			       unit_plan_name(wanted, host, id, &ret->unit, &ret->path, err) :
			       error_set(err, ENOTSUP,
					 "the systemd cgroup driver needs cgroup v2, which is not "
					 "mounted");
	if (!host->cgroup_mount)
		return 0;
	TRY(cgroup_plan_default_path(id, &own, err));
	return build_path(wanted ? wanted : own, host, &ret->path, err);
}

int cgroup_plan_build(const struct spec_config *config, const struct host *host,
		      enum cgroup_manager manager, const char *id, struct cgroup_plan *ret,
		      struct error *err)
{
	const struct spec_resources resources = effective_resources(config);
	const struct spec_linux *linux_ = config->linux_;
	const char *path = linux_ ? linux_->cgroups_path : NULL;
	const char *wanted = path && *path ? path : NULL;

	ret->manager = manager;
	TRY(set_place(wanted, host, id, ret, err));
	TRY(resource_plan_build(&resources, host, ret, err));
	ret->best_effort = ret->path && !ret->unit.name && !host->privileged && !wanted &&
			   !has_limits(ret);
	TRY(cgroup_plan_build_devices(
		config, (struct device_rules){ resources.devices.item, resources.devices.n }, host,
		ret, err));
	return ret->unit.name ? unit_plan_build(config, id, ret, &ret->unit, err) : 0;
}

static bool is_mounted_to_write(const struct mount_plan *mounts)
{
	bool found = false;

	for (size_t i = 0; i < mounts->ops.n; i++) {
		const struct mount_op *op = &mounts->ops.item[i];

		if (strcmp(op->target, "/sys/fs/cgroup") != 0)
			continue;
		if (op->kind == MOUNT_OP_CGROUP && !op->source)
			found = true;
		if (found && op->attr_set & MOUNT_ATTR_RDONLY)
			return false;
	}
	return found;
}

void cgroup_plan_delegate(const struct cgroup_plan_facts *facts, struct cgroup_plan *plan)
{
	int64_t uid = idmap_plan_host_uid(facts->idmap, facts->uid);
	int64_t gid = idmap_plan_host_gid(facts->idmap, facts->gid);

	if (!plan->path || !facts->host->privileged ||
	    !(facts->namespaces->unshare & CLONE_NEWCGROUP) ||
	    !is_mounted_to_write(facts->mounts) || uid < 0 || gid < 0 || uid == facts->host->euid)
		return;
	plan->delegate = true;
	plan->owner_uid = (uint32_t)uid;
	plan->owner_gid = (uint32_t)gid;
}

void cgroup_plan_release(struct cgroup_plan *plan)
{
	for (size_t i = 0; i < plan->writes.n; i++) {
		free(plan->writes.item[i].file);
		free(plan->writes.item[i].value);
	}
	free(plan->writes.item);
	free(plan->device_program.item);
	unit_plan_release(&plan->unit);
	free(plan->path);
	*plan = (struct cgroup_plan){};
}
