/* SPDX-License-Identifier: Apache-2.0 */
/*
 * mounts add and remove: sources are opened on the host, as create opens them; a child that enters
 * the container does the rest (init/graft.c).
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/fd.h"
#include "base/json_value.h"
#include "base/path.h"
#include "base/str.h"
#include "init/graft.h"
#include "kernel/process.h"
#include "lifecycle/inspect.h"
#include "lifecycle/launch.h"
#include "lifecycle/lifecycle.h"

struct live_request {
	LIST_OF(struct spec_mount) mounts;
};

static SCHEMA(live_request, OBJECTS(live_request, mounts, "mounts", spec_mount));

struct live {
	struct lifecycle *l;
	struct container container;
	struct spec_config config;
	struct live_request request;
	struct plan plan;
};

static void release(struct live *live)
{
	plan_release(&live->plan);
	json_release(&spec_config_schema, &live->config);
	json_release(&live_request_schema, &live->request);
	inspect_release(&live->container);
}

/* A document that is an array, read as the property of an object. */
static int decode_request(const char *text, struct live_request *ret, struct error *err)
{
	cleanup_free char *document = NULL;
	struct json_tree tree = {};
	int r = json_parse(text, strlen(text), &tree, err);

	/* By itself first: what closes the object's brackets is no array. */
	json_parse_release(&tree);
	TRY(r);
	if (text[strspn(text, " \t\r\n")] != '[')
		return error_set(err, EINVAL, "wants a JSON array of mounts");
	TRY(str_printf(&document, err, "{\"mounts\":%s}", text));
	TRY(json_decode(&live_request_schema, document, strlen(document), ret, err));
	return ret->mounts.n ? 0 : error_set(err, EINVAL, "the array of mounts is empty");
}

static int load(struct live *live, const char *id, struct error *err)
{
	cleanup_free char *text = NULL;
	size_t len;

	TRY(inspect_open(live->l, id, true, &live->container, err));
	TRY(status_allows(live->container.status, STATUS_OP_UPDATE, id, err));
	TRY(inspect_verify(live->l, &live->container.record, err));
	TRY(store_load_config(live->container.fd, &text, &len, err));
	TRY(json_decode(&spec_config_schema, text, len, &live->config, err));
	return 0;
}

static enum cgroup_manager manager_of(const struct store_record *record)
{
	if (record->systemd_cgroup)
		return CGROUP_MANAGER_SYSTEMD;
	return record->cgroup_path ? CGROUP_MANAGER_CGROUPFS : CGROUP_MANAGER_DISABLED;
}

/* The plan of the same container with the request's mounts instead of its own. */
static int build(struct live *live, bool add, struct error *err)
{
	const struct host *host = lifecycle_host(live->l, err);
	const struct plan_options options = {
		.id = live->container.record.id,
		.bundle = live->container.record.bundle,
		.cgroup_manager = manager_of(&live->container.record),
	};

	if (!host)
		return -err->code;
	if (add) {
		struct live_request own = {};

		/* Either is released with the other's document. */
		memcpy(&own.mounts, &live->config.mounts, sizeof own.mounts);
		memcpy(&live->config.mounts, &live->request.mounts, sizeof own.mounts);
		live->request = own;
	}
	TRY(spec_config_validate(&live->config, err));
	TRY(plan_build(&live->config, host, &options, &live->plan, err));
	if (!live->plan.mounts.mount_namespace)
		return error_set(err, ENOTSUP,
				 "mounts: the container has no mount namespace of its own");
	return 0;
}

/* What only the parent of a container that is being made can do. */
static int check_operations(const struct live *live, struct error *err)
{
	const struct mount_plan *mounts = &live->plan.mounts;

	for (size_t i = 0; i < mounts->ops.n; i++) {
		const struct mount_op *op = &mounts->ops.item[i];

		if (!graft_is_mount(op))
			continue;
		if (op->fstype && !strcmp(op->fstype, "proc"))
			return error_set(err, ENOTSUP,
					 "%s (%s): a procfs shows the processes of who mounts it, "
					 "which is not the container: name it in config.json",
					 op->from, op->target);
		if (mount_plan_idmap_is_asked(op))
			return error_set(err, ENOTSUP,
					 "%s (%s): an id map for what only the container can open "
					 "is set when it is created",
					 op->from, op->target);
		if (op->kind == MOUNT_OP_BIND && !op->source_in_rootfs && !live->l->host.privileged)
			return error_set(err, EPERM,
					 "%s (%s): bringing a host's directory into a running "
					 "container needs CAP_SYS_ADMIN",
					 op->from, op->target);
	}
	return 0;
}

