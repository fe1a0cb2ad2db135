/* SPDX-License-Identifier: Apache-2.0 */
#include "criu_rpc.h"

#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "criu.pb-c.h"

/* Numbers of CRIU's protocol: the types of requests and of responses, and the modes. */
enum {
	TYPE_DUMP = 1,
	TYPE_RESTORE = 2,
	TYPE_NOTIFY = 6,
	TYPE_SINGLE_PRE_DUMP = 13,
};

static const int types[] = {
	[CRIU_DUMP] = TYPE_DUMP,
	[CRIU_PRE_DUMP] = TYPE_SINGLE_PRE_DUMP,
	[CRIU_RESTORE] = TYPE_RESTORE,
};

static const int cgroup_modes[] = {
	[CRIU_CGROUPS_SOFT] = 3,
	[CRIU_CGROUPS_FULL] = 4,
	[CRIU_CGROUPS_STRICT] = 5,
	[CRIU_CGROUPS_IGNORE] = 0,
};

static const int network_locks[] = {
	[CRIU_LOCK_IPTABLES] = 1,
	[CRIU_LOCK_NFTABLES] = 2,
	[CRIU_LOCK_SKIP] = 3,
};

/* Where the settings of whoever runs the machine are; CRIU reads it last, if it is there. */
#define CONFIG_FILE "/etc/criu/ctr.conf"
#define LOG_LEVEL   4 /* debug: its log is the only account of what went wrong */

/* clang-format off */
#define SWITCH(member) { offsetof(CriuOpts, has_##member), offsetof(CriuOpts, member) }
static const struct {
	size_t has, value;
} switches[CRIU_FLAG_COUNT] = {
	[CRIU_LEAVE_RUNNING]      = SWITCH(leave_running),
	[CRIU_TCP_ESTABLISHED]    = SWITCH(tcp_established),
	[CRIU_TCP_SKIP_IN_FLIGHT] = SWITCH(tcp_skip_in_flight),
	[CRIU_TCP_CLOSE]          = SWITCH(tcp_close),
	[CRIU_EXT_UNIX_SK]        = SWITCH(ext_unix_sk),
	[CRIU_SHELL_JOB]          = SWITCH(shell_job),
	[CRIU_FILE_LOCKS]         = SWITCH(file_locks),
	[CRIU_LINK_REMAP]         = SWITCH(link_remap),
	[CRIU_AUTO_DEDUP]         = SWITCH(auto_dedup),
	[CRIU_LAZY_PAGES]         = SWITCH(lazy_pages),
	[CRIU_TRACK_MEMORY]       = SWITCH(track_mem),
	/* CRIU_EMPTY_NETWORK is a bit; CRIU_NO_NEW_PRIVILEGES is not told */
};
#undef SWITCH
/* clang-format on */

/* Of two ways to restore mounts, the other fails for two binds of one shared file system. */
#define OLD_MOUNTS true

static void set_switch(CriuOpts *opts, enum criu_flag flag)
{
	if (flag == CRIU_EMPTY_NETWORK) {
		opts->has_empty_ns = true;
		opts->empty_ns = CLONE_NEWNET;
		return;
	}
	if (!switches[flag].has)
		return;
	*(protobuf_c_boolean *)((char *)opts + switches[flag].has) = true;
	*(protobuf_c_boolean *)((char *)opts + switches[flag].value) = true;
}

/* An optional scalar: `member` and whether it is there. */
#define SET(opts, member, what)               \
	do {                                  \
		(opts)->has_##member = true;  \
		(opts)->member = (what);      \
	} while (0)

/* The lists of a message are arrays of pointers: the messages and the pointers to them. */
struct lists {
	CriuInheritFd *inherit, **inherit_p;
	CriuJoinNamespace *joins, **joins_p;
	char **externals;
	char *texts; /* what externals of trees point into */
};

static void release(struct lists *lists)
{
	free(lists->inherit);
	free(lists->inherit_p);
	free(lists->joins);
	free(lists->joins_p);
	free(lists->externals);
	free(lists->texts);
}

enum { TREE_TEXT_SIZE = 5000 };

static int allocate(const struct criu_request *request, struct lists *lists, struct error *err)
{
	lists->inherit = calloc(request->inherit.n + 1, sizeof *lists->inherit);
	lists->inherit_p = calloc(request->inherit.n + 1, sizeof *lists->inherit_p);
	lists->joins = calloc(request->joins.n + 1, sizeof *lists->joins);
	lists->joins_p = calloc(request->joins.n + 1, sizeof *lists->joins_p);
	lists->externals =
		calloc(request->externals.n + request->trees.n + 1, sizeof *lists->externals);
	lists->texts = calloc(request->trees.n + 1, TREE_TEXT_SIZE);
	if (!lists->inherit || !lists->inherit_p || !lists->joins || !lists->joins_p ||
	    !lists->externals || !lists->texts)
		return error_errno(err, ENOMEM, "ask CRIU");
	return 0;
}

/* At restore a name stands for the tree that is mounted at <place>/<name>. */
static void add_externals(const struct criu_request *request, struct lists *lists, CriuOpts *opts)
{
	opts->external = lists->externals;
	for (size_t i = 0; i < request->externals.n; i++)
		opts->external[opts->n_external++] = request->externals.item[i];
	for (size_t i = 0; i < request->trees.n; i++) {
		char *text = lists->texts + i * TREE_TEXT_SIZE;
		const char *key = request->trees.item[i].key;

		snprintf(text, TREE_TEXT_SIZE, "mnt[%s]:%s/%s", key, request->place, key);
		opts->external[opts->n_external++] = text;
	}
}

