/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/host.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

const char *const host_controller_names[] = { "cpuset", "cpu",	"io",	"memory", "hugetlb",
					      "pids",	"rdma", "misc", "dmem",	  NULL };

void host_controller_words(unsigned controllers, char ret[HOST_CONTROLLER_WORDS_SIZE])
{
	*ret = '\0';
	for (int i = 0; host_controller_names[i]; i++)
		if (controllers & 1u << i)
			snprintf(ret + strlen(ret), HOST_CONTROLLER_WORDS_SIZE - strlen(ret),
				 "%s%s", *ret ? " " : "", host_controller_names[i]);
}
