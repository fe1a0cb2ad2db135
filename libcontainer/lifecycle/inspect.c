/* SPDX-License-Identifier: Apache-2.0 */
#include "lifecycle/inspect.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/fd.h"
#include "base/passwd.h"
#include "base/path.h"
#include "kernel/cgroup.h"
#include "kernel/process.h"
#include "state/gate.h"

/* Operations wait this long for each other; looking never waits. */
#define LOCK_TIMEOUT_MS 4000

int inspect_empty_record(const char *id, struct store_record *ret, struct error *err)
{
	*ret = (struct store_record){
		.oci_version = strdup(SPEC_VERSION),
		.id = strdup(id),
		.bundle = strdup(""),
	};
	return ret->oci_version && ret->id && ret->bundle ? 0 :
							    error_errno(err, ENOMEM, "load state");
}

static int load_record(const char *id, struct container *c, struct error *err)
{
	int r = store_load(c->fd, &c->record, err);

	if (r == -ENOENT)
		return inspect_empty_record(id, &c->record, err);
	TRY(r);
	if (strcmp(c->record.id, id) != 0)
		return error_set(err, EINVAL, "state.json is damaged: it is the one of `%.40s`",
				 c->record.id);
	return 0;
}

int inspect_open_process(struct lifecycle *l, const struct store_record *record, int *ret,
			 struct error *err)
{
	cleanup_close int pidfd = -1;
	int r;

	if (!record->pid.set || !record->start_time.set)
		return 0;
	pidfd = process_open_started((pid_t)record->pid.value, record->start_time.value, err);
	if (pidfd == -ESRCH)
		return 0;
	TRY(pidfd);
	r = store_is_this_boot(&l->store, record->boot_id, err);
	TRY(r);
	if (r && !process_has_ended(pidfd))
		*ret = steal_fd(&pidfd);
	return 0;
}

static int is_frozen(const struct container *c, struct error *err)
{
	cleanup_close int cgroup_fd = -1;
	int frozen;

	if (!c->record.cgroup_path)
		return 0;
	cgroup_fd = inspect_open_cgroup(c, err);
	frozen = cgroup_fd < 0 ? cgroup_fd : cgroup_is_frozen(cgroup_fd, err);
	/* Gone, perhaps just now: nothing of it is frozen. */
	return frozen == -ENOENT ? 0 : frozen;
}

/*
 * The creator keeps the lock until the record is complete: an incomplete one that nobody
 * holds, or that we hold ourselves, is what a killed create has left.
 */
static int find_status(struct lifecycle *l, bool locked, struct container *c, struct error *err)
{
	int frozen;

	TRY(inspect_open_process(l, &c->record, &c->pidfd, err));
	if (!c->record.complete) {
		c->status = !locked && store_is_locked(c->fd) ? STATUS_CREATING : STATUS_STOPPED;
		return 0;
	}
	if (c->pidfd < 0) {
		c->status = STATUS_STOPPED;
		return 0;
	}
	if (gate_is_waiting(c->fd)) {
		c->status = STATUS_CREATED;
		return 0;
	}
	frozen = is_frozen(c, err);
	TRY(frozen);
	c->status = frozen ? STATUS_PAUSED : STATUS_RUNNING;
	return 0;
}

int inspect_open(struct lifecycle *l, const char *id, bool lock, struct container *ret,
		 struct error *err)
{
	cleanup_container struct container c = { .fd = -1, .pidfd = -1 };

	c.fd = store_open_container(&l->store, id, lock, LOCK_TIMEOUT_MS, err);
	TRY(c.fd);
	if (load_record(id, &c, err) < 0 || find_status(l, lock, &c, err) < 0) {
		/* ENOENT is the word for "no such container", and this one is there. */
		if (err->code == ENOENT)
			err->code = EIO;
		return error_prefix(err, "container `%s`: ", id);
	}
	*ret = c;
	c = (struct container){ .fd = -1, .pidfd = -1 };
	return 0;
}

void inspect_release(struct container *container)
{
	store_record_release(&container->record);
	if (container->fd >= 0)
		close(container->fd);
	if (container->pidfd >= 0)
		close(container->pidfd);
	*container = (struct container){ .fd = -1, .pidfd = -1 };
}

int inspect_verify(struct lifecycle *l, const struct store_record *record, struct error *err)
{
	cleanup_free char *path = NULL;
	int proc_fd, r;

	if (!record->cgroup_path)
		return 0;
	proc_fd = lifecycle_proc(l, err);
	TRY(proc_fd);
	r = cgroup_of_process(proc_fd, (int)record->pid.value, &path, err);
	if (r == -ENOENT || r == -ESRCH)
		return error_set(err, ESRCH, "container not running: no such process");
	TRY(r);
	if (path_is_below(path, record->cgroup_path))
		return 0;
	return error_set(err, ESRCH, "container not running: process %d is another's, in cgroup %s",
			 (int)record->pid.value, path);
}

int inspect_open_cgroup(const struct container *container, struct error *err)
{
	const struct store_record *record = &container->record;
	cleanup_close int fd = -1;
	char room[PATH_MAX];
	const char *mount;
	uint64_t inode;

	if (!record->cgroup_path)
		return error_set(err, ENOTSUP, "container `%s` has no cgroup of its own",
				 container->record.id);
	mount = cgroup_find_mount(room);
	if (!mount)
		return error_set(err, ENOENT, "cgroup v2 is not mounted");
	fd = cgroup_open(mount, record->cgroup_path, err);
	TRY(fd);
	TRY(cgroup_inode(fd, &inode, err));
	if (record->cgroup_inode.set && record->cgroup_inode.value != inode)
		return error_set(err, ENOENT, "cgroup %s is another container's by now",
				 record->cgroup_path);
	return steal_fd(&fd);
}

/* From the host's file, which is what root's tools show. */
int inspect_user_name(int64_t uid, char **ret, struct error *err)
{
	cleanup_free char *text = NULL;
	struct passwd_user user;
	struct error ignored;

	if (uid == 0)
		return str_printf(ret, err, "root");
	if (fd_read_file(AT_FDCWD, "/etc/passwd", PASSWD_SIZE_MAX, &text, NULL, &ignored) == 0 &&
	    passwd_find(text, (uint32_t)uid, &user))
		return str_printf(ret, err, "%s", user.name);
	return str_printf(ret, err, "%lld", (long long)uid);
}

void inspect_state(const struct container *container, struct spec_state *ret)
{
	const struct store_record *record = &container->record;

	*ret = (struct spec_state){
		.oci_version = record->oci_version,
		.id = record->id,
		.status = (char *)status_name(container->status),
		/* Clients read a missing pid as a broken document: 0 says that there is none. */
		.pid = { true, container->status == STATUS_STOPPED ? 0 : record->pid.value },
		.bundle = record->bundle,
		.rootfs = record->rootfs,
		.created = record->created,
		.annotations = { record->annotations.item, record->annotations.n },
	};
}

int inspect_state_json(const struct container *container, char **ret, struct error *err)
{
	cleanup_free char *owner = NULL;
	struct spec_state state;

	inspect_state(container, &state);
	if (container->record.owner.set)
		TRY(inspect_user_name(container->record.owner.value, &owner, err));
	state.owner = owner;
	return json_encode(&spec_state_schema, &state, JSON_INDENTED, ret, err);
}
