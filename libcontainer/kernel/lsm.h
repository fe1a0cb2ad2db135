/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Labels of Linux security modules through the process's own attr files, below a
 * private procfs (never one that a container could have mounted).
 */
#pragma once

#include <stdbool.h>

#include "base/error.h"

bool lsm_apparmor_is_enabled(void);
bool lsm_selinux_is_enabled(void);

/* The profile or label that the next execve takes. Errors: EINVAL, ENOENT, EACCES. */
int lsm_set_apparmor_exec(int proc_fd, const char *profile, struct error *err);
int lsm_set_selinux_exec(int proc_fd, const char *label, struct error *err);
