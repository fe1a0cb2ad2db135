/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Names for what belongs to a container and comes from outside: binds, namespaces, its
 * first descriptors. CRIU keeps such a name in the images in place of the thing, and at
 * restore looks it up in the list it is given. The names are made of places in the config
 * ("mounts.3"), never of paths that a container or an image could choose: a name that
 * can be forged has bound host directories into containers (CVE-2026-119101). Pure.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

enum { CRIU_KEY_SIZE = 64 };

/* What masks of files are, all of them. */
#define CRIU_EXTERNAL_NULL "null"

/* Namespaces that were joined, by the names that runc and crun use. */
#define CRIU_EXTERNAL_NET "extRootNetNS"
#define CRIU_EXTERNAL_PID "extRootPidNS"

/* "mounts[3]" as a name: "mounts.3". */
void criu_external_key(const char *from, char ret[CRIU_KEY_SIZE]);

/*
 * "mnt[<mountpoint>]:<key>" for a dump. CRIU takes all that stands before the first "]:" for
 * the mount point, so one that contains it is refused. Errors: EINVAL, ENOMEM.
 */
int criu_external_mount(const char *mountpoint, const char *key, char **ret, struct error *err);

/*
 * The mount point, as the kernel has it, of the mount with this id in the text of a mountinfo
 * (proc_pid_mountinfo(5)), decoded; the caller frees. Errors: ENOENT, ENOMEM.
 */
int criu_external_mountpoint(const char *mountinfo, uint64_t id, char **ret, struct error *err);
