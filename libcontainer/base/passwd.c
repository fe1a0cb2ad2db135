/* SPDX-License-Identifier: Apache-2.0 */
#include "base/passwd.h"

#include <stdlib.h>
#include <string.h>

/* name:password:uid:gid:comment:home:shell */
enum { NAME, UID = 2, HOME = 5, SHELL, N_FIELDS };

bool passwd_find(char *text, uint32_t uid, struct passwd_user *ret)
{
	char *save = NULL;

	for (char *line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		char *fields[N_FIELDS], *rest = line, *end;
		int n = 0;

		while (n < N_FIELDS && (fields[n] = strsep(&rest, ":")))
			n++;
		if (n < N_FIELDS || !*fields[UID] || strtoul(fields[UID], &end, 10) != uid || *end)
			continue;
		*ret = (struct passwd_user){ fields[NAME], fields[HOME], fields[SHELL] };
		return true;
	}
	return false;
}
