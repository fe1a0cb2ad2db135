/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/fd.h"
#include "kernel/keyring.h"
#include "kernel/process.h"
#include "kernel/helper.h"

int helper_check(const char *name, struct error *err)
{
	cleanup_free char *path = NULL;
	int r = helper_find(name, &path, err);

	if (r == -ENOENT)
		return error_set(err, ENOTSUP, "%s is missing: this ctr was built or installed "
					       "without it", name);
	return r;
}

struct start {
	const struct helper_call *call;
	char *path;
	int socket, input;
};

static int child(void *argument)
{
	const struct start *start = argument;
	const struct helper_call *call = start->call;
	char socket[16], input[16];
	char *const argv[] = { (char *)call->name, socket, input, NULL };
	static char *const nothing[] = { NULL };
	struct error err;

	/* A signal from the terminal is the caller's to understand. */
	setpgid(0, 0);
	process_reset_signals();
	if (call->keyring && keyring_join_new(call->keyring, &err) < 0)
		return 126;
	for (int i = 0; call->stdio && i < 3; i++)
		if (call->stdio[i] >= 0 && dup2(call->stdio[i], i) < 0)
			return 127;
	for (size_t i = 0; i < call->n_keep; i++)
		fcntl(call->keep[i], F_SETFD, 0);
	fcntl(start->socket, F_SETFD, 0);
	fcntl(start->input, F_SETFD, 0);
	snprintf(socket, sizeof socket, "%d", start->socket);
	snprintf(input, sizeof input, "%d", start->input);
	execve(start->path, argv, nothing);
	return 127;
}

int helper_start(const struct helper_call *call, struct helper *ret, struct error *err)
{
	struct start start = { .call = call };
	cleanup_free char *path = NULL;
	struct process_clone clone = {
		.cgroup_fd = call->cgroup_fd,
		.run = child,
		.argument = &start,
	};
	cleanup_close int ours = -1, theirs = -1, input = -1;
	int ends[2];

	TRY(helper_check(call->name, err));
	TRY(helper_find(call->name, &path, err));
	start.path = path;
	TRY(fd_socketpair(ends, err));
	ours = ends[0];
	start.socket = theirs = ends[1];
	start.input = input = memfd_create("ctr-request", MFD_CLOEXEC);
	if (input < 0)
		return error_errno(err, errno, "make a request");
	ret->pidfd = process_clone(&clone, &ret->pid, err);
	TRY(ret->pidfd);
	ret->socket = steal_fd(&ours);
	ret->input_fd = steal_fd(&input);
	return 0;
}

/* The file's offset is the helper's too: it reads from the beginning. */
int helper_begin(const struct helper *helper, const char *input, struct error *err)
{
	size_t len = strlen(input);

	for (size_t done = 0; done < len;) {
		ssize_t n = pwrite(helper->input_fd, input + done, len - done, (off_t)done);

		if (n < 0 && errno != EINTR)
			return error_errno(err, errno, "write a request");
		done += n > 0 ? (size_t)n : 0;
	}
	return fd_send(helper->socket, "", 1, NULL, 0, err);
}

void helper_release(struct helper *helper)
{
	struct error ignored;
	int status;

	cleanup_close_at(&helper->socket);
	cleanup_close_at(&helper->input_fd);
	if (helper->pidfd >= 0) {
		process_wait(helper->pidfd, -1, &status, &ignored);
		close(helper->pidfd);
	}
	*helper = (struct helper)HELPER_NONE;
}
