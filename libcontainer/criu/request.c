/* SPDX-License-Identifier: Apache-2.0 */
#include "criu/request.h"

#include <errno.h>
#include <limits.h>
#include <string.h>

#include "base/list.h"

static const char *const operation_names[] = {
	[CRIU_DUMP] = "dump",
	[CRIU_PRE_DUMP] = "pre-dump",
	[CRIU_RESTORE] = "restore",
	NULL,
};

static const char *const flag_names[CRIU_FLAG_COUNT + 1] = {
	[CRIU_LEAVE_RUNNING] = "leave-running",
	[CRIU_TCP_ESTABLISHED] = "tcp-established",
	[CRIU_TCP_SKIP_IN_FLIGHT] = "tcp-skip-in-flight",
	[CRIU_TCP_CLOSE] = "tcp-close",
	[CRIU_EXT_UNIX_SK] = "ext-unix-sk",
	[CRIU_SHELL_JOB] = "shell-job",
	[CRIU_FILE_LOCKS] = "file-locks",
	[CRIU_LINK_REMAP] = "link-remap",
	[CRIU_AUTO_DEDUP] = "auto-dedup",
	[CRIU_LAZY_PAGES] = "lazy-pages",
	[CRIU_EMPTY_NETWORK] = "empty-network",
	[CRIU_TRACK_MEMORY] = "track-memory",
	[CRIU_NO_NEW_PRIVILEGES] = "no-new-privileges",
};

const char *const criu_request_cgroups_names[] = {
	[CRIU_CGROUPS_SOFT] = "soft",
	[CRIU_CGROUPS_FULL] = "full",
	[CRIU_CGROUPS_STRICT] = "strict",
	[CRIU_CGROUPS_IGNORE] = "ignore",
	NULL,
};

const char *const criu_request_network_lock_names[] = {
	[CRIU_LOCK_IPTABLES] = "iptables",
	[CRIU_LOCK_NFTABLES] = "nftables",
	[CRIU_LOCK_SKIP] = "skip",
	NULL,
};

/* clang-format off */
static SCHEMA(criu_descriptor,
	NEEDS_STRING(criu_descriptor, key, "key"),
	NEEDS_RANGE(criu_descriptor, fd, "fd", 0, INT_MAX));

static SCHEMA(criu_namespace,
	NEEDS_STRING(criu_namespace, type, "type"),
	NEEDS_STRING(criu_namespace, path, "path"));

SCHEMA(criu_request,
	NEEDS_ENUM(criu_request, operation, "operation", operation_names),
	NEEDS_RANGE(criu_request, images_fd, "imagesFd", 0, INT_MAX),
	NEEDS_RANGE(criu_request, work_fd, "workFd", 0, INT_MAX),
	NEEDS_STRING(criu_request, work, "work"),
	NEEDS_STRING(criu_request, log, "log"),
	RANGE(criu_request, pid, "pid", 1, INT_MAX),
	ENUMS(criu_request, flags, "flags", flag_names),
	STRING(criu_request, parent, "parent"),
	STRING(criu_request, freeze_cgroup, "freezeCgroup"),
	STRING(criu_request, cgroup_root, "cgroupRoot"),
	ENUM(criu_request, cgroups, "cgroups", criu_request_cgroups_names),
	ENUM(criu_request, network_lock, "networkLock", criu_request_network_lock_names),
	STRING(criu_request, lsm_profile, "lsmProfile"),
	STRING(criu_request, lsm_mount_context, "lsmMountContext"),
	STRING(criu_request, page_server, "pageServer"),
	RANGE(criu_request, port, "port", 1, 65535),
	STRING(criu_request, place, "place"),
	RANGE(criu_request, root_fd, "rootFd", 0, INT_MAX),
	STRINGS(criu_request, externals, "externals"),
	OBJECTS(criu_request, trees, "trees", criu_descriptor),
	OBJECTS(criu_request, inherit, "inherit", criu_descriptor),
	OBJECTS(criu_request, joins, "joins", criu_namespace));
/* clang-format on */

static int no_memory(struct error *err)
{
	return error_errno(err, ENOMEM, "ask CRIU");
}

int criu_request_set(struct criu_request *request, enum criu_flag flag, struct error *err)
{
	int *added = list_add(&request->flags);

	if (!added)
		return no_memory(err);
	*added = (int)flag;
	return 0;
}

int criu_request_add_external(struct criu_request *request, const char *id, struct error *err)
{
	char **added = list_add(&request->externals);

	if (added)
		*added = strdup(id);
	return added && *added ? 0 : no_memory(err);
}

static int fill(struct criu_descriptor *added, const char *key, int fd, struct error *err)
{
	if (!added)
		return no_memory(err);
	added->fd = (struct optional_int){ true, fd };
	added->key = strdup(key);
	return added->key ? 0 : no_memory(err);
}

int criu_request_add_tree(struct criu_request *request, const char *key, int fd, struct error *err)
{
	return fill(list_add(&request->trees), key, fd, err);
}

int criu_request_add_inherited(struct criu_request *request, const char *key, int fd,
			       struct error *err)
{
	return fill(list_add(&request->inherit), key, fd, err);
}

int criu_request_add_join(struct criu_request *request, const char *type, const char *path,
			  struct error *err)
{
	struct criu_namespace *added = list_add(&request->joins);

	if (added) {
		added->type = strdup(type);
		added->path = strdup(path);
	}
	return added && added->type && added->path ? 0 : no_memory(err);
}

void criu_request_release(struct criu_request *request)
{
	json_release(&criu_request_schema, request);
}
