/* SPDX-License-Identifier: Apache-2.0 */
/* A store of its own for each test, and looking at it by path. */
#pragma once

#include <criterion/criterion.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "storage/storage.h"

static char top[64], path_buffer[512];
static struct storage storage = { .fd = -1, .lock_fd = -1 };
static struct error err;

static inline const char *at(const char *path)
{
	snprintf(path_buffer, sizeof path_buffer, "%s/%s", top, path);
	return path_buffer;
}

static inline int fixture_remove_one(const char *path, const struct stat *st, int type,
				     struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

static inline void set_up(void)
{
	strcpy(top, "/tmp/ctr-test-storage.XXXXXX");
	cr_assert(mkdtemp(top));
	cr_assert_eq(storage_open(at("store"), STORAGE_MAKE, &storage, &err), 0, "%s", err.text);
}

static inline void tear_down(void)
{
	storage_close(&storage);
	nftw(top, fixture_remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* Below the store: */
static inline void make_directory(const char *path)
{
	cr_assert_eq(mkdirat(storage.fd, path, 0700), 0, "%s", path);
}

static inline void write_text(const char *path, const char *text)
{
	int fd = openat(storage.fd, path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	cr_assert(fd >= 0, "%s", path);
	cr_assert_eq(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	close(fd);
}

static inline bool is_there(const char *path)
{
	return faccessat(storage.fd, path, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}
