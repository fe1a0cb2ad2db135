/* SPDX-License-Identifier: Apache-2.0 */
/* Pseudo terminals (pts(4), ioctl_tty(2)). */
#pragma once

#include <stddef.h>
#include <sys/types.h>

#include "base/error.h"

/*
 * A new terminal from the devpts that is mounted at pts_fd (O_PATH of its root),
 * checked to be devpts; the slave is opened by TIOCGPTPEER, never by path.
 */
struct pty {
	int master, slave;
};
int pty_open(int pts_fd, struct pty *ret, struct error *err);

/* The name that the terminal has where its devpts is mounted: "/dev/pts/3". */
enum { PTY_NAME_SIZE = 24 };
int pty_name(int master, char ret[PTY_NAME_SIZE], struct error *err);

/* Window size in characters. */
int pty_set_size(int fd, unsigned short rows, unsigned short columns, struct error *err);

/* A new session with the slave as its terminal and as 0, 1 and 2. */
int pty_make_controlling(int slave, struct error *err);

/* Raw mode of the caller's own terminal, and back. `saved` holds at least 64 bytes. */
struct pty_saved {
	unsigned char bytes[64];
};
int pty_set_raw(int fd, struct pty_saved *saved, struct error *err);
void pty_restore(int fd, const struct pty_saved *saved);
