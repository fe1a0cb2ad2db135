/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A container whose processes come out of images. All around them is made as create makes it;
 * CRIU builds the tree of processes and mounts, and asks at the points where create would
 * have served init.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/fd.h"
#include "base/path.h"
#include "base/str.h"
#include "criu/descriptors.h"
#include "criu/external.h"
#include "kernel/mount.h"
#include "kernel/process.h"
#include "kernel/rootfs.h"
#include "lifecycle/checkpoint.h"
#include "lifecycle/criu.h"
#include "lifecycle/launch.h"
#include "lifecycle/rdt.h"
#include "lifecycle/restore.h"

#define PLACE		"criu" /* in the container's directory: where ctr-criu mounts */
#define DESCRIPTORS_MAX (1 << 16)

/* clang-format off */
#define O(member) offsetof(struct restore_options, member)
static const struct criu_switch switches[] = {
	{ O(tcp_established), CRIU_TCP_ESTABLISHED },
	{ O(tcp_close),       CRIU_TCP_CLOSE },
	{ O(ext_unix_sk),     CRIU_EXT_UNIX_SK },
	{ O(shell_job),       CRIU_SHELL_JOB },
	{ O(file_locks),      CRIU_FILE_LOCKS },
	{ O(auto_dedup),      CRIU_AUTO_DEDUP },
	{ O(lazy_pages),      CRIU_LAZY_PAGES },
	{ O(empty_network),   CRIU_EMPTY_NETWORK },
};
#undef O
/* clang-format on */

struct restore {
	struct launch *launch;
	const struct restore_options *options;
	struct criu_directories directories;
	struct criu_request request;
	int *keep;
	size_t n_keep;
};

static void release(struct restore *r)
{
	criu_request_release(&r->request);
	criu_release_directories(&r->directories);
	free(r->keep);
}

/* Mounts that lie on others come with those: CRIU fills a tmpfs, and a bind has its own. */
static bool is_on_rootfs(const struct mount_plan *mounts, size_t i)
{
	const struct mount_op *op = &mounts->ops.item[i];

	for (size_t k = 0; k < mounts->ops.n; k++) {
		const struct mount_op *other = &mounts->ops.item[k];

		if (k != i && (other->kind == MOUNT_OP_BIND || other->kind == MOUNT_OP_FILESYSTEM) &&
		    strcmp(other->target, op->target) != 0 &&
		    path_is_below(op->target, other->target))
			return false;
	}
	return true;
}

/* A root filesystem that has not seen the container yet lacks what create would have made. */
static int make_mountpoint(const struct launch *launch, size_t i, struct error *err)
{
	const struct mount_op *op = &launch->plan->mounts.ops.item[i];
	int root_fd = launch->init.rootfs_fd, source_fd = launch->init.source_fds[i];
	cleanup_close int fd = -1;
	struct stat st;

	if (source_fd >= 0 && fstat(source_fd, &st) == 0 && !S_ISDIR(st.st_mode))
		fd = rootfs_make_file(root_fd, op->target, 0755, err);
	else if (source_fd >= 0 || op->kind == MOUNT_OP_FILESYSTEM || op->kind == MOUNT_OP_CGROUP)
		fd = rootfs_make_directory(root_fd, op->target, 0755, err);
	else
		return 0;
	return fd < 0 ? error_prefix(err, "%s (%s): ", op->from, op->target) : 0;
}

/*
 * CRIU gives a bind the attributes that it had, but not always (it takes two binds of one file
 * system for the same): so the tree has those of the config already.
 */
static int add_tree(struct restore *r, size_t i, struct error *err)
{
	const struct mount_op *op = &r->launch->plan->mounts.ops.item[i];
	int fd = r->launch->init.source_fds[i];
	char key[CRIU_KEY_SIZE];

	if (fd < 0 || checkpoint_view_is_covered(&r->launch->plan->mounts, i))
		return 0;
	TRY(mount_set_attributes(fd, 1, op->attr_set_recursive, op->attr_clear_recursive, 0, err));
	TRY(mount_set_attributes(fd, 0, op->attr_set, op->attr_clear, 0, err));
	TRY(criu_external_key(op->target, key, err));
	r->keep[r->n_keep++] = fd;
	return criu_request_add_tree(&r->request, key, fd, err);
}

