/* SPDX-License-Identifier: Apache-2.0 */
/* The public operations: check arguments, call the lifecycle, translate the error. */
#include "api.h"
#include "api_tenant.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/fd.h"
#include "base/log.h"
#include "base/path.h"
#include "kernel/process.h"
#include "kernel/self.h"
#include "storage/storage.h"

static const struct {
	int code;
	enum ctr_error_class error_class;
} classes[] = {
	{ EINVAL, CTR_E_INVALID },	 { ERANGE, CTR_E_INVALID },
	{ E2BIG, CTR_E_INVALID },	 { EFBIG, CTR_E_INVALID },
	{ ENAMETOOLONG, CTR_E_INVALID }, { EISDIR, CTR_E_INVALID },
	{ ENOTDIR, CTR_E_INVALID },	 { ELOOP, CTR_E_INVALID },
	{ ENOENT, CTR_E_NOT_FOUND },	 { EEXIST, CTR_E_EXISTS },
	{ STATUS_REFUSED, CTR_E_STATE }, { ESRCH, CTR_E_STATE },
	{ ECONNREFUSED, CTR_E_STATE },	 { EPERM, CTR_E_PERMISSION },
	{ EACCES, CTR_E_PERMISSION },	 { EROFS, CTR_E_PERMISSION },
	{ ENOTSUP, CTR_E_UNSUPPORTED },	 { ENOSYS, CTR_E_UNSUPPORTED },
	{ EBUSY, CTR_E_BUSY },		 { EWOULDBLOCK, CTR_E_BUSY },
	{ ETIMEDOUT, CTR_E_BUSY },	 { ENOMEM, CTR_E_RESOURCE },
	{ EMFILE, CTR_E_RESOURCE },	 { ENFILE, CTR_E_RESOURCE },
	{ ENOSPC, CTR_E_RESOURCE },	 { EDQUOT, CTR_E_RESOURCE },
	{ EUCLEAN, CTR_E_INVALID },
};

/* clang-format off */
/* Statuses as in sysexits.h where it has the word; man/ctr-errors.7 is checked against these. */
static const struct {
	const char *name;
	int status;
	const char *meaning, *remedy;
} class_rows[] = {
	[CTR_E_NONE]        = { "none", 0, "nothing failed", NULL },
	[CTR_E_INVALID]     = { "invalid", 64, "the command line, config.json or another input is wrong",
				"correct the input that the message names" },
	[CTR_E_NOT_FOUND]   = { "not-found", 66, "there is no such container, file or program",
				"see ctr list for the containers of this state root" },
	[CTR_E_EXISTS]      = { "exists", 73, "the ID or the file is taken",
				"choose another one, or remove the old one first" },
	[CTR_E_STATE]       = { "state", 76, "the container's status does not allow it",
				"see ctr state for the status" },
	[CTR_E_PERMISSION]  = { "permission", 77, "the kernel refused it to this user",
				"run it as root, or ask for less" },
	[CTR_E_UNSUPPORTED] = { "unsupported", 69, "this host or this ctr cannot do it",
				"see ctr features, or ask for less" },
	[CTR_E_BUSY]        = { "busy", 75, "someone else is at it, or it did not end in time",
				"try again later" },
	[CTR_E_RESOURCE]    = { "resource", 71, "memory, descriptors or disk space have run out",
				"free some, or raise the limit" },
	[CTR_E_SYSTEM]      = { "system", 70, "anything else that failed in the system", NULL },
};
/* clang-format on */

#define N_OF(array) (sizeof(array) / sizeof *(array))

static enum ctr_error_class known(enum ctr_error_class error_class)
{
	return (size_t)error_class < N_OF(class_rows) ? error_class : CTR_E_SYSTEM;
}

const char *ctr_error_class_name(enum ctr_error_class error_class)
{
	return class_rows[known(error_class)].name;
}

int ctr_error_class_status(enum ctr_error_class error_class)
{
	return class_rows[known(error_class)].status;
}

const char *ctr_error_class_meaning(enum ctr_error_class error_class)
{
	return class_rows[known(error_class)].meaning;
}

const char *ctr_error_class_remedy(enum ctr_error_class error_class)
{
	return class_rows[known(error_class)].remedy;
}

static enum ctr_error_class class_of(int code)
{
	for (size_t i = 0; i < N_OF(classes); i++)
		if (classes[i].code == code)
			return classes[i].error_class;
	return CTR_E_SYSTEM;
}

int api_result(int result, const struct error *inside, struct ctr_error *err)
{
	if (result >= 0 || !err)
		return result;
	err->code = -result;
	err->error_class = class_of(-result);
	snprintf(err->text, sizeof err->text, "%s", inside->text);
	return result;
}

int api_take_options(void *ret, size_t room, const void *given, struct error *err)
{
	const unsigned char *bytes = given;
	size_t size;

	if (!given)
		return 0;
	memcpy(&size, given, sizeof size);
	if (size < sizeof size)
		return error_set(err, EINVAL, "option struct without its size");
	for (size_t i = room; i < size; i++)
		if (bytes[i])
			return error_set(
				err, E2BIG,
				"option struct asks for what this libcontainer does not know");
	memcpy(ret, given, size < room ? size : room);
	return 0;
}