static void add_lists(const struct criu_request *request, struct lists *lists, CriuOpts *opts)
{
	add_externals(request, lists, opts);
	opts->inherit_fd = lists->inherit_p;
	for (size_t i = 0; i < request->inherit.n; i++) {
		criu_inherit_fd__init(&lists->inherit[i]);
		lists->inherit[i].key = request->inherit.item[i].key;
		lists->inherit[i].fd = (int)request->inherit.item[i].fd.value;
		opts->inherit_fd[opts->n_inherit_fd++] = &lists->inherit[i];
	}
	opts->join_ns = lists->joins_p;
	for (size_t i = 0; i < request->joins.n; i++) {
		criu_join_namespace__init(&lists->joins[i]);
		lists->joins[i].ns = request->joins.item[i].type;
		lists->joins[i].ns_file = request->joins.item[i].path;
		opts->join_ns[opts->n_join_ns++] = &lists->joins[i];
	}
}

static void set_common(const struct criu_request *request, CriuOpts *opts)
{
	opts->images_dir_fd = (int)request->images_fd.value;
	SET(opts, work_dir_fd, (int)request->work_fd.value);
	SET(opts, log_level, LOG_LEVEL);
	SET(opts, notify_scripts, true);
	SET(opts, orphan_pts_master, true);
	opts->log_file = request->log;
	opts->config_file = (char *)CONFIG_FILE;
	opts->parent_img = request->parent;
	opts->freeze_cgroup = request->freeze_cgroup;
	opts->lsm_profile = request->lsm_profile;
	opts->lsm_mount_context = request->lsm_mount_context;
	if (request->pid.set)
		SET(opts, pid, (int)request->pid.value);
	if (request->network_lock.set)
		SET(opts, network_lock, network_locks[request->network_lock.value]);
	if (request->cgroups.set) {
		SET(opts, manage_cgroups, true);
		SET(opts, manage_cgroups_mode, cgroup_modes[request->cgroups.value]);
	}
	for (size_t i = 0; i < request->flags.n; i++)
		set_switch(opts, (enum criu_flag)request->flags.item[i]);
}

static int pack(const CriuReq *req, struct criu_rpc_bytes *ret, struct error *err)
{
	size_t len = criu_req__get_packed_size(req);
	uint8_t *data = malloc(len ? len : 1);

	if (!data)
		return error_errno(err, ENOMEM, "ask CRIU");
	*ret = (struct criu_rpc_bytes){ data, criu_req__pack(req, data) };
	return 0;
}

int criu_rpc_pack(const struct criu_request *request, struct criu_rpc_bytes *ret, struct error *err)
{
	__attribute__((__cleanup__(release))) struct lists lists = {};
	CriuPageServer page_server = CRIU_PAGE_SERVER__INIT;
	CriuCgroupRoot cgroup_root = CRIU_CGROUP_ROOT__INIT, *cgroup_roots[] = { &cgroup_root };
	CriuOpts opts = CRIU_OPTS__INIT;
	CriuReq req = CRIU_REQ__INIT;
	cleanup_free char *root = NULL;

	TRY(allocate(request, &lists, err));
	set_common(request, &opts);
	add_lists(request, &lists, &opts);
	if (request->page_server) {
		page_server.address = request->page_server;
		SET(&page_server, port, (int)request->port.value);
		opts.ps = &page_server;
	}
	if (request->operation.value == CRIU_RESTORE) {
		if (!request->place)
			return error_set(err, EINVAL, "a restore needs a place for its mounts");
		if (asprintf(&root, "%s/root", request->place) < 0)
			return error_errno(err, ENOMEM, "ask CRIU");
		opts.root = root;
		SET(&opts, rst_sibling, true);
		SET(&opts, evasive_devices, true);
		SET(&opts, mntns_compat_mode, OLD_MOUNTS);
	}
	if (request->cgroup_root) {
		cgroup_root.path = request->cgroup_root;
		opts.cg_root = cgroup_roots;
		opts.n_cg_root = 1;
	}
	req.type = types[request->operation.value];
	req.opts = &opts;
	return pack(&req, ret, err);
}

int criu_rpc_pack_answer(bool success, struct criu_rpc_bytes *ret, struct error *err)
{
	CriuReq req = CRIU_REQ__INIT;

	req.type = TYPE_NOTIFY;
	SET(&req, notify_success, success);
	return pack(&req, ret, err);
}

static void describe(const CriuResp *resp, struct criu_event *ret)
{
	if (resp->type == TYPE_NOTIFY && resp->success) {
		ret->kind = CRIU_EVENT_NOTIFY;
		if (resp->notify && resp->notify->script)
			snprintf(ret->point, sizeof ret->point, "%s", resp->notify->script);
		if (resp->notify && resp->notify->has_pid)
			ret->pid = resp->notify->pid;
		return;
	}
	if (resp->success) {
		ret->kind = CRIU_EVENT_DONE;
		ret->pid = resp->restore ? resp->restore->pid : 0;
		return;
	}
	ret->kind = CRIU_EVENT_FAILED;
	if (resp->has_cr_errno && resp->cr_errno > 0)
		error_errno(&ret->error, resp->cr_errno, "CRIU failed");
	else
		error_set(&ret->error, EIO, "CRIU failed");
}

int criu_rpc_unpack(const uint8_t *data, size_t len, struct criu_event *ret, struct error *err)
{
	CriuResp *resp = criu_resp__unpack(NULL, len, data);

	if (!resp)
		return error_set(err, EPROTO, "CRIU sent %zu bytes that are no response", len);
	*ret = (struct criu_event){ 0 };
	describe(resp, ret);
	criu_resp__free_unpacked(resp, NULL);
	return 0;
}
