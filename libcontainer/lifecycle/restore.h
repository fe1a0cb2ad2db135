/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The part of a restore that stands where create makes init. Private to the room.
 */
#pragma once

#include "lifecycle/launch.h"

/*
 * Have CRIU bring the processes back into what is made for them: cgroup, record, directory. On
 * success they run, and record and pid file say so. Errors: those of CRIU, with its log's last.
 */
int restore_processes(struct launch *launch, const struct restore_options *options,
		      struct error *err);

/*
 * Once its mounts are there and before it runs: what the config restricts (a read-only root,
 * which CRIU forgets, and the attributes of binds) is restricted. restore_attributes.c
 */
int restore_attributes(struct launch *launch, struct error *err);
