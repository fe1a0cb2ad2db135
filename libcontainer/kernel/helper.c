/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel/helper.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/str.h"

int helper_find(const char *name, char **ret, struct error *err)
{
	const char *slash = strrchr(program_invocation_name, '/');
	cleanup_free char *installed = NULL, *beside = NULL;

	TRY(str_printf(&installed, err, "%s/%s", CTR_HELPER_DIR, name));
	if (access(installed, X_OK) == 0) {
		*ret = steal_ptr(&installed);
		return 0;
	}
	if (slash) {
		TRY(str_printf(&beside, err, "%.*s/%s", (int)(slash - program_invocation_name),
			       program_invocation_name, name));
		if (access(beside, X_OK) == 0) {
			*ret = steal_ptr(&beside);
			return 0;
		}
	}
	return error_set(err, ENOENT, "%s is not installed: it belongs to %s", name,
			 CTR_HELPER_DIR);
}
