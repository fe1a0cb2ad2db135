/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Files that must appear whole. A reader sees the old or the new content, never
 * a part.
 */
#pragma once

#include <stddef.h>
#include <sys/types.h>

#include "base/error.h"

/*
 * Replace or create `name` below dir_fd (AT_FDCWD) with `len` bytes: write a
 * temporary file beside it, then rename. No fsync (for /run); file_replace_durable
 * also syncs the file and its directory. Nothing is left behind on failure.
 */
int file_replace(int dir_fd, const char *name, const void *data, size_t len, mode_t mode,
		 struct error *err);
int file_replace_durable(int dir_fd, const char *name, const void *data, size_t len, mode_t mode,
			 struct error *err);

/*
 * Lock the open file or directory with flock(2) for as long as `fd` stays open.
 * exclusive 0 or 1; waits at most timeout_ms. Errors: EWOULDBLOCK when someone
 * else keeps it.
 */
int file_lock(int fd, const char *name, int exclusive, int timeout_ms, struct error *err);

/*
 * Remove the directory `name` below dir_fd and everything in it, without following
 * links or crossing mounts; absent is fine.
 */
int file_remove_tree(int dir_fd, const char *name, struct error *err);
