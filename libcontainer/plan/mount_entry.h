/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One entry of mounts[] becomes one operation of the mount plan (config.md#mounts).
 */
#pragma once

#include "plan/mount_plan.h"

/* Append the operation of config->mounts.item[index]. Errors: as mount_plan_build. */
int mount_entry_build(const struct spec_config *config, size_t index,
		      const struct mount_plan_facts *facts, struct mount_plan *plan,
		      struct error *err);
