/* SPDX-License-Identifier: Apache-2.0 */
#include "tenant/tenant_config.h"

#include <errno.h>
#include <string.h>
#include <sys/resource.h>

#include "base/cleanup.h"
#include "base/list.h"
#include "base/str.h"
#include "spec/features.h"
#include "tenant/id_range.h"

#define OPTIONS_MAX   8
#define CPU_PERIOD_US 100000

struct tenant_mount {
	const char *destination, *type, *source;
	const char *options[OPTIONS_MAX];
};

/* clang-format off */
static const struct tenant_mount mounts[] = {
	{ "/proc", "proc", "proc", { "nosuid", "noexec", "nodev" } },
	{ "/dev", "tmpfs", "tmpfs", { "nosuid", "strictatime", "mode=755", "size=65536k" } },
	{ "/dev/pts", "devpts", "devpts",
	  { "nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5" } },
	{ "/dev/shm", "tmpfs", "shm", { "nosuid", "nodev", "mode=1777" } },
	{ "/dev/mqueue", "mqueue", "mqueue", { "nosuid", "noexec", "nodev" } },
	/* Read-only: that is how udev and networkd know that the devices are not theirs. */
	{ "/sys", "sysfs", "sysfs", { "nosuid", "noexec", "nodev", "ro" } },
	{ "/sys/fs/cgroup", "cgroup", "cgroup", { "nosuid", "noexec", "nodev", "relatime" } },
	{ "/run", "tmpfs", "tmpfs", { "nosuid", "nodev", "mode=755" } },
};

static const enum spec_namespace_type namespaces[] = {
	SPEC_NAMESPACE_PID, SPEC_NAMESPACE_IPC, SPEC_NAMESPACE_UTS,
	SPEC_NAMESPACE_MOUNT, SPEC_NAMESPACE_USER, SPEC_NAMESPACE_CGROUP,
};

/* Over what is the tenant's own; none of them reaches the host from a user namespace. */
static const char *const capabilities[] = {
	"CAP_AUDIT_WRITE", "CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_DAC_READ_SEARCH", "CAP_FOWNER",
	"CAP_FSETID", "CAP_IPC_LOCK", "CAP_IPC_OWNER", "CAP_KILL", "CAP_LEASE",
	"CAP_LINUX_IMMUTABLE", "CAP_MKNOD", "CAP_NET_ADMIN", "CAP_NET_BIND_SERVICE",
	"CAP_NET_BROADCAST", "CAP_NET_RAW", "CAP_SETFCAP", "CAP_SETGID", "CAP_SETPCAP",
	"CAP_SETUID", "CAP_SYS_ADMIN", "CAP_SYS_BOOT", "CAP_SYS_CHROOT", "CAP_SYS_NICE",
	"CAP_SYS_PTRACE", "CAP_SYS_RESOURCE", "CAP_SYS_TTY_CONFIG",
	NULL,
};

/* The host's, whatever a user namespace says. */
static const char *const masked_paths[] = {
	"/proc/kcore", "/proc/keys", "/proc/sysrq-trigger", "/sys/firmware",
	NULL,
};

static const char *const base_env[] = {
	"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
	"TERM=xterm",
	"HOME=/root",
	"container=ctr",
	NULL,
};

/* For a base with neither an init nor a program: it waits, reaps and ends when asked. */
static const char *const idle[] = {
	"/bin/sh", "-c", "trap 'exit 0' TERM INT; while :; do sleep 3600 & wait $!; done",
	NULL,
};
/* clang-format on */

static int out_of_memory(struct error *err)
{
	return error_errno(err, ENOMEM, "make a tenant's config");
}

static int copy(char **ret, const char *text, struct error *err)
{
	*ret = strdup(text);
	return *ret ? 0 : out_of_memory(err);
}

static int add_mounts(const struct tenant_settings *settings, struct spec_config *config,
		      struct error *err)
{
	struct spec_mount *mount;

