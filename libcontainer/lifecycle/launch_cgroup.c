/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The container's cgroup: ours to make before init, which is born in it, or systemd's, which
 * makes a scope for a process that is there. Init waits at BORN while it is put there, before it
 * has done anything; from then on everything works on the directory, without the bus.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "kernel/cgroup.h"
#include "kernel/cgroup_make.h"
#include "kernel/device_filter.h"
#include "lifecycle/launch.h"
#include "lifecycle/unit.h"

static int write_files(const struct cgroup_plan *plan, int fd, struct error *err)
{
	for (size_t i = 0; i < plan->writes.n; i++) {
		const struct cgroup_write *w = &plan->writes.item[i];

		if (cgroup_write(fd, w->file, w->value, err) == 0 ||
		    (w->may_be_missing && err->code == ENOENT))
			continue;
		return error_prefix(err, "%s: ", w->from);
	}
	if (plan->device_filter &&
	    device_filter_attach(fd, plan->device_program.item, plan->device_program.n, err) < 0)
		return error_prefix(err, "linux.resources.devices: ");
	return plan->delegate ? cgroup_delegate(fd, plan->owner_uid, plan->owner_gid, err) : 0;
}

/* Its inode tells it from another cgroup that has the name later. */
static int take(struct launch *launch, int fd, struct error *err)
{
	struct optional_uint *inode = &launch->record->cgroup_inode;

	launch->cgroup_fd = fd;
	TRY(cgroup_inode(fd, &inode->value, err));
	inode->set = true;
	return write_files(&launch->plan->cgroup, fd, err);
}

static int make_own(struct launch *launch, struct error *err)
{
	const struct cgroup_plan *plan = &launch->plan->cgroup;
	char words[HOST_CONTROLLER_WORDS_SIZE];
	int fd;

	host_controller_words(plan->controllers, words);
	fd = cgroup_create(launch->l->host.cgroup_mount, plan->path, *words ? words : NULL, err);
	if (fd >= 0)
		return take(launch, fd, err);
	/* It is not ours, and so not ours to undo. */
	launch->record->cgroup_path = NULL;
	if (!plan->best_effort)
		return error_prefix(err, "linux.cgroupsPath: ");
	log_debug("no cgroup: %s", err->text);
	return store_save(launch->container_fd, launch->record, err);
}

/*
 * A unit: on record with the cgroup that systemd has given it. Controllers that systemd does not
 * know (hugetlb) are enabled as for a cgroup of our own.
 */
static int make_unit(struct launch *launch, pid_t pid, struct error *err)
{
	const struct cgroup_plan *plan = &launch->plan->cgroup;
	struct store_record *record = launch->record;
	char **path = launch->unit_cgroup;
	const struct process_watch watch = { launch->pidfd, launch->interrupt_fd };
	const char *mount = launch->l->host.cgroup_mount;
	char words[HOST_CONTROLLER_WORDS_SIZE];
	int fd;

	host_controller_words(plan->controllers, words);
	TRY(unit_start(&plan->unit, pid, &watch, path, err));
	if (*words && cgroup_enable(mount, *path, words, err) < 0)
		return error_prefix(err, "unit %s: ", plan->unit.name);
	fd = cgroup_open(mount, *path, err);
	if (fd < 0)
		return error_prefix(err, "unit %s: ", plan->unit.name);
	record->cgroup_path = *path;
	TRY(take(launch, fd, err));
	return store_save(launch->container_fd, record, err);
}

int launch_cgroup_make(struct launch *launch, struct error *err)
{
	const struct cgroup_plan *plan = &launch->plan->cgroup;

	if (!plan->path)
		return 0;
	if (!plan->unit.name)
		return make_own(launch, err);
	return unit_plan_is_slice(plan->unit.name) ? make_unit(launch, 0, err) : 0;
}

int launch_cgroup_enter(struct launch *launch, struct error *err)
{
	const struct unit_plan *unit = &launch->plan->cgroup.unit;

	if (!launch->record || !unit->name || unit_plan_is_slice(unit->name))
		return 0;
	return make_unit(launch, launch->pid, err);
}
