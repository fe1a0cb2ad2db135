/* SPDX-License-Identifier: Apache-2.0 */
#include "criu/log.h"

#include <stdio.h>
#include <string.h>

/* "(00.012345)      1: Error (criu/mount.c:1098): mnt: ..." */
static const char *message(const char *line, size_t len)
{
	static const char marker[] = "Error (";
	const char *text = memmem(line, len, marker, strlen(marker));
	const char *end = line + len;

	if (!text)
		return NULL;
	text = memmem(text, (size_t)(end - text), "): ", 3);
	return text ? text + 3 : NULL;
}

/* What follows from an error before it: "Dumping FAILED.", "Dump files (pid: 1) failed with -1" */
static int says_nothing(const char *text, size_t len)
{
	static const char *const ends[] = { " FAILED.", " failed with -1" };

	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
		size_t n = strlen(ends[i]);

		if (len >= n && !memcmp(text + len - n, ends[i], n))
			return 1;
	}
	return 0;
}

void criu_log_last_error(const char *log, char *ret, size_t room)
{
	*ret = 0;
	while (*log) {
		size_t len = strcspn(log, "\n");
		const char *text = message(log, len);
		size_t n = text ? (size_t)(log + len - text) : 0;

		if (n && !says_nothing(text, n))
			snprintf(ret, room, "%.*s", (int)n, text);
		log += len;
		log += *log == '\n';
	}
}
