/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A directory in which we keep what must be ours alone: the state root, the store.
 */
#pragma once

#include <stdbool.h>

#include "base/error.h"

/*
 * Open the directory at the absolute `path`, making it (0700, with parents) when `create`.
 * `what` names it in errors ("state root"). "/", directories that others own or can write,
 * and symlinks of others are refused. `*ret_path` is the path without trailing slashes, the
 * caller's to free. Returns the descriptor. Errors: ENOENT without `create`, EPERM, EINVAL,
 * as mkdir(2).
 */
int private_dir_open(const char *what, const char *path, bool create, char **ret_path,
		     struct error *err);
