/* SPDX-License-Identifier: Apache-2.0 */
#include "lifecycle/checkpoint.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/fd.h"
#include "base/file.h"
#include "base/log.h"
#include "base/path.h"
#include "criu/descriptors.h"
#include "kernel/cgroup.h"
#include "kernel/process.h"
#include "lifecycle/criu.h"
#include "lifecycle/inspect.h"

enum { THAW_TIMEOUT_MS = 10000, END_TIMEOUT_MS = 10000 };

#define INVENTORY "inventory.img" /* what makes a directory a checkpoint */

/* clang-format off */
#define O(member) offsetof(struct checkpoint_options, member)
static const struct criu_switch switches[] = {
	{ O(leave_running),      CRIU_LEAVE_RUNNING },
	{ O(tcp_established),    CRIU_TCP_ESTABLISHED },
	{ O(tcp_skip_in_flight), CRIU_TCP_SKIP_IN_FLIGHT },
	{ O(ext_unix_sk),        CRIU_EXT_UNIX_SK },
	{ O(shell_job),          CRIU_SHELL_JOB },
	{ O(file_locks),         CRIU_FILE_LOCKS },
	{ O(link_remap),         CRIU_LINK_REMAP },
	{ O(auto_dedup),         CRIU_AUTO_DEDUP },
	{ O(lazy_pages),         CRIU_LAZY_PAGES },
	{ O(empty_network),      CRIU_EMPTY_NETWORK },
};
#undef O
/* clang-format on */

struct checkpoint {
	const struct checkpoint_options *options;
	struct container container;
	struct spec_config config;
	struct plan plan;
	struct checkpoint_view view;
	struct criu_directories directories;
	struct criu_request request;
	int cgroup_fd;
};

static void release(struct checkpoint *c)
{
	cleanup_close_at(&c->cgroup_fd);
	criu_request_release(&c->request);
	criu_release_directories(&c->directories);
	checkpoint_view_release(&c->view);
	plan_release(&c->plan);
	json_release(&spec_config_schema, &c->config);
	inspect_release(&c->container);
}

/* The container's plan as it was made, for what it has from outside. */
static int load_plan(struct lifecycle *l, const char *id, struct checkpoint *c, struct error *err)
{
	const struct host *host = lifecycle_host(l, err);
	cleanup_free char *text = NULL;
	struct plan_options options = {
		.id = id,
		.bundle = c->container.record.bundle,
		.cgroup_manager = c->container.record.cgroup_path ? CGROUP_MANAGER_CGROUPFS :
								    CGROUP_MANAGER_DISABLED,
	};
	size_t len;

	if (!host)
		return -err->code;
	TRY(store_load_config(c->container.fd, &text, &len, err));
	TRY(json_decode(&spec_config_schema, text, len, &c->config, err));
	return plan_build(&c->config, host, &options, &c->plan, err);
}

static int check_images(const struct checkpoint *c, struct error *err)
{
	const char *parent = c->options->parent_path;
	struct stat st;

	if (faccessat(c->directories.images_fd, INVENTORY, F_OK, AT_SYMLINK_NOFOLLOW) == 0)
		return error_set(err, EEXIST, "--image-path: %s holds a checkpoint already",
				 c->directories.images);
	if (!parent)
		return 0;
	if (parent[0] == '/')
		return error_set(err, EINVAL, "--parent-path %s: must be relative to --image-path",
				 parent);
	if (fstatat(c->directories.images_fd, parent, &st, 0) < 0)
		return error_errno(err, errno, "--parent-path %s (below %s)", parent,
				   c->directories.images);
	return S_ISDIR(st.st_mode) ? 0 : error_errno(err, ENOTDIR, "--parent-path %s", parent);
}

/* CRIU freezes the cgroup by its path. */
static int freeze_path(struct checkpoint *c, struct error *err)
{
	char room[PATH_MAX];
	const char *mount = cgroup_find_mount(room);

	if (!c->container.record.cgroup_path)
		return 0;
	c->cgroup_fd = inspect_open_cgroup(&c->container, err);
	TRY(c->cgroup_fd);
	return str_printf(&c->request.freeze_cgroup, err, "%s%s", mount,
			  c->container.record.cgroup_path);
}

static int page_server(const char *text, struct criu_request *request, struct error *err)
{
	const char *colon = strrchr(text, ':');
	long long port;

	if (!colon || colon == text)
		return error_set(err, EINVAL, "--page-server %s: wants ADDRESS:PORT", text);
	TRY(str_to_int(colon + 1, "--page-server", 1, 65535, &port, err));
	request->port = (struct optional_int){ true, port };
	return str_printf(&request->page_server, err, "%.*s", (int)(colon - text), text);
}

static int build_request(struct checkpoint *c, struct error *err)
{
	const struct checkpoint_options *o = c->options;
	struct criu_request *request = &c->request;

	request->operation = (struct optional_int){ true, o->pre_dump ? CRIU_PRE_DUMP : CRIU_DUMP };
	request->pid = (struct optional_int){ true, c->container.record.pid.value };
	request->cgroups = (struct optional_int){ true, o->cgroups };
	if (o->network_lock >= 0)
		request->network_lock = (struct optional_int){ true, o->network_lock };
	TRY(criu_set_switches(switches, sizeof switches / sizeof *switches, o, request, err));
	if (o->pre_dump || o->parent_path)
		TRY(criu_request_set(request, CRIU_TRACK_MEMORY, err));
	if (o->parent_path)
		TRY(str_printf(&request->parent, err, "%s", o->parent_path));
	if (o->page_server)
		TRY(page_server(o->page_server, request, err));
	return freeze_path(c, err);
}

