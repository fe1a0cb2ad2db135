/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <grp.h>
#include <sched.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "init/steps.h"
#include "kernel/capability.h"
#include "kernel/process.h"

/* Root where the map has it, else the first id that it has. */
static uint32_t first_id(const struct idmap_range *ranges, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (ranges[i].container_id == 0)
			return 0;
	return n ? ranges[0].container_id : 0;
}

/*
 * In a new user namespace we begin as nobody with all capabilities: become someone, so that what
 * we make belongs to someone.
 */
int identity_enter_user_namespace(struct init *init, struct error *err)
{
	const struct idmap_plan *idmap = &init->plan->idmap;
	uint32_t gid = first_id(idmap->gids.item, idmap->gids.n);
	uint32_t uid = first_id(idmap->uids.item, idmap->uids.n);

	if (!(init->plan->namespaces.present & CLONE_NEWUSER))
		return 0;
	/* EINVAL: a namespace that is joined need not have what we think. */
	if (setresgid(gid, gid, gid) < 0 && errno != EINVAL)
		return error_errno(err, errno, "become gid %u of the user namespace", gid);
	if (setresuid(uid, uid, uid) < 0 && errno != EINVAL)
		return error_errno(err, errno, "become uid %u of the user namespace", uid);
	if (!idmap->deny_setgroups && setgroups(0, NULL) < 0 && errno != EPERM)
		return error_errno(err, errno, "drop the caller's groups");
	/* The change of ids has reset it. */
	return process_set_dumpable(0, err);
}

static int set_groups(const struct init *init, struct error *err)
{
	const struct process_plan *process = &init->plan->process;

	if (process->groups_mode == PROCESS_GROUPS_KEEP)
		return 0;
	/* A joined user namespace may deny it; the caller's groups went before it was entered. */
	if (setgroups(process->groups.n, process->groups.item) < 0 &&
	    !(errno == EPERM && !process->groups.n &&
	      init->plan->namespaces.present & CLONE_NEWUSER))
		return error_errno(err, errno, "process.user.additionalGids");
	return 0;
}

/* stdin and its like belong to the process when they are a terminal that we have made. */
static int own_terminal(struct init *init, struct error *err)
{
	if (init->slave_fd >= 0 && fchown(init->slave_fd, init->plan->process.uid, (gid_t)-1) < 0 &&
	    errno != EPERM && errno != EINVAL)
		return error_errno(err, errno, "give the terminal to the process");
	return 0;
}

int identity_become(struct init *init, struct error *err)
{
	const struct process_plan *process = &init->plan->process;

	umask(process->umask);
	TRY(own_terminal(init, err));
	if (process->personality_set && personality(process->personality) < 0)
		return error_errno(err, errno, "linux.personality");
	/* Needs CAP_SETPCAP, so before the ids. */
	if (capability_limit_bounding(process->capabilities.bounding, err) < 0)
		return error_prefix(err, "process.capabilities.bounding: ");
	/* Groups, gid, uid: each needs what the next one takes away. */
	TRY(set_groups(init, err));
	TRY(capability_keep_on_setuid(true, err));
	if (setresgid(process->gid, process->gid, process->gid) < 0)
		return error_errno(err, errno, "process.user.gid: become gid %u", process->gid);
	if (setresuid(process->uid, process->uid, process->uid) < 0)
		return error_errno(err, errno, "process.user.uid: become uid %u", process->uid);
	/* The change of ids has reset it. */
	TRY(process_set_dumpable(0, err));
	return capability_raise_effective(err);
}
