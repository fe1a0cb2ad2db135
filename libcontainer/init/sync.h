/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The socket between init and its parent: one message = phase, error, a number, fds.
 * SOCK_SEQPACKET, so there are no partial reads, no lengths and no second protocol.
 */
#pragma once

#include <stdint.h>

#include "base/error.h"
#include "init/phase.h"

struct sync_message {
	int phase; /* enum phase */
	struct error error;
	int64_t number; /* BORN's answer: init's pid on the host */
};

/* Init: ask for a phase, passing fd (-1: none), and wait for the answer. Errors: the
 * parent's, or EPIPE when it is gone. ret_number may be NULL. */
int sync_ask(int socket, enum phase phase, int fd, int64_t *ret_number, struct error *err);

/* Init: say that it failed; the parent returns this error. */
void sync_fail(int socket, const struct error *failure);

/*
 * Without a gate: the parent sends one more message, which init takes when nothing but execve is
 * left to do. So the kernel tells init's death until then from execve, which both end the
 * connection.
 */
int sync_release(int socket, struct error *err);
int sync_take_release(int socket, struct error *err);

/* Parent: wait for execve (0). Errors: init's own, ESRCH (it has died), EINTR as below. */
int sync_wait_exec(int socket, int interrupt_fd, struct error *err);

/*
 * Parent: receive the next request. `interrupt_fd` (-1: none) is readable when the caller wants to
 * give up (EINTR). 1: `*ret` (with *ret_fd, -1 if none, the caller's); 0:
 * the connection has ended. Init's failure is returned as the error.
 */
int sync_receive(int socket, int interrupt_fd, int timeout_ms, struct sync_message *ret,
		 int *ret_fd, struct error *err);

/* Parent: answer a request, with `failure` NULL when it was done. */
int sync_answer(int socket, enum phase phase, const struct error *failure, int64_t number,
		struct error *err);
