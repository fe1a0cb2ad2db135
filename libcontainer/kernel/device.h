/* SPDX-License-Identifier: Apache-2.0 */
/* Device nodes below a directory descriptor (mknodat(2)). */
#pragma once

#include <sys/types.h>

#include "base/error.h"

/*
 * Make a node `name` in the directory, with exactly this mode and owner whatever the
 * umask. `keep`: an existing node of the same type and number is fine; anything else
 * that exists is an error (EEXIST).
 */
int device_make(int dir_fd, const char *name, mode_t type_and_mode, dev_t number, uid_t uid,
		gid_t gid, int keep, struct error *err);

/* A symlink; an existing file of any kind stays as it is. */
int device_make_link(int dir_fd, const char *name, const char *text, struct error *err);
