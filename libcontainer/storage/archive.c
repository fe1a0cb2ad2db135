/* SPDX-License-Identifier: Apache-2.0 */
#include "storage/archive.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/fd.h"
#include "base/str.h"
#include "kernel/helper.h"
#include "kernel/process.h"
#include "storage/storage.h"

#define PROGRAM	 "ctr-archive"
#define FD_FIRST 16 /* above the numbers that the program gets */

const char *const archive_modes[] = {
	[ARCHIVE_DIGEST] = "digest",
	[ARCHIVE_UNPACK_TAR] = "tar",
	[ARCHIVE_UNPACK_IMAGE] = "image",
};

struct child {
	const char *path;
	char **argv;
	int source, socket, target, lock;
	pid_t parent;
};

/* In the child: what went wrong, as the program itself would say it. */
static int complain(int socket, const char *what)
{
	struct archive_message message = { .kind = ARCHIVE_ERROR };
	struct error ignored = { 0 };

	error_errno(&message.error, errno, "%s", what);
	fd_send(socket, &message, sizeof message, NULL, 0, &ignored);
	return 127;
}

/* Out of the way of the numbers first, so that none overwrites another. */
static int move_up(int fd)
{
	return fd < 0 ? fd : fcntl(fd, F_DUPFD_CLOEXEC, FD_FIRST);
}

static int run_child(void *argument)
{
	const struct child *c = argument;
	const int fds[][2] = {
		{ move_up(c->source), ARCHIVE_SOURCE_FD },
		{ move_up(c->socket), ARCHIVE_SOCKET_FD },
		{ move_up(c->target), ARCHIVE_TARGET_FD },
		{ move_up(c->lock), ARCHIVE_LOCK_FD },
	};
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	static char *const environment[] = { NULL };

	process_reset_signals();
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != c->parent)
		return 127;
	if (null < 0)
		return complain(fds[1][0], "open /dev/null");
	if (dup2(null, 1) < 0 || dup2(null, 2) < 0)
		return complain(fds[1][0], "hand over descriptors to " PROGRAM);
	close_range(3, FD_FIRST - 1, 0);
	for (size_t i = 0; i < sizeof fds / sizeof *fds; i++)
		if (fds[i][0] >= 0 && dup2(fds[i][0], fds[i][1]) < 0)
			return complain(fds[1][0], "hand over descriptors to " PROGRAM);
	close_range(FD_FIRST, ~0u, CLOSE_RANGE_CLOEXEC);
	execve(c->path, c->argv, environment);
	return complain(ARCHIVE_SOCKET_FD, c->path);
}

static int take_end(struct archive_run *run, const struct archive_message *message,
		    struct error *err)
{
	size_t room = sizeof run->digest;

	run->progress = message->progress;
	if (message->kind == ARCHIVE_ERROR) {
		const struct error *said = &message->error;

		return error_set(err, said->code > 0 ? said->code : EIO, "%.*s",
				 (int)sizeof said->text - 1, said->text);
	}
	snprintf(run->digest, room, "%.*s", (int)room - 1, message->digest);
	if (run->mode == ARCHIVE_DIGEST && !storage_is_digest(run->digest))
		return error_set(err, EPROTO, PROGRAM " answered with no digest");
	return 0;
}

static int listen_to(struct archive_run *run, int socket, struct error *err)
{
	for (;;) {
		struct archive_message message;
		size_t len, n_fds;

		TRY(fd_receive(socket, &message, sizeof message, &len, NULL, 0, &n_fds, err));
		if (len == 0)
			return error_set(err, EPIPE, PROGRAM " ended before its work was done");
		if (len != sizeof message)
			return error_set(err, EPROTO, PROGRAM " answered with %zu bytes", len);
		if (message.kind != ARCHIVE_PROGRESS)
			return take_end(run, &message, err);
		if (run->tell)
			run->tell(run->tell_data, &message.progress);
	}
}

static int start(struct child *child, struct error *err)
{
	const struct process_clone clone = {
		.cgroup_fd = -1,
		.run = run_child,
		.argument = child,
	};
	pid_t pid;

	return process_clone(&clone, &pid, err);
}

static void end_program(const int *pidfd)
{
	if (*pidfd < 0)
		return;
	process_kill(*pidfd);
	close(*pidfd);
}

int archive_run(struct archive_run *run, struct error *err)
{
	char bytes[24], entries[24];
	cleanup_free char *path = NULL;
	__attribute__((__cleanup__(end_program))) int pidfd = -1;
	cleanup_close int ours = -1;
	cleanup_close int theirs = -1;
	int pair[2];
	char *argv[] = { (char *)PROGRAM, (char *)archive_modes[run->mode], bytes,
			 entries,	  (char *)run->reference,	    NULL };
	struct child child = { NULL,	       argv,	     run->source_fd, -1,
			       run->target_fd, run->lock_fd, getpid() };

	TRY(helper_find(PROGRAM, &path, err));
	child.path = path;
	snprintf(bytes, sizeof bytes, "%llu", (unsigned long long)run->max_bytes);
	snprintf(entries, sizeof entries, "%llu", (unsigned long long)run->max_entries);
	TRY(fd_socketpair(pair, err));
	ours = pair[0];
	theirs = pair[1];
	child.socket = theirs;
	pidfd = start(&child, err);
	TRY(pidfd);
	close(steal_fd(&theirs));
	return listen_to(run, ours, err);
}
