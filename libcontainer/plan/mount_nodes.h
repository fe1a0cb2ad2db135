/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Device nodes and the usual links in /dev (config-linux.md#devices, #default-devices,
 * runtime-linux.md#dev-symbolic-links).
 */
#pragma once

#include "plan/mount_plan.h"

/* Append the operations; those of mounts[] are in the plan already. Errors: EINVAL, ENOMEM. */
int mount_nodes_build(const struct spec_config *config, const struct mount_plan_facts *facts,
		      struct mount_plan *plan, struct error *err);
