/* SPDX-License-Identifier: Apache-2.0 */
/* From which memory nodes a process gets its pages (set_mempolicy(2)). */
#pragma once

#include "base/number_set.h"

/*
 * The policy of the calling thread, which its children and programs inherit. `mode` is an
 * MPOL_* with its MPOL_F_*; an empty set is no nodes. Errors: EINVAL (the kernel does not
 * know the mode, or has none of the nodes), ENOSYS.
 */
int memory_policy_set(int mode, const struct number_set *nodes, struct error *err);
