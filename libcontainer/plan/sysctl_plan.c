/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/sysctl_plan.h"

#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/list.h"

/* What the kernel keeps per namespace; a path that ends with a slash stands for all below it. */
static const struct scope {
	const char *path;
	uint64_t namespace;
	enum spec_namespace_type type;
} scopes[] = {
	{ "net/", CLONE_NEWNET, SPEC_NAMESPACE_NETWORK },
	{ "user/", CLONE_NEWUSER, SPEC_NAMESPACE_USER },
	{ "fs/mqueue/", CLONE_NEWIPC, SPEC_NAMESPACE_IPC },
	{ "kernel/domainname", CLONE_NEWUTS, SPEC_NAMESPACE_UTS },
	{ "kernel/msgmax", CLONE_NEWIPC, SPEC_NAMESPACE_IPC },
	{ "kernel/msgmnb", CLONE_NEWIPC, SPEC_NAMESPACE_IPC },
	{ "kernel/msgmni", CLONE_NEWIPC, SPEC_NAMESPACE_IPC },
	{ "kernel/sem", CLONE_NEWIPC, SPEC_NAMESPACE_IPC },
	{ "kernel/shmall", CLONE_NEWIPC, SPEC_NAMESPACE_IPC },
	{ "kernel/shmmax", CLONE_NEWIPC, SPEC_NAMESPACE_IPC },
	{ "kernel/shmmni", CLONE_NEWIPC, SPEC_NAMESPACE_IPC },
	{ "kernel/shm_rmid_forced", CLONE_NEWIPC, SPEC_NAMESPACE_IPC },
	{ "kernel/msg_next_id", CLONE_NEWIPC, SPEC_NAMESPACE_IPC },
	{ "kernel/sem_next_id", CLONE_NEWIPC, SPEC_NAMESPACE_IPC },
	{ "kernel/shm_next_id", CLONE_NEWIPC, SPEC_NAMESPACE_IPC },
};

/* As sysctl(8): what comes first of . and / separates, the other stands for it within a part. */
static char *key_to_path(const char *key)
{
	char *path = strdup(key);

	if (!path || key[strcspn(key, "./")] != '.')
		return path;
	for (char *c = path; *c; c++)
		*c = *c == '.' ? '/' : *c == '/' ? '.' : *c;
	return path;
}

/* No part may be empty or lead elsewhere. */
static bool is_clean(const char *path)
{
	for (;;) {
		size_t len = strcspn(path, "/");

		if (len == 0 || (len <= 2 && !strncmp(path, "..", len)))
			return false;
		if (!path[len])
			return true;
		path += len + 1;
	}
}

static const struct scope *find_scope(const char *path)
{
	for (size_t i = 0; i < sizeof scopes / sizeof *scopes; i++) {
		size_t len = strlen(scopes[i].path);

		if (scopes[i].path[len - 1] == '/' ? !strncmp(path, scopes[i].path, len) :
						     !strcmp(path, scopes[i].path))
			return &scopes[i];
	}
	return NULL;
}

static int check_path(const char *path, const char *key, const struct namespace_plan *namespaces,
		      struct error *err)
{
	const struct scope *scope;

	if (!is_clean(path))
		return error_set(err, EINVAL, "linux.sysctl.%s: not a sysctl's name", key);
	if (!strcmp(path, "kernel/hostname"))
		return error_set(err, EINVAL, "linux.sysctl.%s: use the property hostname", key);
	scope = find_scope(path);
	if (!scope)
		return error_set(err, EINVAL,
				 "linux.sysctl.%s: belongs to the whole host, not to a namespace",
				 key);
	if (!(namespaces->present & scope->namespace))
		return error_set(err, EINVAL,
				 "linux.sysctl.%s: would change the host; add a%s %s namespace to "
				 "linux.namespaces",
				 key, scope->type == SPEC_NAMESPACE_IPC ? "n" : "",
				 spec_config_namespace_names[scope->type]);
	return 0;
}

int sysctl_plan_build(const struct spec_config *config, const struct namespace_plan *namespaces,
		      struct sysctl_plan *ret, struct error *err)
{
	const struct spec_linux *l = config->linux_;

	for (size_t i = 0; l && i < l->sysctl.n; i++) {
		const struct json_pair *pair = &l->sysctl.item[i];
		cleanup_free char *path = key_to_path(pair->key);
		struct sysctl_write *write;

		if (!path)
			return error_errno(err, ENOMEM, "plan sysctls");
		TRY(check_path(path, pair->key, namespaces, err));
		write = list_add(&ret->writes);
		if (!write)
			return error_errno(err, ENOMEM, "plan sysctls");
		write->path = steal_ptr(&path);
		write->value = pair->value;
		snprintf(write->from, sizeof write->from, "linux.sysctl.%s", pair->key);
	}
	return 0;
}

void sysctl_plan_release(struct sysctl_plan *plan)
{
	for (size_t i = 0; i < plan->writes.n; i++)
		free(plan->writes.item[i].path);
	free(plan->writes.item);
	*plan = (struct sysctl_plan){};
}
