/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The only way to a file inside a root filesystem: openat2(2) with
 * RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS below a descriptor of the root. There is
 * no fallback. Nothing is done by path twice: what is opened here is used as an fd.
 */
#pragma once

#include <sys/types.h>

#include "base/error.h"

/*
 * Open `path` inside the root: flags as open(2), O_CLOEXEC is added. Symlinks
 * resolve inside the root, absolute ones too. Returns the descriptor. Errors: as
 * openat2(2); ENOSYS says which kernel is needed.
 */
int rootfs_open(int root_fd, const char *path, int flags, struct error *err);

/* As rootfs_open, and a symlink as the last component is an error (ELOOP). */
int rootfs_open_nofollow(int root_fd, const char *path, int flags, struct error *err);

/* As rootfs_open, and a symlink anywhere on the way is an error (ELOOP). */
int rootfs_open_exact(int root_fd, const char *path, int flags, struct error *err);

/*
 * Make `path` a directory with its parents (mode 0755, owned by us) and return an
 * O_PATH descriptor of it. Existing components, also through symlinks inside the
 * root, are fine; a dangling symlink's target is made inside the root.
 * Errors: as mkdirat(2), ENOTDIR.
 */
int rootfs_make_directory(int root_fd, const char *path, mode_t mode, struct error *err);

/*
 * As above for a file: an existing one (of any kind but a directory) is opened O_PATH,
 * else an empty regular file is made. Returns an O_PATH descriptor.
 */
int rootfs_make_file(int root_fd, const char *path, mode_t mode, struct error *err);

/*
 * The directory that holds the last component of `path`, made when missing; `*ret_name`
 * borrows the last component from `path`. Returns an O_PATH descriptor.
 * Errors: EINVAL when the last component is "", "." or "..".
 */
int rootfs_open_parent(int root_fd, const char *path, const char **ret_name, struct error *err);
