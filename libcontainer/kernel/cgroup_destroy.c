/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <time.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/path.h"
#include "kernel/cgroup.h"
#include "kernel/cgroup_walk.h"

/* A child that is still busy makes its parents busy too: the caller tries again. */
static int remove_child(int parent_fd, const char *name, void *data, struct error *err)
{
	(void)data;
	if (unlinkat(parent_fd, name, AT_REMOVEDIR) == 0 || errno == ENOENT || errno == EBUSY ||
	    errno == ENOTEMPTY)
		return 0;
	return error_errno(err, errno, "remove cgroup %s", name);
}

/* 0 removed or absent, 1 still busy. */
static int try_remove(int parent_fd, const char *name, struct error *err)
{
	if (unlinkat(parent_fd, name, AT_REMOVEDIR) == 0 || errno == ENOENT)
		return 0;
	if (errno == EBUSY || errno == ENOTEMPTY)
		return 1;
	return error_errno(err, errno, "remove cgroup %s", name);
}

/* Let the kernel finish: dead tasks may keep a cgroup busy for an instant. */
static int pause_for(int cgroup_fd, int ms, struct error *err)
{
	cleanup_close int fd = openat(cgroup_fd, "cgroup.events", O_RDONLY | O_CLOEXEC);
	struct pollfd wait = { .fd = fd, .events = POLLPRI };
	char text[128];

	if (fd < 0)
		return errno == ENOENT ? 0 : error_errno(err, errno, "open cgroup.events");
	/* Without the read, poll would report the state as new and return at once. */
	if (pread(fd, text, sizeof text, 0) >= 0)
		poll(&wait, 1, ms);
	return 0;
}

/* Kill, wait and remove again and again until `deadline`: others may still add to it. */
static int remove_busy(int parent_fd, const char *name, int64_t deadline, struct error *err)
{
	const struct cgroup_visitor remover = { .leave = remove_child };
	cleanup_close int fd =
		openat(parent_fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	if (fd < 0)
		return errno == ENOENT ? 0 : error_errno(err, errno, "open cgroup %s", name);
	for (int ms = 1;; ms = ms < 32 ? 2 * ms : ms) {
		int64_t left = deadline - clock_monotonic_ms();
		int busy;

		TRY(cgroup_kill(fd, err));
		TRY(cgroup_wait_empty(fd, left > 0 ? (int)left : 0, err));
		TRY(cgroup_walk(fd, &remover, err));
		busy = try_remove(parent_fd, name, err);
		if (busy <= 0)
			return busy;
		left = deadline - clock_monotonic_ms();
		if (left <= 0)
			return error_set(err, EBUSY, "remove cgroup %s: still in use", name);
		TRY(pause_for(fd, left < ms ? (int)left : ms, err));
	}
}

int cgroup_destroy(const char *mount, const char *path, int timeout_ms, struct error *err)
{
	cleanup_free char *parent = NULL;
	cleanup_close int parent_fd = -1;
	int64_t deadline = clock_monotonic_ms() + timeout_ms;
	char *name;
	int result;

	TRY(path_absolute("/", path, &parent, err));
	name = strrchr(parent, '/');
	if (!name[1])
		return error_set(err, EINVAL, "remove cgroup %s: it is the root", path);
	*name++ = '\0';
	parent_fd = cgroup_open(mount, parent, err);
	if (parent_fd == -ENOENT)
		return 0;
	TRY(parent_fd);
	/* The usual case: nothing is left inside, and one call is all. */
	result = try_remove(parent_fd, name, err);
	if (result > 0)
		result = remove_busy(parent_fd, name, deadline, err);
	return result < 0 ? error_prefix(err, "cgroup %s: ", path) : 0;
}

int cgroup_vacate(const char *mount, const char *path, int timeout_ms, struct error *err)
{
	cleanup_close int fd = cgroup_open(mount, path, err);
	int64_t deadline = clock_monotonic_ms() + timeout_ms;

	if (fd == -ENOENT)
		return 0;
	TRY(fd);
	if (cgroup_kill(fd, err) < 0 && faccessat(fd, "cgroup.kill", F_OK, 0) == 0)
		return -err->code;
	TRY(cgroup_wait_empty(fd, timeout_ms, err));
	for (int ms = 1; faccessat(fd, "cgroup.procs", F_OK, 0) == 0; ms = ms < 16 ? 2 * ms : ms) {
		if (clock_monotonic_ms() >= deadline)
			return error_set(err, ETIMEDOUT, "cgroup %s is not removed by its owner",
					 path);
		TRY(pause_for(fd, ms, err));
	}
	return 0;
}