int api_open_root(struct ctr_runtime *runtime, enum api_root root, struct error *err)
{
	struct lifecycle *l = &runtime->lifecycle;

	return l->store.fd >= 0 ? 0 : store_open(l->root, root == API_ROOT_MAKE, &l->store, err);
}

int api_begin(struct ctr_runtime *runtime, const char *id, enum api_root root, struct error *err)
{
	int r;

	if (!id)
		return error_set(err, EINVAL, "no container ID is given");
	TRY(store_check_id(id, err));
	r = api_open_root(runtime, root, err);
	if (r == -ENOENT && root == API_ROOT_EXISTS)
		return error_set(err, ENOENT, "container `%s` does not exist", id);
	return r;
}

/* As an absolute path, before anyone changes the working directory. `what` is for errors. */
static int make_absolute(const char *what, const char *given, char **ret, struct error *err)
{
	char here[PATH_MAX];

	if (given[0] == '\0')
		return error_set(err, EINVAL, "%s: the path is empty", what);
	if (given[0] == '/')
		return str_printf(ret, err, "%s", given);
	if (!getcwd(here, sizeof here))
		return error_errno(err, errno, "%s %s: find the working directory", what, given);
	return path_absolute(here, given, ret, err);
}

static int find_places(const struct ctr_runtime_options *options, struct ctr_runtime *ret,
		       struct error *err)
{
	const char *store = options->store ? options->store : storage_default_path();

	TRY(options->root ? make_absolute("state root", options->root, &ret->root, err) :
			    store_default_path(&ret->root, err));
	return make_absolute("store", store, &ret->store, err);
}

static int open_log(const struct ctr_runtime_options *options, struct error *err)
{
	static const enum log_level levels[] = {
		[CTR_LOG_ERROR] = LOG_LEVEL_ERROR,
		[CTR_LOG_WARNING] = LOG_LEVEL_WARNING,
		[CTR_LOG_INFO] = LOG_LEVEL_INFO,
		[CTR_LOG_DEBUG] = LOG_LEVEL_DEBUG,
	};
	struct log_options log = {
		.path = options->log,
		.format = options->log_json ? LOG_FORMAT_JSON : LOG_FORMAT_TEXT,
	};

	if ((size_t)options->log_level >= N_OF(levels))
		return error_set(err, EINVAL, "unknown log level %d", (int)options->log_level);
	log.level = levels[options->log_level];
	return log_open(&log, err);
}

DEFINE_CLEANUP(struct ctr_runtime *, ctr_runtime_free)

static int new_runtime(const struct ctr_runtime_options *given, struct ctr_runtime **ret,
		       struct error *err)
{
	static const enum cgroup_manager managers[] = {
		[CTR_CGROUP_CGROUPFS] = CGROUP_MANAGER_CGROUPFS,
		[CTR_CGROUP_SYSTEMD] = CGROUP_MANAGER_SYSTEMD,
		[CTR_CGROUP_DISABLED] = CGROUP_MANAGER_DISABLED,
	};
	struct ctr_runtime_options options = { 0 };
	cleanup_with(ctr_runtime_free) struct ctr_runtime *runtime = NULL;

	TRY(process_set_dumpable(0, err));
	TRY(fd_reserve_standard(err));
	TRY(api_take_options(&options, sizeof options, given, err));
	TRY(open_log(&options, err));
	if ((size_t)options.cgroup_manager >= N_OF(managers))
		return error_set(err, EINVAL, "unknown cgroup manager %d",
				 (int)options.cgroup_manager);
	runtime = calloc(1, sizeof *runtime);
	if (!runtime)
		return error_errno(err, ENOMEM, "prepare");
	runtime->lifecycle = (struct lifecycle){
		.store = { .fd = -1 },
		.cgroup_manager = managers[options.cgroup_manager],
		.proc_fd = -1,
	};
	TRY(find_places(&options, runtime, err));
	runtime->lifecycle.root = runtime->root;
	*ret = steal_ptr(&runtime);
	return 0;
}

int ctr_protect(char *const *argv, struct ctr_error *err)
{
	struct error inside = { 0 };

	return api_result(self_protect(argv, &inside), &inside, err);
}

int ctr_runtime_new(const struct ctr_runtime_options *options, struct ctr_runtime **ret,
		    struct ctr_error *err)
{
	struct error inside = { 0 };

	return api_result(new_runtime(options, ret, &inside), &inside, err);
}

void ctr_runtime_free(struct ctr_runtime *runtime)
{
	if (!runtime)
		return;
	store_close(&runtime->lifecycle.store);
	cleanup_close_at(&runtime->lifecycle.proc_fd);
	free(runtime->root);
	free(runtime->store);
	free(runtime);
}

