/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Undoing a container. Every step takes "already gone" for done, so that a delete which
 * was killed can be repeated; the directory goes last, because it is what names the rest.
 */
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "base/path.h"
#include "init/hooks.h"
#include "kernel/cgroup.h"
#include "kernel/process.h"
#include "lifecycle/inspect.h"
#include "lifecycle/lifecycle.h"
#include "lifecycle/rdt.h"
#include "lifecycle/unit.h"

#define END_TIMEOUT_MS	10000 /* for what has been killed to be gone */
#define SYSTEMD_NOTICES_MS 3000 /* that a scope is empty */
#define INIT_ENDS_MS	1000  /* for an init whose creator is gone */
#define PATIENCE_MS	500   /* --force waits so long for another command, then kills */
#define LOCK_TIMEOUT_MS 4000

static void release_config(struct spec_config *config)
{
	json_release(&spec_config_schema, config);
}
#define cleanup_config __attribute__((__cleanup__(release_config)))

/* Whatever a record says: never the whole tree, and never a cgroup that we live in. */
static int check_cgroup(struct lifecycle *l, const char *path, struct error *err)
{
	cleanup_free char *own = NULL, *clean = NULL;
	int proc_fd = lifecycle_proc(l, err);

	TRY(proc_fd);
	TRY(path_absolute("/", path, &clean, err));
	TRY(cgroup_of_process(proc_fd, getpid(), &own, err));
	if (path_is_below(own, clean))
		return error_set(err, EBUSY, "cgroup %s: ctr itself runs in it", clean);
	return 0;
}

/*
 * systemd removes a scope when it sees it empty. Where it has missed that, it is told to, so that the
 * name is free again.
 */
static int leave_to_systemd(const char *mount, const struct store_record *record,
			    struct error *err)
{
	if (cgroup_vacate(mount, record->cgroup_path, SYSTEMD_NOTICES_MS, err) == 0)
		return 0;
	log_debug("%s: %s", record->systemd_unit, err->text);
	if (unit_stop(record->systemd_unit, record->systemd_user, err) < 0)
		log_debug("%s: %s", record->systemd_unit, err->text);
	return cgroup_destroy(mount, record->cgroup_path, END_TIMEOUT_MS, err);
}

/*
 * Only the one that was made for the container: another may have its path by now. A create that
 * was killed before it could say which it has made has left one with an init at most, which ends
 * by itself.
 */
static int destroy_cgroup(struct lifecycle *l, const struct store_record *record, struct error *err)
{
	char room[PATH_MAX];
	const char *mount = cgroup_find_mount(room);
	cleanup_close int fd = mount ? cgroup_open(mount, record->cgroup_path, err) : -ENOENT;
	uint64_t inode;

	if (fd == -ENOENT)
		return 0;
	TRY(fd);
	TRY(check_cgroup(l, record->cgroup_path, err));
	if (!record->cgroup_inode.set && cgroup_wait_empty(fd, INIT_ENDS_MS, err) < 0) {
		log_debug("leave cgroup %s: %s", record->cgroup_path, err->text);
		return 0;
	}
	TRY(cgroup_inode(fd, &inode, err));
	if (record->cgroup_inode.set && record->cgroup_inode.value != inode)
		return 0;
	if (record->systemd_unit && !unit_plan_is_slice(record->systemd_unit))
		return leave_to_systemd(mount, record, err);
	return cgroup_destroy(mount, record->cgroup_path, END_TIMEOUT_MS, err);
}

/* SIGKILL to init, if it is still ours. The cgroup takes the others. */
static int kill_init(struct lifecycle *l, const struct store_record *record, int *ret_pidfd,
		     struct error *err)
{
	cleanup_close int pidfd = -1;
	int r;

	TRY(inspect_open_process(l, record, &pidfd, err));
	if (pidfd < 0)
		return 0;
	r = inspect_verify(l, record, err);
	if (r == 0)
		r = process_signal(pidfd, SIGKILL, err);
	if (r == -ESRCH) {
		log_debug("leave process %d alone: %s", (int)record->pid.value, err->text);
		return 0;
	}
	TRY(r);
	*ret_pidfd = steal_fd(&pidfd);
	return 0;
}