static int add_trees(struct restore *r, struct error *err)
{
	const struct launch *launch = r->launch;
	const struct mount_plan *mounts = &launch->plan->mounts;
	struct optional_int *root = &r->request.root_fd;

	if (launch->plan->namespaces.net_devices.n)
		return error_set(err, ENOTSUP, "linux.netDevices: network devices of the host "
					       "cannot be restored");
	if (launch->init.rootfs_fd < 0)
		return error_set(err, ENOTSUP, "a container without a mount namespace of its own "
					       "cannot be restored");
	*root = (struct optional_int){ true, launch->init.rootfs_fd };
	r->keep[r->n_keep++] = launch->init.rootfs_fd;
	r->keep[r->n_keep++] = launch->init.null_fd;
	TRY(criu_request_add_tree(&r->request, CRIU_EXTERNAL_NULL, launch->init.null_fd, err));
	for (size_t i = 0; i < mounts->ops.n; i++) {
		if (is_on_rootfs(mounts, i))
			TRY(make_mountpoint(launch, i, err));
		TRY(add_tree(r, i, err));
	}
	return 0;
}

static const struct {
	uint64_t type;
	const char *key;  /* taken over as a descriptor, or */
	const char *name; /* joined by its path */
} namespaces[] = {
	{ CLONE_NEWNET, CRIU_EXTERNAL_NET, NULL }, { CLONE_NEWPID, CRIU_EXTERNAL_PID, NULL },
	{ CLONE_NEWIPC, NULL, "ipc" },		   { CLONE_NEWUTS, NULL, "uts" },
	{ CLONE_NEWTIME, NULL, "time" },	   { CLONE_NEWUSER, NULL, "user" },
};

static int add_namespace(struct restore *r, const struct namespace_join *join, int fd,
			 struct error *err)
{
	for (size_t i = 0; i < sizeof namespaces / sizeof *namespaces; i++) {
		if (namespaces[i].type != join->type)
			continue;
		if (!namespaces[i].key)
			return criu_request_add_join(&r->request, namespaces[i].name, join->path,
						     err);
		r->keep[r->n_keep++] = fd;
		return criu_request_add_inherited(&r->request, namespaces[i].key, fd, err);
	}
	return error_set(err, ENOTSUP, "%s: CRIU cannot restore into a namespace of this type",
			 join->from);
}

/* launch->joins are the plan's joins in their order, but for the time namespace. */
static int add_namespaces(struct restore *r, struct error *err)
{
	const struct namespace_plan *plan = &r->launch->plan->namespaces;
	size_t k = 0;

	for (size_t i = 0; i < plan->join.n; i++) {
		bool is_time = plan->join.item[i].type == CLONE_NEWTIME;
		int fd = is_time ? -1 : r->launch->joins[k].fd;

		k += !is_time;
		TRY(add_namespace(r, &plan->join.item[i], fd, err));
	}
	return 0;
}

/* Its standard descriptors become ours, where they came from outside. */
static int add_descriptors(struct restore *r, struct error *err)
{
	struct criu_descriptors list = { 0 };
	cleanup_free char *text = NULL;
	int result;

	TRY(fd_read_file(r->directories.images_fd, CRIU_DESCRIPTORS_FILE, DESCRIPTORS_MAX, &text,
			 NULL, err));
	result = criu_descriptors_decode(text, &list, err);
	for (size_t i = 0; result == 0 && i < list.items.n && i < 3; i++)
		if (criu_descriptors_is_inherited(list.items.item[i]))
			result = criu_request_add_inherited(&r->request, list.items.item[i],
							    (int)i, err);
	criu_descriptors_release(&list);
	return result;
}

static int make_place(struct restore *r, struct error *err)
{
	const struct launch *launch = r->launch;

	if (mkdirat(launch->container_fd, PLACE, 0700) < 0 && errno != EEXIST)
		return error_errno(err, errno, "make a place for the mounts");
	return str_printf(&r->request.place, err, "%s/%s/" PLACE, launch->l->store.path,
			  launch->plan->id);
}

