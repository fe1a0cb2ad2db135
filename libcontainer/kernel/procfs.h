/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The one way to /proc: the host's, verified to be procfs, or a private one; files
 * below it are opened with openat2 RESOLVE_NO_SYMLINKS | NO_MAGICLINKS | NO_XDEV.
 */
#pragma once

#include <stddef.h>
#include <sys/types.h>

#include "base/error.h"

/* An O_PATH descriptor of the host's /proc. Errors: ENOTSUP when that is not procfs. */
int procfs_open(struct error *err);

/* Open a file below a procfs descriptor, "123/uid_map" or "sys/net/core/somaxconn". */
int procfs_open_file(int proc_fd, const char *path, int flags, struct error *err);

/* Write `text` with one write(2) into such a file. */
int procfs_write(int proc_fd, const char *path, const char *text, struct error *err);

/* Read such a file, at most `max` bytes; as fd_read_all. */
int procfs_read(int proc_fd, const char *path, size_t max, char **ret, struct error *err);