/*
 * A scope goes with its last process; a slice stays until it is stopped. One that was only begun may
 * or may not be there, and is not worth failing for: create takes the name of an empty one.
 */
static int destroy_unit(const struct store_record *record, struct error *err)
{
	struct error ignored;

	if (!record->systemd_unit)
		return 0;
	if (record->cgroup_inode.set)
		return unit_plan_is_slice(record->systemd_unit) ?
			       unit_stop(record->systemd_unit, record->systemd_user, err) :
			       0;
	if ((record->pid.set || unit_plan_is_slice(record->systemd_unit)) &&
	    unit_forget(record->systemd_unit, record->systemd_user, &ignored) < 0)
		log_debug("%s: %s", record->systemd_unit, ignored.text);
	return 0;
}

int delete_objects(struct lifecycle *l, const char *id, const struct store_record *record,
		   struct error *err)
{
	cleanup_close int pidfd = -1;

	TRY(kill_init(l, record, &pidfd, err));
	if (record->cgroup_path)
		TRY(destroy_cgroup(l, record, err));
	if (pidfd >= 0)
		TRY(process_wait_end(pidfd, END_TIMEOUT_MS, err));
	TRY(destroy_unit(record, err));
	TRY(rdt_remove(record, err));
	return store_remove(&l->store, id, err);
}

/*
 * The config as it was at create, for what it alone knows; a document that is missing or
 * damaged is an empty one, and false. Decoding costs more than the rest of a delete, so it is
 * left out when none of the words (`wanted`) can be in it: spelled, or escaped.
 */
static bool load_config(int container_fd, const char *wanted, struct spec_config *ret)
{
	cleanup_free char *text = NULL;
	struct error err;
	size_t len;

	if (store_load_config(container_fd, &text, &len, &err) < 0)
		return false;
	if (!strstr(text, wanted) && !strstr(text, "\\u"))
		return true;
	if (json_decode(&spec_config_schema, text, len, ret, &err) == 0)
		return true;
	log_debug("config.json: %s", err.text);
	release_config(ret);
	return false;
}

void delete_poststop(const struct spec_hooks *hooks, struct spec_state state)
{
	if (!hooks)
		return;
	state.status = (char *)status_name(STATUS_STOPPED);
	state.pid = (struct optional_int){ true, 0 };
	hooks_run_all(&(struct hooks_call){ "poststop", &state, state.bundle, NULL },
		      hooks->poststop.item, hooks->poststop.n);
}

/*
 * Where create has put the cgroup, worked out as create does; `linux_` alone decides it. Without
 * the config nothing says where: what goes by the id may be another state root's.
 */
static int guess_cgroup(struct lifecycle *l, int container_fd, const char *id, char **ret,
			struct error *err)
{
	cleanup_config struct spec_config config = { 0 };
	struct cgroup_plan plan = { 0 };
	struct spec_linux only_path = { 0 };
	const struct host *host;
	int r;

	if (!load_config(container_fd, "cgroupsPath", &config)) {
		log_warning("container `%s`: no record is left of its cgroup, which stays if there "
			    "is one",
			    id);
		return 0;
	}
	if (!config.linux_ || !config.linux_->cgroups_path)
		return cgroup_plan_default_path(id, ret, err);
	host = lifecycle_host(l, err);
	if (!host)
		return -err->code;
	only_path.cgroups_path = config.linux_->cgroups_path;
	r = cgroup_plan_build(&(struct spec_config){ .linux_ = &only_path }, host,
			      unit_plan_is_form(only_path.cgroups_path) ? CGROUP_MANAGER_SYSTEMD :
									  l->cgroup_manager,
			      id, &plan, err);
	if (r == 0)
		*ret = steal_ptr(&plan.path);
	cgroup_plan_release(&plan);
	return r;
}