/* The child's word, or that it died without one. */
static int receive_result(int socket, struct error *err)
{
	struct error result = {};
	size_t len = 0, n_fds = 0;

	TRY(fd_receive(socket, &result, sizeof result, &len, NULL, 0, &n_fds, err));
	if (len != sizeof result)
		return error_set(err, EIO, "the helper in the container was killed");
	if (!result.code)
		return 0;
	*err = result;
	return -err->code;
}

static int run_child(struct launch *launch, struct graft *graft, struct error *err)
{
	size_t n_ops = launch->plan->mounts.ops.n, n = 0;
	cleanup_free int *keep = calloc(n_ops + 3, sizeof *keep);
	cleanup_close int pidfd = -1;
	int sockets[2], status, r;
	pid_t pid;

	if (!keep)
		return error_errno(err, ENOMEM, "mounts");
	TRY(fd_socketpair(sockets, err));
	graft->result_fd = sockets[1];
	for (; graft->init.source_fds && n < n_ops; n++)
		keep[n] = graft->init.source_fds[n];
	keep[n++] = graft->init.rootfs_fd;
	keep[n++] = graft->init.host_proc_fd;
	keep[n++] = graft->result_fd;
	pidfd = process_clone(&(struct process_clone){ .cgroup_fd = -1,
						       .joins = launch->joins,
						       .n_joins = launch->n_joins,
						       .keep = keep,
						       .n_keep = n,
						       .run = graft_run,
						       .argument = graft },
			      &pid, err);
	/* Only the child's end is left: its death ends the connection. */
	close(sockets[1]);
	r = pidfd < 0 ? pidfd : receive_result(sockets[0], err);
	close(sockets[0]);
	if (pidfd >= 0 && r == 0)
		r = process_wait(pidfd, -1, &status, err);
	else if (pidfd >= 0)
		process_kill(pidfd);
	return r;
}

static int work_inside(struct live *live, const struct strv *targets, struct error *err)
{
	cleanup_launch struct launch launch = launch_new(live->l, &live->plan);
	struct graft graft = { .result_fd = -1 };

	TRY(launch_join(&launch, &live->container, err));
	/*
	 * Who is in the container's pid namespace and has CAP_SYS_PTRACE over us could take the
	 * host's descriptors out of the child: it stays outside.
	 */
	launch.joins[0].types &= ~(uint64_t)CLONE_NEWPID;
	if (targets) {
		graft.targets = targets->item;
		graft.n_targets = targets->n;
	} else {
		TRY(check_operations(live, err));
		TRY(launch_idmaps_open(&launch, err));
		TRY(launch_sources_open(&launch, err));
	}
	launch.init.host_proc_fd = lifecycle_proc(live->l, err);
	TRY(launch.init.host_proc_fd);
	graft.init = launch.init;
	return run_child(&launch, &graft, err);
}

static bool is_guard(const char *target, char *const *paths, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (path_is_below(target, paths[i]))
			return true;
	return false;
}

/* The runtime's own guards: those that the config names, and all of /proc and /sys. */
static int check_target(const struct spec_config *config, const char *target, struct error *err)
{
	static char *const always[] = { "/proc", "/sys" };
	const struct spec_linux *l = config->linux_;

	if (!strcmp(target, "/"))
		return error_set(err, EINVAL, "/: the root cannot be taken off");
	if (is_guard(target, always, 2) ||
	    (l && (is_guard(target, l->masked_paths.item, l->masked_paths.n) ||
		   is_guard(target, l->readonly_paths.item, l->readonly_paths.n))))
		return error_set(err, EPERM, "%s: what protects the host stays", target);
	return 0;
}

static int list_targets(const struct live *live, struct strv *ret, struct error *err)
{
	const struct live_request *request = &live->request;

	for (size_t i = 0; i < request->mounts.n; i++) {
		cleanup_free char *target = NULL;

		TRY(path_absolute("/", request->mounts.item[i].destination, &target, err));
		TRY(check_target(&live->config, target, err));
		TRY(strv_add(ret, target, err));
	}
	return 0;
}

static int change(struct live *live, const char *id, const char *mounts, bool add,
		  struct error *err)
{
	cleanup_strv struct strv targets = {};

	if (decode_request(mounts, &live->request, err) < 0)
		return error_prefix(err, "mounts: ");
	TRY(load(live, id, err));
	if (!add)
		TRY(list_targets(live, &targets, err));
	TRY(build(live, add, err));
	return work_inside(live, add ? NULL : &targets, err);
}

int live_mounts_change(struct lifecycle *l, const char *id, const char *mounts, bool add,
		       struct error *err)
{
	__attribute__((__cleanup__(
		release))) struct live live = { .l = l, .container = { .fd = -1, .pidfd = -1 } };

	if (change(&live, id, mounts, add, err) < 0 && err->code != ENOENT)
		return error_prefix(err, "container `%s`: ", id);
	return -err->code;
}
