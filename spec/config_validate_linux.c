/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <string.h>

#include "base/number_set.h"
#include "spec/config_validate.h"

#define CGROUPS_PATH_MAX 4096 /* PATH_MAX */

/* config-linux.md#namespaces: each type once, and joined by an absolute path. */
static int check_namespaces(const struct spec_config *config, struct error *err)
{
	const struct spec_linux *part = config->linux_;
	unsigned seen = 0;

	for (size_t i = 0; i < part->namespaces.n; i++) {
		const struct spec_namespace *ns = &part->namespaces.item[i];

		if (seen & 1u << ns->type.value)
			return error_set(err, EINVAL,
					 "namespaces[%zu].type: %s is given twice (remove one)", i,
					 spec_config_namespace_names[ns->type.value]);
		seen |= 1u << ns->type.value;
		if (ns->path && ns->path[0] != '/')
			return error_set(err, EINVAL,
					 "namespaces[%zu].path: wants an absolute path", i);
	}
	return 0;
}

/*
 * config-linux.md#user-namespace-mappings: a new user namespace brings both maps, a
 * joined one has its own.
 */
static int check_mappings(const struct spec_config *config, struct error *err)
{
	const struct spec_namespace *user = spec_config_namespace(config, SPEC_NAMESPACE_USER);
	size_t uids = config->linux_->uid_mappings.n, gids = config->linux_->gid_mappings.n;
	const char *given = uids ? "uidMappings" : "gidMappings";

	if (user && !user->path && (!uids || !gids))
		return error_set(err, EINVAL, "%s: is required by the new user namespace",
				 uids ? "gidMappings" : "uidMappings");
	if ((uids || gids) && !user)
		return error_set(
			err, EINVAL,
			"%s: needs a user namespace (add {\"type\": \"user\"} to linux.namespaces)",
			given);
	return 0;
}

/* config-linux.md#offset-for-time-namespace: fixed once a process is in the namespace. */
static int check_time_offsets(const struct spec_config *config, struct error *err)
{
	const struct spec_namespace *time = spec_config_namespace(config, SPEC_NAMESPACE_TIME);
	const struct spec_time_offsets *offsets = config->linux_->time_offsets;

	if (!offsets || (!offsets->monotonic && !offsets->boottime) || (time && !time->path))
		return 0;
	return error_set(err, EINVAL,
			 "timeOffsets: needs a new time namespace (add {\"type\": \"time\"} to "
			 "linux.namespaces, without a path)");
}

/*
 * config.md#mounts, config-linux.md#namespaces: in the host's own mount namespace
 * all of this would change the host.
 */
static int check_mount_namespace(const struct spec_config *config, struct error *err)
{
	const struct spec_linux empty = {};
	const struct spec_linux *part = config->linux_ ? config->linux_ : &empty;
	const struct spec_namespace *mount = spec_config_namespace(config, SPEC_NAMESPACE_MOUNT);
	const struct {
		const char *path;
		bool given;
	} needs[] = {
		{ "mounts", config->mounts.n > 0 },
		{ "root.readonly", config->root->readonly },
		{ "linux.devices", part->devices.n > 0 },
		{ "linux.maskedPaths", part->masked_paths.n > 0 },
		{ "linux.readonlyPaths", part->readonly_paths.n > 0 },
		{ "linux.rootfsPropagation", part->rootfs_propagation.set },
	};

	/* Mounts in one that is joined would be its other processes' too. */
	if (mount && !mount->path)
		return 0;
	for (size_t i = 0; i < sizeof needs / sizeof *needs; i++)
		if (needs[i].given)
			return error_set(
				err, EINVAL,
				"%s: needs a mount namespace of its own (add {\"type\": \"mount\"} to "
				"linux.namespaces)",
				needs[i].path);
	return 0;
}

/* config-linux.md#devices: "a" is for rules only; a node but a FIFO has numbers. */
static int check_devices(const struct spec_config *config, struct error *err)
{
	const struct spec_linux *part = config->linux_;

	for (size_t i = 0; i < part->devices.n; i++) {
		const struct spec_device *device = &part->devices.item[i];

		if (device->type.value == SPEC_DEVICE_ALL)
			return error_set(err, EINVAL, "devices[%zu].type: wants c, u, b or p", i);
		if (device->path[0] != '/')
			return error_set(err, EINVAL, "devices[%zu].path: wants an absolute path",
					 i);
		if (device->type.value != SPEC_DEVICE_FIFO &&
		    !(device->major.set && device->minor.set))
			return error_set(err, EINVAL, "devices[%zu].%s: is required", i,
					 device->major.set ? "minor" : "major");
	}
	return 0;
}

static int check_absolute(const char *key, char *const *paths, size_t n, struct error *err)
{
	for (size_t i = 0; i < n; i++)
		if (paths[i][0] != '/')
			return error_set(err, EINVAL, "%s[%zu]: wants an absolute path", key, i);
	return 0;
}

/* config-linux.md#masked-paths */
static int check_masked_paths(const struct spec_config *config, struct error *err)
{
	const struct spec_linux *part = config->linux_;

	return check_absolute("maskedPaths", part->masked_paths.item, part->masked_paths.n, err);
}

/* config-linux.md#readonly-paths */
static int check_readonly_paths(const struct spec_config *config, struct error *err)
{
	const struct spec_linux *part = config->linux_;

	return check_absolute("readonlyPaths", part->readonly_paths.item, part->readonly_paths.n,
			      err);
}

