/* SPDX-License-Identifier: Apache-2.0 */
/*
 * File descriptors: reading and writing whole, sending and receiving. Every
 * descriptor made here is close-on-exec.
 */
#pragma once

#include <stddef.h>
#include <sys/types.h>

#include "base/error.h"

/*
 * Read a regular file of at most `max` bytes, relative to `dir_fd` (AT_FDCWD);
 * never blocks on a FIFO or device. `*ret` is NUL-terminated and freed by the
 * caller; ret_len may be NULL. Errors: as open(2), EINVAL (not a regular file),
 * EFBIG.
 */
int fd_read_file(int dir_fd, const char *path, size_t max, char **ret, size_t *ret_len,
		 struct error *err);

/* As fd_read_file, of an open descriptor, from its offset to its end. `name` is for errors. */
int fd_read_all(int fd, const char *name, size_t max, char **ret, size_t *ret_len,
		struct error *err);

/* Write all of it, also after EINTR and short writes. `name` is for errors. */
int fd_write_all(int fd, const char *name, const void *data, size_t len, struct error *err);

/* Open `path` for writing below dir_fd (no create) and write text with a single write(2). */
int fd_write_file(int dir_fd, const char *path, const char *text, struct error *err);

/* A pair of connected SOCK_SEQPACKET sockets. */
int fd_socketpair(int ret[2], struct error *err);

/* Send one message with up to FD_MESSAGE_FDS descriptors; blocks until it is taken. */
#define FD_MESSAGE_FDS 8
int fd_send(int socket, const void *data, size_t len, const int *fds, size_t n_fds,
	    struct error *err);

/*
 * Receive one message of at most `room` bytes. `*ret_len` is its length, 0 at the
 * end of the connection. Received descriptors go to fds[0..*ret_n_fds) and are the
 * caller's; more than `room_fds` are closed. Errors: EMSGSIZE (truncated).
 */
int fd_receive(int socket, void *data, size_t room, size_t *ret_len, int *fds, size_t room_fds,
	       size_t *ret_n_fds, struct error *err);

/*
 * Connect to the stream or seqpacket socket (`type`) at `path`, of any length
 * (paths over 107 bytes go through the directory's descriptor), within
 * `timeout_ms`. Returns the descriptor. Errors: as connect(2), ENOTSOCK,
 * ETIMEDOUT.
 */
int fd_connect(int type, const char *path, int timeout_ms, struct error *err);

/* Make sure that 0, 1 and 2 are open (on /dev/null), so that no later fd becomes one of them. */
int fd_reserve_standard(struct error *err);