static int add_view(struct checkpoint *c, struct error *err)
{
	cleanup_free char *descriptors = NULL;

	TRY(checkpoint_view_mounts(&c->view, &c->request, err));
	TRY(checkpoint_view_namespaces(&c->view, &c->request, err));
	TRY(checkpoint_view_descriptors(&c->view, &c->request, &descriptors, err));
	if (c->options->pre_dump)
		return 0;
	return file_replace(c->directories.images_fd, CRIU_DESCRIPTORS_FILE, descriptors,
			    strlen(descriptors), 0600, err);
}

/* Nobody runs now: is every mount still where it was when it was named? */
static int check_again(const struct checkpoint *c, struct error *err)
{
	struct criu_request again = { 0 };
	int r = checkpoint_view_mounts(&c->view, &again, err);

	for (size_t i = 0; r == 0 && i < again.externals.n; i++)
		if (i >= c->request.externals.n ||
		    strcmp(again.externals.item[i], c->request.externals.item[i]) != 0)
			r = error_set(err, EBUSY, "the container has moved its mounts meanwhile");
	criu_request_release(&again);
	return r;
}

static int notify(void *argument, const struct criu_event *event, int *fd, struct error *err)
{
	const struct checkpoint *c = argument;

	(void)fd;
	if (!strcmp(event->point, "post-dump"))
		return check_again(c, err);
	if (strcmp(event->point, "status-ready") != 0 || c->options->status_fd < 0)
		return 0;
	if (write(c->options->status_fd, "", 1) != 1)
		return error_errno(err, errno, "--status-fd");
	return 0;
}

static int is_image(const char *name)
{
	size_t n = strlen(name);

	return (n > 4 && !strcmp(name + n - 4, ".img")) || !strcmp(name, CRIU_DESCRIPTORS_FILE) ||
	       !strcmp(name, "parent");
}

/* What a failure has left would be taken for a checkpoint. The log stays. */
static void remove_images(int images_fd)
{
	int fd = openat(images_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd >= 0 ? fdopendir(fd) : NULL;
	struct dirent *entry;

	while (dir && (entry = readdir(dir)))
		if (is_image(entry->d_name))
			unlinkat(images_fd, entry->d_name, 0);
	if (dir)
		closedir(dir);
	else if (fd >= 0)
		close(fd);
}

/* However it went wrong, the container goes on. */
static void undo(struct checkpoint *c)
{
	struct error second;

	if (c->cgroup_fd >= 0 && !process_has_ended(c->container.pidfd) &&
	    cgroup_freeze(c->cgroup_fd, false, THAW_TIMEOUT_MS, &second) < 0)
		log_warning("checkpoint: %s", second.text);
	remove_images(c->directories.images_fd);
}

static int dump(struct checkpoint *c, struct error *err)
{
	const struct criu_call call = {
		.request = &c->request,
		.directories = &c->directories,
		.cgroup_fd = -1,
		.interrupt_fd = -1, /* killed half way it could leave what runs in disorder */
		.notify = notify,
		.argument = c,
	};

	TRY(check_images(c, err));
	if (build_request(c, err) == 0 && add_view(c, err) == 0 && criu_run(&call, err) == 0)
		return 0;
	undo(c);
	return -err->code;
}

static int open_running(struct lifecycle *l, const char *id, struct checkpoint *c,
			struct error *err)
{
	TRY(inspect_open(l, id, true, &c->container, err));
	TRY(status_allows(c->container.status, STATUS_OP_CHECKPOINT, id, err));
	TRY(inspect_verify(l, &c->container.record, err));
	TRY(load_plan(l, id, c, err));
	return checkpoint_view_open(&c->container, &c->plan, lifecycle_proc(l, err), &c->view, err);
}

int checkpoint_container(struct lifecycle *l, const char *id,
			 const struct checkpoint_options *options, struct error *err)
{
	__attribute__((__cleanup__(release))) struct checkpoint c = {
		.options = options,
		.container = { .fd = -1, .pidfd = -1 },
		.view = { .root_fd = -1 },
		.directories = CRIU_NO_DIRECTORIES,
		.cgroup_fd = -1,
	};
	bool stays = options->leave_running || options->pre_dump;

	if (geteuid() != 0)
		return error_set(err, EPERM, "checkpoint: needs root");
	c.directories.log = "dump.log";
	if (open_running(l, id, &c, err) < 0 ||
	    criu_open_directories(options->image_path, options->work_path, true, &c.directories,
				  err) < 0 ||
	    dump(&c, err) < 0)
		return error_prefix(err, "checkpoint: ");
	if (stays)
		return 0;
	/* As runc and crun do it: what has been checkpointed is no longer here. */
	TRY(process_wait_end(c.container.pidfd, END_TIMEOUT_MS, err));
	inspect_release(&c.container);
	return delete_container(l, id, true, err);
}