/* config-linux.md#cgroups-path: it names a place below the cgroup mount and stays there. */
static int check_cgroups_path(const struct spec_config *config, struct error *err)
{
	const char *path = config->linux_->cgroups_path;

	if (!path)
		return 0;
	if (strlen(path) > CGROUPS_PATH_MAX)
		return error_set(err, EINVAL, "cgroupsPath: is longer than %d bytes",
				 CGROUPS_PATH_MAX);
	if (strchr(path, '\n'))
		return error_set(err, EINVAL, "cgroupsPath: contains a newline");
	while (*path) {
		size_t len = strcspn(path, "/");

		if (len == 2 && memcmp(path, "..", 2) == 0)
			return error_set(err, EINVAL, "cgroupsPath: contains \"..\"");
		path += len;
		path += strspn(path, "/");
	}
	return 0;
}

static bool is_domainname_key(const char *key)
{
	return strcmp(key, "kernel.domainname") == 0 || strcmp(key, "kernel/domainname") == 0;
}

/* config-linux.md#sysctl, config.md#domainname: one name cannot have two values. */
static int check_sysctl(const struct spec_config *config, struct error *err)
{
	const struct spec_linux *part = config->linux_;

	for (size_t i = 0; i < part->sysctl.n; i++) {
		const struct json_pair *pair = &part->sysctl.item[i];

		if (!*pair->key)
			return error_set(err, EINVAL, "sysctl: a key is empty (name or remove it)");
		if (config->domainname && is_domainname_key(pair->key) &&
		    strcmp(config->domainname, pair->value) != 0)
			return error_set(err, EINVAL,
					 "sysctl['%s']: contradicts domainname (give only one)",
					 pair->key);
	}
	return 0;
}

/* config-linux.md#personality: the spec names no flag yet. */
static int check_personality(const struct spec_config *config, struct error *err)
{
	const struct spec_personality *personality = config->linux_->personality;

	if (personality && personality->flags.n > 0)
		return error_set(err, EINVAL,
				 "personality.flags: no flags are defined (remove them)");
	return 0;
}

static bool has_flag(const struct spec_memory_policy *policy, enum spec_memory_flag flag)
{
	for (size_t i = 0; i < policy->flags.n; i++)
		if (policy->flags.item[i] == (int)flag)
			return true;
	return false;
}

/* set_mempolicy(2): which modes take nodes. */
static int check_memory_nodes(const struct spec_memory_policy *policy, struct error *err)
{
	const char *mode = spec_config_memory_mode_names[policy->mode.value];
	bool has_nodes = policy->nodes && policy->nodes[strspn(policy->nodes, " ")];

	switch (policy->mode.value) {
	case SPEC_MEMORY_DEFAULT:
	case SPEC_MEMORY_LOCAL:
		if (has_nodes)
			return error_set(err, EINVAL, "nodes: %s takes none (remove them)", mode);
		return 0;
	case SPEC_MEMORY_PREFERRED:
		return 0;
	default:
		if (!has_nodes)
			return error_set(err, EINVAL, "nodes: %s needs at least one", mode);
		return 0;
	}
}

/* config-linux.md#memory-policy */
static int check_memory_policy(const struct spec_config *config, struct error *err)
{
	const struct spec_memory_policy *policy = config->linux_->memory_policy;

	if (!policy)
		return 0;
	if (policy->nodes && number_set_check(policy->nodes, err) < 0)
		return error_prefix(err, "memoryPolicy.nodes: ");
	if (check_memory_nodes(policy, err) < 0)
		return error_prefix(err, "memoryPolicy.");
	if (has_flag(policy, SPEC_MEMORY_STATIC_NODES) &&
	    has_flag(policy, SPEC_MEMORY_RELATIVE_NODES))
		return error_set(
			err, EINVAL,
			"memoryPolicy.flags: MPOL_F_STATIC_NODES and MPOL_F_RELATIVE_NODES "
			"exclude each other");
	return 0;
}

static int check_resources(const struct spec_config *config, struct error *err)
{
	const struct spec_resources *resources = config->linux_->resources;

	if (resources && spec_config_validate_resources(resources, err) < 0)
		return error_prefix(err, "resources.");
	return 0;
}

static int check_seccomp(const struct spec_config *config, struct error *err)
{
	const struct spec_seccomp *seccomp = config->linux_->seccomp;

	if (seccomp && spec_config_validate_seccomp(seccomp, err) < 0)
		return error_prefix(err, "seccomp.");
	return 0;
}

int spec_config_validate_linux(const struct spec_config *config, struct error *err)
{
	static int (*const checks[])(const struct spec_config *, struct error *) = {
		check_namespaces,
		check_mappings,
		check_time_offsets,
		check_devices,
		check_masked_paths,
		check_readonly_paths,
		check_cgroups_path,
		check_sysctl,
		check_personality,
		check_memory_policy,
		check_resources,
		check_seccomp,
		spec_config_validate_net_devices,
		spec_config_validate_rdt,
	};

	TRY(check_mount_namespace(config, err));
	for (size_t i = 0; config->linux_ && i < sizeof checks / sizeof *checks; i++)
		if (checks[i](config, err) < 0)
			return error_prefix(err, "linux.");
	return 0;
}
