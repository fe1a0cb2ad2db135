/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Names for what belongs to a container and comes from outside: binds, namespaces, its
 * first descriptors. CRIU keeps such a name in the images in place of the thing, and at
 * restore looks it up in the list it is given. The names are made of what the config says
 * ("mount.data" for "/data"; engines put the mounts of a copy into another order), never of
 * where that leads in a container or an image: a name that can be forged has bound host
 * directories into containers (CVE-2026-119101). Pure.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

enum { CRIU_KEY_SIZE = 256 };

/* What masks of files are, all of them. */
#define CRIU_EXTERNAL_NULL "null"

/* Namespaces that were joined, by the names that runc and crun use. */
#define CRIU_EXTERNAL_NET "extRootNetNS"
#define CRIU_EXTERNAL_PID "extRootPidNS"

/*
 * The name of the mount that the config puts at `target`, which is absolute and normalised; no
 * two have the same. It is a file's name, without anything that CRIU reads a meaning in.
 * Errors: ENAMETOOLONG.
 */
int criu_external_key(const char *target, char ret[CRIU_KEY_SIZE], struct error *err);

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
