/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel/procfs.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdio.h>
#include <string.h>
#include <sys/vfs.h>

#include "base/cleanup.h"
#include "base/fd.h"
#include "kernel/syscalls.h"

int procfs_open(struct error *err)
{
	cleanup_close int fd = open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
	struct statfs fs;

	if (fd < 0)
		return error_errno(err, errno, "open /proc");
	if (fstatfs(fd, &fs) < 0)
		return error_errno(err, errno, "statfs /proc");
	if (fs.f_type != PROC_SUPER_MAGIC)
		return error_set(err, ENOTSUP, "/proc is not a proc file system: mount one there");
	return steal_fd(&fd);
}

int procfs_open_file(int proc_fd, const char *path, int flags, struct error *err)
{
	struct open_how how = {
		.flags = (unsigned)(flags | O_CLOEXEC | O_NOCTTY),
		.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS |
			   RESOLVE_NO_XDEV,
	};
	int fd = (int)sys_openat2(proc_fd, path, &how);

	if (fd < 0)
		return error_errno(err, errno, "open /proc/%s", path);
	return fd;
}

int procfs_write(int proc_fd, const char *path, const char *text, struct error *err)
{
	cleanup_close int fd = procfs_open_file(proc_fd, path, O_WRONLY, err);
	ssize_t n;

	TRY(fd);
	do
		n = write(fd, text, strlen(text));
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return error_errno(err, errno, "write /proc/%s", path);
	if ((size_t)n != strlen(text))
		return error_set(err, EIO, "write /proc/%s: only a part was taken", path);
	return 0;
}

int procfs_read(int proc_fd, const char *path, size_t max, char **ret, struct error *err)
{
	cleanup_close int fd = procfs_open_file(proc_fd, path, O_RDONLY, err);
	char name[80];

	TRY(fd);
	snprintf(name, sizeof name, "/proc/%s", path);
	return fd_read_all(fd, name, max, ret, NULL, err);
}
