/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <string.h>
#include <sys/resource.h>

#include "base/list.h"
#include "spec/config.h"
#include "spec/features.h"

#define OPTIONS_MAX 8

/* What only one of the two variants has: a rootless one may not make all mounts and namespaces. */
enum variant {
	ALWAYS,
	ROOTFUL,
	ROOTLESS,
};

struct default_mount {
	enum variant variant;
	const char *destination, *type, *source;
	const char *options[OPTIONS_MAX];
};

struct default_namespace {
	enum variant variant;
	enum spec_namespace_type type;
};

/* clang-format off */
static const struct default_mount mounts[] = {
	{ ALWAYS, "/proc", "proc", "proc", { NULL } },
	{ ALWAYS, "/dev", "tmpfs", "tmpfs", { "nosuid", "strictatime", "mode=755", "size=65536k" } },
	{ ROOTFUL, "/dev/pts", "devpts", "devpts",
	  { "nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5" } },
	{ ROOTLESS, "/dev/pts", "devpts", "devpts",
	  { "nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620" } },
	{ ALWAYS, "/dev/shm", "tmpfs", "shm",
	  { "nosuid", "noexec", "nodev", "mode=1777", "size=65536k" } },
	{ ALWAYS, "/dev/mqueue", "mqueue", "mqueue", { "nosuid", "noexec", "nodev" } },
	{ ROOTFUL, "/sys", "sysfs", "sysfs", { "nosuid", "noexec", "nodev", "ro" } },
	{ ROOTLESS, "/sys", "none", "/sys", { "rbind", "nosuid", "noexec", "nodev", "ro" } },
	{ ALWAYS, "/sys/fs/cgroup", "cgroup", "cgroup",
	  { "nosuid", "noexec", "nodev", "relatime", "ro" } },
};

static const struct default_namespace namespaces[] = {
	{ ALWAYS,   SPEC_NAMESPACE_PID },
	{ ROOTFUL,  SPEC_NAMESPACE_NETWORK },
	{ ALWAYS,   SPEC_NAMESPACE_IPC },
	{ ALWAYS,   SPEC_NAMESPACE_UTS },
	{ ALWAYS,   SPEC_NAMESPACE_MOUNT },
	{ ROOTLESS, SPEC_NAMESPACE_USER },
};

static const char *const masked_paths[] = {
	"/proc/acpi",
	"/proc/asound",
	"/proc/kcore",
	"/proc/keys",
	"/proc/latency_stats",
	"/proc/timer_list",
	"/proc/timer_stats",
	"/proc/sched_debug",
	"/sys/firmware",
	"/proc/scsi",
	NULL,
};

static const char *const readonly_paths[] = {
	"/proc/bus",
	"/proc/fs",
	"/proc/irq",
	"/proc/sys",
	"/proc/sysrq-trigger",
	NULL,
};
/* clang-format on */

static const char *const args[] = { "sh", NULL };

static const char *const env[] = {
	"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
	"TERM=xterm",
	NULL,
};

static const char *const capabilities[] = {
	"CAP_AUDIT_WRITE",
	"CAP_KILL",
	"CAP_NET_BIND_SERVICE",
	NULL,
};

static bool wanted(enum variant variant, const struct spec_default_options *options)
{
	return variant == ALWAYS || variant == (options->rootless ? ROOTLESS : ROOTFUL);
}

static int out_of_memory(struct error *err)
{
	return error_errno(err, ENOMEM, "make a config");
}

static int copy(char **ret, const char *text, struct error *err)
{
	*ret = strdup(text);
	return *ret ? 0 : out_of_memory(err);
}

static int add_capabilities(struct spec_process *process, struct error *err)
{
	struct spec_capabilities *sets = calloc(1, sizeof *sets);

	if (!sets)
		return out_of_memory(err);
	process->capabilities = sets;
	TRY(spec_features_add_words(&sets->bounding, capabilities, err));
	TRY(spec_features_add_words(&sets->effective, capabilities, err));
	TRY(spec_features_add_words(&sets->permitted, capabilities, err));
	return spec_features_add_words(&sets->ambient, capabilities, err);
}