static int build_request(struct restore *r, struct error *err)
{
	const struct restore_options *o = r->options;
	struct criu_request *request = &r->request;

	r->keep = calloc(r->launch->plan->mounts.ops.n + LAUNCH_JOINS_MAX + 4, sizeof *r->keep);
	if (!r->keep)
		return error_errno(err, ENOMEM, "ask CRIU");
	request->operation = (struct optional_int){ true, CRIU_RESTORE };
	request->cgroups = (struct optional_int){ true, o->cgroups };
	if (o->network_lock >= 0)
		request->network_lock = (struct optional_int){ true, o->network_lock };
	if (o->lsm_profile)
		TRY(str_printf(&request->lsm_profile, err, "%s", o->lsm_profile));
	if (o->lsm_mount_context)
		TRY(str_printf(&request->lsm_mount_context, err, "%s", o->lsm_mount_context));
	TRY(criu_set_switches(switches, sizeof switches / sizeof *switches, o, request, err));
	if (r->launch->plan->process.no_new_privileges)
		TRY(criu_request_set(request, CRIU_NO_NEW_PRIVILEGES, err));
	TRY(make_place(r, err));
	TRY(add_trees(r, err));
	TRY(add_namespaces(r, err));
	return add_descriptors(r, err);
}

/* The first that is known of the restored init, which cannot run yet. */
static int take_init(struct launch *launch, int pid, struct error *err)
{
	if (launch->pidfd >= 0)
		return 0;
	if (pid <= 0)
		return error_set(err, EPROTO, "CRIU does not say who the restored init is");
	launch->pid = pid;
	launch->pidfd = process_open(pid, err);
	TRY(launch->pidfd);
	TRY(serve_birth(launch, err));
	return rdt_add_process(&launch->plan->rdt, launch->pid, err);
}

/* Where systemd makes the cgroup, it does so around ctr-criu, whose children the processes are. */
static int born(void *argument, pid_t pid, struct error *err)
{
	struct restore *r = argument;
	const char *path;
	int result;

	r->launch->pid = pid;
	result = launch_cgroup_enter(r->launch, err);
	r->launch->pid = 0;
	TRY(result);
	path = r->launch->record->cgroup_path;
	return path ? str_printf(&r->request.cgroup_root, err, "%s", path) : 0;
}

static int notify(void *argument, const struct criu_event *event, int *fd, struct error *err)
{
	struct launch *launch = ((struct restore *)argument)->launch;

	if (!strcmp(event->point, "setup-namespaces")) {
		TRY(take_init(launch, event->pid, err));
		return launch->plan->hooks ? serve_runtime_hooks(launch, fd, err) : 0;
	}
	if (!strcmp(event->point, "orphan-pts-master"))
		return serve_console(launch, fd, err);
	if (strcmp(event->point, "post-restore") != 0)
		return 0;
	TRY(take_init(launch, event->pid, err));
	TRY(restore_attributes(launch, err));
	return serve_created(launch, fd, err);
}

static int bring_back(struct restore *r, struct error *err)
{
	struct launch *launch = r->launch;
	struct criu_call call = {
		.request = &r->request,
		.directories = &r->directories,
		.stdio = launch->init.stdio,
		.keyring = launch->plan->new_keyring ? launch->plan->id : NULL,
		.cgroup_fd = launch->cgroup_fd,
		.interrupt_fd = launch->interrupt_fd,
		.notify = notify,
		.born = born,
		.argument = r,
	};

	r->directories.log = "restore.log";
	TRY(criu_open_directories(r->options->image_path, r->options->work_path, false,
				  &r->directories, err));
	TRY(launch_fds_open(launch, err));
	TRY(build_request(r, err));
	call.keep = r->keep;
	call.n_keep = r->n_keep;
	TRY(criu_run(&call, err));
	if (launch->pidfd < 0)
		return error_set(err, EIO, "CRIU has restored nothing");
	unlinkat(launch->container_fd, PLACE, AT_REMOVEDIR);
	return 0;
}

int restore_processes(struct launch *launch, const struct restore_options *options,
		      struct error *err)
{
	__attribute__((__cleanup__(release))) struct restore r = {
		.launch = launch,
		.options = options,
		.directories = CRIU_NO_DIRECTORIES,
	};

	return bring_back(&r, err) < 0 ? error_prefix(err, "restore: ") : 0;
}

int restore_container(struct lifecycle *l, const char *id, const struct create_options *create,
		      const struct restore_options *options, bool detach, struct error *err)
{
	if (geteuid() != 0)
		return error_set(err, EPERM, "restore: needs root");
	/* CRIU makes init a child of ctr-criu, whose end would give it to somebody else. */
	if (!detach && prctl(PR_SET_CHILD_SUBREAPER, 1) < 0)
		return error_errno(err, errno, "restore: adopt the container's init");
	return run_with(l, id, create,
			(struct create_how){ .foreground = !detach, .restore = options }, false,
			err);
}
