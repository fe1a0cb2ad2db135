/* SPDX-License-Identifier: Apache-2.0 */
#include "tenant/tenant.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

/* What sethostname(2) takes. */
#define HOSTNAME_MAX 64

const char *const tenant_init_names[] = {
	[TENANT_INIT_NONE] = "none",
	[TENANT_INIT_SYSTEMD] = "systemd",
	[TENANT_INIT_SYSV] = "sysv",
	[TENANT_INIT_BUSYBOX] = "busybox",
	NULL,
};

const char *tenant_stop_signal(enum tenant_init init)
{
	switch (init) {
	case TENANT_INIT_SYSTEMD:
		return "SIGRTMIN+4"; /* poweroff.target */
	case TENANT_INIT_SYSV:
		return "SIGPWR";
	case TENANT_INIT_BUSYBOX:
		return "SIGUSR2";
	case TENANT_INIT_NONE:
	case TENANT_INIT_COUNT:
		break;
	}
	return "SIGTERM";
}

/* clang-format off */
static SCHEMA(tenant_bind,
	NEEDS_STRING(tenant_bind, source, "source"),
	NEEDS_STRING(tenant_bind, destination, "destination"),
	BOOL(tenant_bind, readonly, "readonly"));

static SCHEMA(tenant_settings,
	STRING(tenant_settings, hostname, "hostname"),
	RANGE(tenant_settings, memory, "memory", 1, INT64_MAX),
	RANGE(tenant_settings, cpu_millis, "cpuMillis", 1, INT64_MAX / 1000),
	RANGE(tenant_settings, pids, "pids", 1, INT64_MAX),
	STRINGS(tenant_settings, env, "env"),
	OBJECTS(tenant_settings, binds, "binds", tenant_bind),
	STRINGS(tenant_settings, command, "command"),
	BOOL(tenant_settings, host_network, "hostNetwork"));

static SCHEMA(tenant_template,
	NEEDS_STRING(tenant_template, name, "name"),
	STRING(tenant_template, digest, "digest"));

SCHEMA(tenant,
	NEEDS_STRING(tenant, name, "name"),
	NEEDS_STRING(tenant, uuid, "uuid"),
	STRING(tenant, created, "created"),
	OBJECT(tenant, template_, "template", tenant_template),
	NEEDS_ID(tenant, id_base, "idBase"),
	ENUM(tenant, init, "init", tenant_init_names),
	STRINGS(tenant, command, "command"),
	STRINGS(tenant, env, "env"),
	STRING(tenant, cwd, "cwd"),
	STRING(tenant, stop_signal, "stopSignal"),
	NEEDS_OBJECT(tenant, settings, "settings", tenant_settings));
/* clang-format on */

void tenant_release(struct tenant *tenant)
{
	json_release(&tenant_schema, tenant);
}

int tenant_check_env(const char *what, const char *env, struct error *err)
{
	const char *equals = strchr(env, '=');

	if (!equals || equals == env)
		return error_set(err, EINVAL, "%s %.60s: wants NAME=VALUE", what, env);
	for (const char *c = env; c < equals; c++)
		if (!isalnum((unsigned char)*c) && *c != '_')
			return error_set(err, EINVAL, "%s %.60s: a name is letters, digits and _",
					 what, env);
	return 0;
}

static bool has_dot_dot(const char *path)
{
	for (const char *at = path; (at = strstr(at, "..")); at += 2)
		if ((at == path || at[-1] == '/') && (at[2] == '/' || !at[2]))
			return true;
	return false;
}

static int check_path(const char *what, const char *path, struct error *err)
{
	if (!path || *path != '/')
		return error_set(err, EINVAL, "%s: %.200s is not an absolute path", what,
				 path ? path : "");
	if (has_dot_dot(path))
		return error_set(err, EINVAL, "%s: %.200s must not contain ..", what, path);
	return 0;
}

int tenant_check_bind(const char *what, const struct tenant_bind *bind, struct error *err)
{
	TRY(check_path(what, bind->source, err));
	return check_path(what, bind->destination, err);
}

static bool is_label(const char *text, size_t n)
{
	if (n == 0 || n > 63 || text[0] == '-' || text[n - 1] == '-')
		return false;
	for (size_t i = 0; i < n; i++)
		if (!isalnum((unsigned char)text[i]) && text[i] != '-')
			return false;
	return true;
}

int tenant_check_hostname(const char *what, const char *hostname, struct error *err)
{
	const char *label = hostname;
	bool good = strlen(hostname) <= HOSTNAME_MAX;

	while (good) {
		size_t n = strcspn(label, ".");

		good = is_label(label, n);
		if (!label[n])
			break;
		label += n + 1;
	}
	if (good)
		return 0;
	return error_set(err, EINVAL,
			 "%s %.70s: a hostname is letters, digits and hyphens in labels of at most "
			 "63, and has at most %d characters",
			 what, hostname, HOSTNAME_MAX);
}