static int add_process(struct spec_config *config, struct error *err)
{
	struct spec_process *process = calloc(1, sizeof *process);
	struct spec_rlimit *limit;

	if (!process)
		return out_of_memory(err);
	config->process = process;
	process->terminal = true;
	process->no_new_privileges = true;
	process->user = calloc(1, sizeof *process->user);
	limit = list_add(&process->rlimits);
	if (!process->user || !limit)
		return out_of_memory(err);
	process->user->uid.set = true;
	process->user->gid.set = true;
	limit->type = (struct optional_int){ true, RLIMIT_NOFILE };
	limit->soft = (struct optional_uint){ true, 1024 };
	limit->hard = (struct optional_uint){ true, 1024 };
	TRY(spec_features_add_words(&process->args, args, err));
	TRY(spec_features_add_words(&process->env, env, err));
	TRY(copy(&process->cwd, "/", err));
	return add_capabilities(process, err);
}

static int add_mounts(struct spec_config *config, const struct spec_default_options *options,
		      struct error *err)
{
	for (size_t i = 0; i < sizeof mounts / sizeof *mounts; i++) {
		struct spec_mount *mount;

		if (!wanted(mounts[i].variant, options))
			continue;
		mount = list_add(&config->mounts);
		if (!mount)
			return out_of_memory(err);
		TRY(copy(&mount->destination, mounts[i].destination, err));
		TRY(copy(&mount->type, mounts[i].type, err));
		TRY(copy(&mount->source, mounts[i].source, err));
		TRY(spec_features_add_words(&mount->options, mounts[i].options, err));
	}
	return 0;
}

static int add_namespaces(struct spec_linux *part, const struct spec_default_options *options,
			  struct error *err)
{
	for (size_t i = 0; i < sizeof namespaces / sizeof *namespaces; i++) {
		struct spec_namespace *ns;

		if (!wanted(namespaces[i].variant, options))
			continue;
		ns = list_add(&part->namespaces);
		if (!ns)
			return out_of_memory(err);
		ns->type = (struct optional_int){ true, namespaces[i].type };
	}
	return 0;
}

/* Rootless: root in the container is the caller outside, and nobody else exists. */
static int add_mappings(struct spec_linux *part, const struct spec_default_options *options,
			struct error *err)
{
	struct spec_mapping *uids = list_add(&part->uid_mappings);
	struct spec_mapping *gids = list_add(&part->gid_mappings);

	if (!uids || !gids)
		return out_of_memory(err);
	*uids = (struct spec_mapping){ { true, 0 }, { true, options->uid }, { true, 1 } };
	*gids = (struct spec_mapping){ { true, 0 }, { true, options->gid }, { true, 1 } };
	return 0;
}

/* No device but those that the runtime always allows. */
static int add_device_rule(struct spec_linux *part, struct error *err)
{
	struct spec_device_rule *rule;

	part->resources = calloc(1, sizeof *part->resources);
	if (!part->resources)
		return out_of_memory(err);
	rule = list_add(&part->resources->devices);
	if (!rule)
		return out_of_memory(err);
	rule->allow.set = true;
	return copy(&rule->access, "rwm", err);
}

static int add_linux(struct spec_config *config, const struct spec_default_options *options,
		     struct error *err)
{
	struct spec_linux *part = calloc(1, sizeof *part);

	if (!part)
		return out_of_memory(err);
	config->linux_ = part;
	TRY(add_namespaces(part, options, err));
	TRY(spec_features_add_words(&part->masked_paths, masked_paths, err));
	TRY(spec_features_add_words(&part->readonly_paths, readonly_paths, err));
	return options->rootless ? add_mappings(part, options, err) : add_device_rule(part, err);
}

static int build(const struct spec_default_options *options, struct spec_config *config,
		 struct error *err)
{
	TRY(copy(&config->oci_version, SPEC_VERSION, err));
	config->root = calloc(1, sizeof *config->root);
	if (!config->root)
		return out_of_memory(err);
	config->root->readonly = true;
	TRY(copy(&config->root->path, "rootfs", err));
	TRY(copy(&config->hostname, "ctr", err));
	TRY(add_process(config, err));
	TRY(add_mounts(config, options, err));
	return add_linux(config, options, err);
}

int spec_config_default(const struct spec_default_options *options, struct spec_config *ret,
			struct error *err)
{
	struct spec_config config = {};
	int r = build(options, &config, err);

	if (r < 0) {
		json_release(&spec_config_schema, &config);
		return r;
	}
	*ret = config;
	return 0;
}
