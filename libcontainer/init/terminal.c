/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "init/steps.h"
#include "init/sync.h"
#include "kernel/pty.h"
#include "kernel/rootfs.h"

int terminal_open(struct init *init, struct error *err)
{
	const struct process_plan *process = &init->plan->process;
	cleanup_close int pts = rootfs_open(init->root_fd, "/dev/pts", O_PATH | O_DIRECTORY, err);
	cleanup_close int master = -1;
	struct pty pty = { -1, -1 };

	if (pts < 0)
		return error_prefix(err, "process.terminal: needs a devpts mount at /dev/pts: ");
	if (pty_open(pts, &pty, err) < 0)
		return error_prefix(err, "process.terminal: /dev/pts: ");
	master = pty.master;
	init->slave_fd = pty.slave;
	if (process->rows || process->columns)
		TRY(pty_set_size(pty.slave, process->rows, process->columns, err));
	/* The parent keeps the master; ours goes away, so that hangups work. */
	return sync_ask(init->sync_fd, PHASE_CONSOLE, master, NULL, err);
}

int terminal_set_up(struct init *init, struct error *err)
{
	/* A process of the caller's session could push characters into the caller's terminal. */
	if (init->slave_fd < 0) {
		setsid();
		for (int i = 0; i < 3; i++)
			if (init->stdio[i] >= 0 && dup2(init->stdio[i], i) < 0)
				return error_errno(err, errno, "set up standard descriptors");
		return 0;
	}
	return pty_make_controlling(init->slave_fd, err);
}
