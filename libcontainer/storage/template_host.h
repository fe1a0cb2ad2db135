/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/error.h"

/* Make the account files of a template in `target`, in the place of those of the host `source`. */
int template_host_finish(int source, int target, struct error *err);
