/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel/cgroup_look.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/str.h"
#include "kernel/cgroup.h"

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

static void close_directory(DIR *dir)
{
	closedir(dir);
}
DEFINE_CLEANUP(DIR *, close_directory)

static int compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

int cgroup_page_sizes(int cgroup_fd, struct strv *ret, struct error *err)
{
	cleanup_close int fd = openat(cgroup_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	cleanup_with(close_directory) DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;

	if (!dir)
		return error_errno(err, errno, "list the cgroup's files");
	steal_fd(&fd);
	while ((entry = readdir(dir))) {
		char size[32];
		int end = 0;

		/* "hugetlb.2MB.current", and not "hugetlb.2MB.rsvd.current" */
		if (sscanf(entry->d_name, "hugetlb.%20[0-9KMGB].current%n", size, &end) == 1 &&
		    end && !entry->d_name[end])
			TRY(strv_add(ret, size, err));
	}
	if (ret->n)
		qsort(ret->item, ret->n, sizeof *ret->item, compare);
	return 0;
}
