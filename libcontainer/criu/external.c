/* SPDX-License-Identifier: Apache-2.0 */
#include "criu/external.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"

static bool is_plain(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

int criu_external_key(const char *target, char ret[CRIU_KEY_SIZE], struct error *err)
{
	size_t n = (size_t)snprintf(ret, CRIU_KEY_SIZE, "mount");

	for (const char *c = target; *c; c++) {
		size_t left = CRIU_KEY_SIZE - n;

		if (is_plain(*c) || *c == '/')
			n += (size_t)snprintf(ret + n, left, "%c", *c == '/' ? '.' : *c);
		else
			n += (size_t)snprintf(ret + n, left, "-%02X", (unsigned char)*c);
		if (n >= CRIU_KEY_SIZE)
			return error_errno(err, ENAMETOOLONG, "%.100s", target);
	}
	return 0;
}

int criu_external_mount(const char *mountpoint, const char *key, char **ret, struct error *err)
{
	if (strstr(mountpoint, "]:"))
		return error_set(err, EINVAL,
				 "%s: a mount point with \"]:\" in its name cannot be checkpointed",
				 mountpoint);
	return str_printf(ret, err, "mnt[%s]:%s", mountpoint, key);
}

/* The kernel writes blanks, tabs, newlines and backslashes as \ and three octal digits. */
static void decode(char *text)
{
	char *to = text;

	for (; *text; to++) {
		if (text[0] == '\\' && text[1] >= '0' && text[1] <= '3' && text[2] && text[3]) {
			*to = (char)((text[1] - '0') * 64 + (text[2] - '0') * 8 + (text[3] - '0'));
			text += 4;
		} else {
			*to = *text++;
		}
	}
	*to = 0;
}

/* The `n`th word of a line, from 0; its length in `*ret_len`. */
static const char *word(const char *line, int n, size_t *ret_len)
{
	for (; n > 0; n--) {
		line += strcspn(line, " \n");
		if (*line != ' ')
			break;
		line++;
	}
	*ret_len = n ? 0 : strcspn(line, " \n");
	return line;
}

int criu_external_mountpoint(const char *mountinfo, uint64_t id, char **ret, struct error *err)
{
	for (const char *line = mountinfo; *line; line += *line == '\n') {
		size_t len;
		const char *found;

		if (strtoull(line, NULL, 10) == id) {
			found = word(line, 4, &len);
			TRY(str_printf(ret, err, "%.*s", (int)len, found));
			decode(*ret);
			return 0;
		}
		line += strcspn(line, "\n");
	}
	return error_set(err, ENOENT, "no mount of the container's");
}
