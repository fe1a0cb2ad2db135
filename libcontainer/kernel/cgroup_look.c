/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel/cgroup_look.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"

int cgroup_look_frozen(int mount_fd, const char *path)
{
	cleanup_close int fd = -1;
	char text[PATH_MAX];
	ssize_t n;
	int len = snprintf(text, sizeof text, "%s/cgroup.events", path + strspn(path, "/"));

	if (len < 0 || (size_t)len >= sizeof text)
		return -1;
	fd = openat(mount_fd, text, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0)
		return errno == ENOENT ? 0 : -1;
	n = read(fd, text, sizeof text - 1);
	if (n < 0)
		return errno == ENODEV ? 0 : -1;
	text[n] = '\0';
	return strstr(text, "frozen 1") != NULL;
}
