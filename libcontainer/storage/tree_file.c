/* SPDX-License-Identifier: Apache-2.0 */
#include "storage/tree_file.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdbool.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "storage/entry_rule.h"

#define ATTRIBUTE_MAX (64 << 10) /* XATTR_SIZE_MAX and XATTR_LIST_MAX of the kernel */
#define CHUNK	      (1 << 20)

static int copy_by_hand(int from, int to, off_t offset, off_t end)
{
	cleanup_free char *chunk = malloc(CHUNK);

	if (!chunk)
		return -ENOMEM;
	while (offset < end) {
		size_t want = end - offset < CHUNK ? (size_t)(end - offset) : CHUNK;
		ssize_t n = pread(from, chunk, want, offset);

		if (n <= 0)
			return n < 0 ? -errno : 0; /* it has become shorter meanwhile */
		for (ssize_t done = 0; done < n;) {
			ssize_t m = pwrite(to, chunk + done, (size_t)(n - done), offset + done);

			if (m < 0)
				return -errno;
			done += m;
		}
		offset += n;
	}
	return 0;
}

static int copy_range(int from, int to, off_t offset, off_t end)
{
	while (offset < end) {
		off_t out = offset;
		ssize_t n = copy_file_range(from, &offset, to, &out, (size_t)(end - offset), 0);

		if (n == 0)
			return 0;
		if (n < 0 && (errno == EXDEV || errno == ENOSYS || errno == EOPNOTSUPP ||
			      errno == EINVAL || errno == EBADF))
			return copy_by_hand(from, to, offset, end);
		if (n < 0)
			return -errno;
	}
	return 0;
}

int tree_file_copy_data(int from, int to, off_t size)
{
	off_t data = 0, hole;

	if (size == 0)
		return 0;
	if (ioctl(to, FICLONE, from) == 0)
		return 1;
	if (ftruncate(to, size) < 0)
		return -errno;
	while (data < size) {
		int r;

		data = lseek(from, data, SEEK_DATA);
		if (data < 0)
			return errno == ENXIO ? 0 : -errno; /* a hole up to the end */
		hole = lseek(from, data, SEEK_HOLE);
		if (hole < 0)
			return -errno;
		r = copy_range(from, to, data, hole < size ? hole : size);
		if (r < 0)
			return r;
		data = hole;
	}
	return 0;
}

static int copy_attribute(int from, int to, const char *name, char *value)
{
	ssize_t n = fgetxattr(from, name, value, ATTRIBUTE_MAX);
	size_t len;

	if (n < 0)
		return errno == ENODATA || errno == EPERM ? 0 : -errno;
	len = (size_t)n;
	if (!entry_rule_attribute(name, value, &len))
		return 0;
	return fsetxattr(to, name, value, len, 0) < 0 ? -errno : 0;
}

static int copy_listed(int from, int to, const char *names, ssize_t len)
{
	cleanup_free char *value = malloc(ATTRIBUTE_MAX);

	if (!value)
		return -ENOMEM;
	for (const char *name = names; name < names + len; name += strlen(name) + 1) {
		int r = copy_attribute(from, to, name, value);

		if (r < 0)
			return r;
	}
	return 0;
}

static int copy_all_attributes(int from, int to)
{
	cleanup_free char *names = NULL;
	ssize_t len = flistxattr(from, NULL, 0);

	if (len < 0)
		return errno == EOPNOTSUPP ? 0 : -errno;
	if (len == 0)
		return 0;
	names = malloc(ATTRIBUTE_MAX);
	if (!names)
		return -ENOMEM;
	len = flistxattr(from, names, ATTRIBUTE_MAX);
	return len < 0 ? -errno : copy_listed(from, to, names, len);
}

int tree_file_copy_attributes(int from, int to, const struct stat *st)
{
	const struct timespec times[2] = { st->st_atim, st->st_mtim };
	int r;

	if (fchown(to, st->st_uid, st->st_gid) < 0)
		return -errno;
	r = copy_all_attributes(from, to);
	if (r < 0)
		return r;
	if (fchmod(to, st->st_mode & 07777) < 0 || futimens(to, times) < 0)
		return -errno;
	return 0;
}

int tree_file_set_node(int dir_fd, const char *name, const struct stat *st)
{
	const struct timespec times[2] = { st->st_atim, st->st_mtim };

	if (fchownat(dir_fd, name, st->st_uid, st->st_gid, AT_SYMLINK_NOFOLLOW) < 0)
		return -1;
	/* A change of owner takes set-id bits away; a link has no mode of its own. */
	if (!S_ISLNK(st->st_mode) && fchmodat(dir_fd, name, st->st_mode & 07777, 0) < 0)
		return -1;
	return utimensat(dir_fd, name, times, AT_SYMLINK_NOFOLLOW);
}