/* Nothing is known but the path: whoever is there goes. */
static void trust_cgroup(struct store_record *record)
{
	char room[PATH_MAX];
	const char *mount = cgroup_find_mount(room);
	struct error ignored;
	cleanup_close int fd = mount ? cgroup_open(mount, record->cgroup_path, &ignored) : -1;

	if (fd >= 0)
		record->cgroup_inode.set =
			cgroup_inode(fd, &record->cgroup_inode.value, &ignored) == 0;
}

/*
 * --force on a container whose state cannot be read: its directory and config.json say
 * which cgroup is its own, and whoever lives there goes.
 */
static int open_damaged(struct lifecycle *l, const char *id, struct container *ret,
			struct error *err)
{
	cleanup_container struct container c = { .fd = -1, .pidfd = -1, .status = STATUS_STOPPED };
	struct error ignored;

	c.fd = store_open_container(&l->store, id, true, LOCK_TIMEOUT_MS, err);
	TRY(c.fd);
	if (store_load(c.fd, &c.record, &ignored) < 0 || strcmp(c.record.id, id) != 0) {
		store_record_release(&c.record);
		TRY(inspect_empty_record(id, &c.record, err));
		TRY(guess_cgroup(l, c.fd, id, &c.record.cgroup_path, err));
		if (c.record.cgroup_path)
			trust_cgroup(&c.record);
	}
	*ret = c;
	c = (struct container){ .fd = -1, .pidfd = -1 };
	return 0;
}

/* Someone is working on it: kill the container under their hands, so that they finish. */
static void interrupt(struct lifecycle *l, const char *id)
{
	cleanup_container struct container c = { .fd = -1, .pidfd = -1 };
	cleanup_close int cgroup_fd = -1;
	cleanup_close int pidfd = -1;
	struct error err;
	int fd = store_open_container(&l->store, id, true, PATIENCE_MS, &err);

	if (fd >= 0)
		close(fd); /* and with it the lock: inspect_open takes it again */
	if (fd != -EWOULDBLOCK || inspect_open(l, id, false, &c, &err) < 0)
		return;
	if (kill_init(l, &c.record, &pidfd, &err) < 0)
		log_debug("container `%s`: %s", id, err.text);
	if (!c.record.cgroup_path || check_cgroup(l, c.record.cgroup_path, &err) < 0)
		return;
	cgroup_fd = inspect_open_cgroup(&c, &err);
	if (cgroup_fd >= 0 && cgroup_kill(cgroup_fd, &err) < 0)
		log_debug("container `%s`: %s", id, err.text);
}

/* Failures of ours, which say nothing about the container. */
static int is_our_own(int code)
{
	return code == ENOENT || code == EWOULDBLOCK || code == ENOMEM || code == EMFILE ||
	       code == ENFILE;
}

static int open_for_delete(struct lifecycle *l, const char *id, bool force, struct container *ret,
			   struct error *err)
{
	int r;

	if (force)
		interrupt(l, id);
	r = inspect_open(l, id, true, ret, err);
	if (r == 0 && !force)
		return status_allows(ret->status, STATUS_OP_DELETE, id, err);
	if (r == 0 || !force || is_our_own(-r))
		return r;
	return open_damaged(l, id, ret, err);
}

int delete_container(struct lifecycle *l, const char *id, bool force, struct error *err)
{
	cleanup_container struct container c = { .fd = -1, .pidfd = -1 };
	cleanup_config struct spec_config config = { 0 };
	struct spec_state state;
	int r = open_for_delete(l, id, force, &c, err);

	/* Another state root may own the same id, and the cgroup that goes by it. */
	if (r == -ENOENT && force)
		return 0;
	TRY(r);
	load_config(c.fd, "poststop", &config);
	if (delete_objects(l, id, &c.record, err) < 0)
		return error_prefix(err, "delete container `%s`: ", id);
	inspect_state(&c, &state);
	delete_poststop(config.hooks, state);
	return 0;
}