void ctr_log_error(struct ctr_runtime *runtime, const struct ctr_error *err)
{
	(void)runtime; /* the log is the process's; asking for a runtime says that it is open */
	log_final_error(err->text);
}

const char *ctr_status_name(enum ctr_status status)
{
	return (size_t)status < STATUS_COUNT ? status_name((enum status)status) : "unknown";
}

static int start_created(struct ctr_runtime *runtime, const char *id, struct error *err)
{
	TRY(api_begin(runtime, id, API_ROOT_EXISTS, err));
	return start_container(&runtime->lifecycle, id, err);
}

/* A container that waits for it comes first; what there is none of may be a tenant. */
static int start(struct ctr_runtime *runtime, const char *id, struct error *err)
{
	struct error second = { 0 };
	int r = start_created(runtime, id, err);

	if (r != -ENOENT && r != -STATUS_REFUSED)
		return r;
	if (!api_tenant_exists(runtime, id))
		return r;
	r = api_tenant_start_named(runtime, id, &second);
	if (r < 0)
		*err = second;
	return r;
}

int ctr_start(struct ctr_runtime *runtime, const char *id, struct ctr_error *err)
{
	struct error inside = { 0 };

	return api_result(start(runtime, id, &inside), &inside, err);
}

static int kill_by_signal(struct ctr_runtime *runtime, const char *id, const char *signal,
			  const struct ctr_kill_options *given, struct error *err)
{
	struct ctr_kill_options options = { 0 };

	TRY(api_take_options(&options, sizeof options, given, err));
	TRY(api_begin(runtime, id, API_ROOT_EXISTS, err));
	return kill_container(&runtime->lifecycle, id, signal, options.all, err);
}

int ctr_kill(struct ctr_runtime *runtime, const char *id, const char *signal,
	     const struct ctr_kill_options *options, struct ctr_error *err)
{
	struct error inside = { 0 };

	return api_result(kill_by_signal(runtime, id, signal, options, &inside), &inside, err);
}

static int delete_by_id(struct ctr_runtime *runtime, const char *id,
			const struct ctr_delete_options *given, struct error *err)
{
	struct ctr_delete_options options = { 0 };
	int r;

	TRY(api_take_options(&options, sizeof options, given, err));
	r = api_begin(runtime, id, API_ROOT_EXISTS, err);
	if (r == -ENOENT && options.force)
		return 0;
	TRY(r);
	return delete_container(&runtime->lifecycle, id, options.force, err);
}

int ctr_delete(struct ctr_runtime *runtime, const char *id,
	       const struct ctr_delete_options *options, struct ctr_error *err)
{
	struct error inside = { 0 };

	return api_result(delete_by_id(runtime, id, options, &inside), &inside, err);
}

static int update(struct ctr_runtime *runtime, const char *id,
		  const struct ctr_update_options *given, struct error *err)
{
	struct ctr_update_options options = { 0 };

	TRY(api_take_options(&options, sizeof options, given, err));
	TRY(api_begin(runtime, id, API_ROOT_EXISTS, err));
	if (options.l3_cache_schema || options.mem_bw_schema)
		return error_set(err, ENOTSUP,
				 "update: linux.intelRdt cannot be changed by this version");
	return update_container(&runtime->lifecycle, id,
				options.resources ? options.resources : "{}", err);
}

int ctr_update(struct ctr_runtime *runtime, const char *id,
	       const struct ctr_update_options *options, struct ctr_error *err)
{
	struct error inside = { 0 };

	return api_result(update(runtime, id, options, &inside), &inside, err);
}

static int change_mounts(struct ctr_runtime *runtime, const char *id, const char *mounts, bool add,
			 struct error *err)
{
	TRY(api_begin(runtime, id, API_ROOT_EXISTS, err));
	return live_mounts_change(&runtime->lifecycle, id, mounts ? mounts : "", add, err);
}

int ctr_mounts_add(struct ctr_runtime *runtime, const char *id, const char *mounts,
		   struct ctr_error *err)
{
	struct error inside = { 0 };

	return api_result(change_mounts(runtime, id, mounts, true, &inside), &inside, err);
}

int ctr_mounts_remove(struct ctr_runtime *runtime, const char *id, const char *mounts,
		      struct ctr_error *err)
{
	struct error inside = { 0 };

	return api_result(change_mounts(runtime, id, mounts, false, &inside), &inside, err);
}

static int pause_or_resume(struct ctr_runtime *runtime, const char *id, bool pause,
			   struct error *err)
{
	TRY(api_begin(runtime, id, API_ROOT_EXISTS, err));
	return pause_container(&runtime->lifecycle, id, pause, err);
}

int ctr_pause(struct ctr_runtime *runtime, const char *id, struct ctr_error *err)
{
	struct error inside = { 0 };

	return api_result(pause_or_resume(runtime, id, true, &inside), &inside, err);
}

int ctr_resume(struct ctr_runtime *runtime, const char *id, struct ctr_error *err)
{
	struct error inside = { 0 };

	return api_result(pause_or_resume(runtime, id, false, &inside), &inside, err);
}
