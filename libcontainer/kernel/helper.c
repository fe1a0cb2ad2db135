/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel/helper.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/str.h"

/*
 * By argv[0], because /proc/self/exe of a ctr that has protected itself is a clone without a place;
 * made absolute, because programs are run in another working directory. NULL: not there.
 */
static int find_beside(const char *name, char **ret, struct error *err)
{
	const char *slash = strrchr(program_invocation_name, '/');
	cleanup_free char *path = NULL;

	*ret = NULL;
	if (!slash)
		return 0;
	TRY(str_printf(&path, err, "%.*s/%s", (int)(slash - program_invocation_name),
		       program_invocation_name, name));
	if (access(path, X_OK) == 0)
		*ret = realpath(path, NULL);
	return 0;
}

int helper_find(const char *name, char **ret, struct error *err)
{
	cleanup_free char *installed = NULL;

	TRY(str_printf(&installed, err, "%s/%s", CTR_HELPER_DIR, name));
	if (access(installed, X_OK) == 0) {
		*ret = steal_ptr(&installed);
		return 0;
	}
	TRY(find_beside(name, ret, err));
	if (*ret)
		return 0;
	return error_set(err, ENOENT, "%s is not installed: it belongs to %s", name,
			 CTR_HELPER_DIR);
}
