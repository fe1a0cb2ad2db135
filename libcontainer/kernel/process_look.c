/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel/process_look.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"

/* Fields are counted from the end of the name (field 2), which may hold anything. */
enum { STATE = 3, START_TIME = 22 };

static const char *find_field(const char *p, int wanted)
{
	for (int field = STATE - 1; p && field < wanted; field++)
		p = strchr(p + 1, ' ');
	return p ? p + 1 : NULL;
}

enum process_look process_look(int proc_fd, pid_t pid, uint64_t start_time)
{
	cleanup_close int fd = -1;
	char text[1024]; /* one read(2) gives the whole line, which is shorter */
	const char *end, *state, *started;
	ssize_t n;

	/* The usual answer for what is over, at a tenth of the price. */
	if (kill(pid, 0) < 0 && errno == ESRCH)
		return PROCESS_LOOK_GONE;
	snprintf(text, sizeof text, "%d/stat", pid);
	fd = openat(proc_fd, text, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0)
		return errno == ENOENT ? PROCESS_LOOK_GONE : PROCESS_LOOK_UNSURE;
	n = read(fd, text, sizeof text - 1);
	if (n <= 0)
		return n < 0 && errno == ESRCH ? PROCESS_LOOK_GONE : PROCESS_LOOK_UNSURE;
	text[n] = '\0';
	end = strrchr(text, ')');
	state = find_field(end, STATE);
	started = find_field(end, START_TIME);
	if (!started)
		return PROCESS_LOOK_UNSURE;
	if (strtoull(started, NULL, 10) != start_time)
		return PROCESS_LOOK_GONE;
	return *state == 'Z' || *state == 'X' ? PROCESS_LOOK_UNSURE : PROCESS_LOOK_ALIVE;
}
