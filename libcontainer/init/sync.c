/* SPDX-License-Identifier: Apache-2.0 */
#include "init/sync.h"

#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>

#include "base/cleanup.h"
#include "base/fd.h"

/* A failure of init itself, rather than a request. */
enum { FAILED = -1 };

int sync_ask(int socket, enum phase phase, int fd, int64_t *ret_number, struct error *err)
{
	struct sync_message message = { .phase = phase };
	size_t len, n_fds;

	TRY(fd_send(socket, &message, sizeof message, &fd, fd >= 0, err));
	TRY(fd_receive(socket, &message, sizeof message, &len, NULL, 0, &n_fds, err));
	if (len != sizeof message)
		return error_set(err, EPIPE, "the parent of init is gone");
	if (message.error.code) {
		*err = message.error;
		return -err->code;
	}
	if (ret_number)
		*ret_number = message.number;
	return 0;
}

void sync_fail(int socket, const struct error *failure)
{
	struct sync_message message = { .phase = FAILED, .error = *failure };
	struct error ignored;

	fd_send(socket, &message, sizeof message, NULL, 0, &ignored);
}

static int wait_readable(int socket, int interrupt_fd, int timeout_ms, struct error *err)
{
	struct pollfd p[] = { { .fd = socket, .events = POLLIN },
			      { .fd = interrupt_fd, .events = POLLIN } };
	int r;

	do
		r = poll(p, 2, timeout_ms);
	while (r < 0 && errno == EINTR);
	if (r < 0)
		return error_errno(err, errno, "wait for init");
	if (r == 0)
		return error_set(err, ETIMEDOUT, "init said nothing within %d ms", timeout_ms);
	if (p[1].revents)
		return error_set(err, EINTR, "interrupted by a signal");
	return 0;
}

/* Init's words, which are its failure. */
static int take_failure(struct sync_message *message, struct error *err)
{
	message->error.text[sizeof message->error.text - 1] = 0;
	*err = message->error;
	return err->code > 0 ? -err->code : error_set(err, EPROTO, "init failed");
}

int sync_release(int socket, struct error *err)
{
	return sync_answer(socket, PHASE_CREATED, NULL, 0, err);
}

int sync_take_release(int socket, struct error *err)
{
	struct sync_message message;
	size_t len, n_fds;

	TRY(fd_receive(socket, &message, sizeof message, &len, NULL, 0, &n_fds, err));
	return len == sizeof message ? 0 : error_set(err, EPIPE, "the parent of init is gone");
}

int sync_wait_exec(int socket, int interrupt_fd, struct error *err)
{
	struct sync_message message;
	bool died = false;
	ssize_t n;

	if (interrupt_fd >= 0)
		TRY(wait_readable(socket, interrupt_fd, -1, err));
	/* A reset says that our message was not taken; what init has said comes behind it. */
	while ((n = recv(socket, &message, sizeof message, 0)) < 0) {
		if (errno != EINTR && (errno != ECONNRESET || died))
			return error_errno(err, errno, "wait for init");
		died |= errno == ECONNRESET;
	}
	if (n == sizeof message && message.phase == FAILED)
		return take_failure(&message, err);
	if (n)
		return error_set(err, EPROTO, "init sent %zd bytes out of order", n);
	return died ? error_set(err, ESRCH, "init died before it executed its program") : 0;
}

int sync_receive(int socket, int interrupt_fd, int timeout_ms, struct sync_message *ret,
		 int *ret_fd, struct error *err)
{
	cleanup_close int fd = -1;
	size_t len, n_fds = 0;

	TRY(wait_readable(socket, interrupt_fd, timeout_ms, err));
	if (fd_receive(socket, ret, sizeof *ret, &len, &fd, 1, &n_fds, err) < 0) {
		if (err->code != ECONNRESET)
			return -err->code;
		len = 0; /* init died with our answer unread */
	}
	if (len == 0)
		return 0;
	if (len != sizeof *ret)
		return error_set(err, EPROTO, "init sent %zu bytes", len);
	if (ret->phase == FAILED)
		return take_failure(ret, err);
	*ret_fd = steal_fd(&fd);
	return 1;
}

int sync_answer(int socket, enum phase phase, const struct error *failure, int64_t number,
		struct error *err)
{
	struct sync_message message = { .phase = phase, .number = number };

	if (failure)
		message.error = *failure;
	return fd_send(socket, &message, sizeof message, NULL, 0, err);
}
