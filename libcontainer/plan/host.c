/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/host.h"

#include <stddef.h>

const char *const host_controller_names[] = { "cpuset", "cpu",	"io",	"memory", "hugetlb",
					      "pids",	"rdma", "misc", NULL };
