/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The mount plan as text: one operation a line.
 */
#pragma once

#include "base/str.h"
#include "plan/mount_plan.h"

void mount_print(const struct mount_plan *plan, struct str *out);