	for (size_t i = 0; i < sizeof mounts / sizeof *mounts; i++) {
		mount = list_add(&config->mounts);
		if (!mount)
			return out_of_memory(err);
		TRY(copy(&mount->destination, mounts[i].destination, err));
		TRY(copy(&mount->type, mounts[i].type, err));
		TRY(copy(&mount->source, mounts[i].source, err));
		TRY(spec_features_add_words(&mount->options, mounts[i].options, err));
	}
	for (size_t i = 0; i < settings->binds.n; i++) {
		const struct tenant_bind *bind = &settings->binds.item[i];
		const char *const options[] = {
			"rbind", "nosuid", "nodev", "idmap", bind->readonly ? "ro" : "rw", NULL
		};

		mount = list_add(&config->mounts);
		if (!mount)
			return out_of_memory(err);
		TRY(copy(&mount->destination, bind->destination, err));
		TRY(copy(&mount->type, "bind", err));
		TRY(copy(&mount->source, bind->source, err));
		TRY(spec_features_add_words(&mount->options, options, err));
	}
	return 0;
}

static const char *variable_name_end(const char *text)
{
	return strchrnul(text, '=');
}

/* The last one of a name stands, in the place of the first. */
static int set_env(struct spec_process *process, const char *text, struct error *err)
{
	size_t n = (size_t)(variable_name_end(text) - text);
	char **slot = NULL;

	for (size_t i = 0; i < process->env.n && !slot; i++) {
		char *other = process->env.item[i];

		if ((size_t)(variable_name_end(other) - other) == n && memcmp(other, text, n) == 0)
			slot = &process->env.item[i];
	}
	if (!slot)
		slot = list_add(&process->env);
	if (!slot)
		return out_of_memory(err);
	free(*slot);
	return copy(slot, text, err);
}

static int add_env(const struct tenant *tenant, struct spec_process *process, struct error *err)
{
	cleanup_free char *uuid = NULL;

	for (size_t i = 0; base_env[i]; i++)
		TRY(set_env(process, base_env[i], err));
	TRY(str_printf(&uuid, err, "container_uuid=%s", tenant->uuid));
	TRY(set_env(process, uuid, err));
	for (size_t i = 0; i < tenant->env.n; i++)
		TRY(set_env(process, tenant->env.item[i], err));
	for (size_t i = 0; i < tenant->settings->env.n; i++)
		TRY(set_env(process, tenant->settings->env.item[i], err));
	return 0;
}

static int add_args(const struct tenant *tenant, struct spec_process *process, struct error *err)
{
	const struct tenant_settings *settings = tenant->settings;
	char *const *from = settings->command.n ? settings->command.item : tenant->command.item;
	size_t n = settings->command.n ? settings->command.n : tenant->command.n;

	if (!n)
		return spec_features_add_words(&process->args, idle, err);
	for (size_t i = 0; i < n; i++) {
		char **argument = list_add(&process->args);

		if (!argument)
			return out_of_memory(err);
		TRY(copy(argument, from[i], err));
	}
	return 0;
}

static int add_capabilities(struct spec_process *process, struct error *err)
{
	struct spec_capabilities *sets = calloc(1, sizeof *sets);

	if (!sets)
		return out_of_memory(err);
	process->capabilities = sets;
	TRY(spec_features_add_words(&sets->bounding, capabilities, err));
	TRY(spec_features_add_words(&sets->effective, capabilities, err));
	return spec_features_add_words(&sets->permitted, capabilities, err);
}

static int add_process(const struct tenant *tenant, struct spec_config *config, struct error *err)
{
	struct spec_process *process = calloc(1, sizeof *process);

	if (!process)
		return out_of_memory(err);
	config->process = process;
	process->user = calloc(1, sizeof *process->user);
	if (!process->user)
		return out_of_memory(err);
	process->user->uid.set = true;
	process->user->gid.set = true;
	TRY(add_args(tenant, process, err));
	TRY(add_env(tenant, process, err));
	TRY(copy(&process->cwd, tenant->cwd ? tenant->cwd : "/", err));
	return add_capabilities(process, err);
}

