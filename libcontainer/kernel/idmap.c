/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel/idmap.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "kernel/process.h"
#include "kernel/procfs.h"

static int write_file(int proc_fd, pid_t pid, const char *name, const char *text,
		      struct error *err)
{
	char path[48];

	snprintf(path, sizeof path, "%d/%s", pid, name);
	return procfs_write(proc_fd, path, text, err);
}

int idmap_write(int proc_fd, pid_t pid, const char *uid_map, const char *gid_map,
		bool deny_setgroups, struct error *err)
{
	/* Before gid_map: without privilege the kernel takes the map only after the denial, which
	   keeps a user from shedding a group that is there to shut them out. */
	if (deny_setgroups)
		TRY(write_file(proc_fd, pid, "setgroups", "deny", err));
	TRY(write_file(proc_fd, pid, "gid_map", gid_map, err));
	return write_file(proc_fd, pid, "uid_map", uid_map, err);
}

/* newuidmap PID INSIDE OUTSIDE COUNT ...: the words of the map, in order. */
static int run_helper(const char *helper, pid_t pid, const char *map, struct error *err)
{
	cleanup_strv struct strv argv = {};
	char words[4096], said[256] = "", number[16], *save = NULL;
	int status;

	snprintf(number, sizeof number, "%d", pid);
	TRY(strv_add(&argv, helper, err));
	TRY(strv_add(&argv, number, err));
	snprintf(words, sizeof words, "%s", map);
	for (char *w = strtok_r(words, " \n", &save); w; w = strtok_r(NULL, " \n", &save))
		TRY(strv_add(&argv, w, err));
	TRY(process_run(&(struct process_command){ .path = helper,
						   .argv = argv.item,
						   .timeout_ms = 10000,
						   .watch_pidfd = -1,
						   .ret_stderr = said,
						   .stderr_room = sizeof said },
			&status, err));
	if (status)
		return error_set(err, EPERM, "%s: status %d: %s", helper, status, said);
	return 0;
}

int idmap_write_with_helper(pid_t pid, const char *uid_map, const char *gid_map, struct error *err)
{
	TRY(run_helper("/usr/bin/newgidmap", pid, gid_map, err));
	return run_helper("/usr/bin/newuidmap", pid, uid_map, err);
}