static int add_namespace(struct spec_linux *part, enum spec_namespace_type type, struct error *err)
{
	struct spec_namespace *ns = list_add(&part->namespaces);

	if (!ns)
		return out_of_memory(err);
	ns->type = (struct optional_int){ true, type };
	return 0;
}

static int add_namespaces(const struct tenant *tenant, struct spec_linux *part, struct error *err)
{
	struct spec_mapping map = { { true, 0 },
				    { true, tenant->id_base.value },
				    { true, ID_RANGE_SIZE } };
	struct spec_mapping *uids = list_add(&part->uid_mappings);
	struct spec_mapping *gids = list_add(&part->gid_mappings);

	if (!uids || !gids)
		return out_of_memory(err);
	*uids = *gids = map;
	for (size_t i = 0; i < sizeof namespaces / sizeof *namespaces; i++)
		TRY(add_namespace(part, namespaces[i], err));
	return tenant->settings->host_network ? 0 :
						add_namespace(part, SPEC_NAMESPACE_NETWORK, err);
}

int tenant_config_resources(const struct tenant_settings *settings, struct spec_resources *ret,
			    struct error *err)
{
	struct spec_device_rule *rule = list_add(&ret->devices);

	/* No device but those that the runtime always allows. */
	if (!rule)
		return out_of_memory(err);
	rule->allow.set = true;
	TRY(copy(&rule->access, "rwm", err));
	if (settings->memory.set) {
		ret->memory = calloc(1, sizeof *ret->memory);
		if (!ret->memory)
			return out_of_memory(err);
		ret->memory->limit = settings->memory;
	}
	if (settings->cpu_millis.set) {
		ret->cpu = calloc(1, sizeof *ret->cpu);
		if (!ret->cpu)
			return out_of_memory(err);
		ret->cpu->period = (struct optional_uint){ true, CPU_PERIOD_US };
		ret->cpu->quota = (struct optional_int){ true, settings->cpu_millis.value *
								       (CPU_PERIOD_US / 1000) };
	}
	if (settings->pids.set) {
		ret->pids = calloc(1, sizeof *ret->pids);
		if (!ret->pids)
			return out_of_memory(err);
		ret->pids->limit = settings->pids;
	}
	return 0;
}

static int add_linux(const struct tenant *tenant, struct spec_config *config, struct error *err)
{
	struct spec_linux *part = calloc(1, sizeof *part);

	if (!part)
		return out_of_memory(err);
	config->linux_ = part;
	part->resources = calloc(1, sizeof *part->resources);
	part->seccomp = calloc(1, sizeof *part->seccomp);
	if (!part->resources || !part->seccomp)
		return out_of_memory(err);
	TRY(add_namespaces(tenant, part, err));
	TRY(tenant_config_resources(tenant->settings, part->resources, err));
	TRY(tenant_config_seccomp(part->seccomp, err));
	/* Services with namespaces of their own expect that mounts travel down from "/". */
	part->rootfs_propagation = (struct optional_int){ true, SPEC_PROPAGATION_SHARED };
	return spec_features_add_words(&part->masked_paths, masked_paths, err);
}

int tenant_config_build(const struct tenant *tenant, const char *rootfs, struct spec_config *ret,
			struct error *err)
{
	const struct tenant_settings *settings = tenant->settings;

	TRY(copy(&ret->oci_version, SPEC_VERSION, err));
	ret->root = calloc(1, sizeof *ret->root);
	if (!ret->root)
		return out_of_memory(err);
	TRY(copy(&ret->root->path, rootfs, err));
	TRY(copy(&ret->hostname, settings->hostname ? settings->hostname : tenant->name, err));
	TRY(add_mounts(settings, ret, err));
	TRY(add_process(tenant, ret, err));
	return add_linux(tenant, ret, err);
}
