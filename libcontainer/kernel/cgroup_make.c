/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel/cgroup_make.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/fd.h"
#include "base/path.h"
#include "kernel/cgroup.h"

/* Is `word` one of the words of `list`? */
static bool has_word(const char *list, const char *word, size_t n)
{
	for (const char *at = list; *(at += strspn(at, " \n")); at += strcspn(at, " \n"))
		if (strcspn(at, " \n") == n && memcmp(at, word, n) == 0)
			return true;
	return false;
}

static const char *why_not_enabled(int code)
{
	switch (code) {
	case ENOENT:
		return "the kernel or the parent cgroup does not offer it "
		       "(is it bound to cgroup v1?)";
	case EBUSY:
		return "the cgroup has processes of its own, which must move to a child first";
	case EOPNOTSUPP:
		return "the cgroup is threaded";
	default:
		return strerror(code);
	}
}

/* Enable `controllers` for the children of the cgroup `path`. */
static int enable_controllers(int fd, const char *path, const char *controllers, struct error *err)
{
	cleanup_free char *enabled = NULL;
	const char *word = controllers;
	size_t n;

	if (!controllers || !*controllers)
		return 0;
	TRY(cgroup_read(fd, "cgroup.subtree_control", &enabled, err));
	for (; (n = strcspn(word += strspn(word, " "), " ")); word += n) {
		char text[64];
		int result;

		if (has_word(enabled, word, n))
			continue;
		snprintf(text, sizeof text, "+%.*s", (int)n, word);
		result = fd_write_file(fd, "cgroup.subtree_control", text, err);
		if (result < 0)
			return error_set(err, -result, "enable controller %s in cgroup %s: %s",
					 text + 1, path, why_not_enabled(-result));
	}
	return 0;
}

/*
 * A descent that makes what is missing. Everything below the first directory made is
 * made too, so its parent and the path from there are all that undoing needs.
 */
struct descent {
	const char *path;
	const char *controllers;
	int fd;		/* the cgroup reached */
	bool made;	/* ... and we made it */
	int undo_fd;	/* parent of the first made one, or -1 */
	size_t undo_at; /* where its name begins in path */
};

static void descent_release(struct descent *descent)
{
	if (descent->fd >= 0)
		close(descent->fd);
	if (descent->undo_fd >= 0)
		close(descent->undo_fd);
}

/* Remove what was made, the deepest first, as far as `end`; others' cgroups keep theirs alive. */
static void undo(const struct descent *descent, size_t end)
{
	cleanup_free char *path = strndup(descent->path, end);
	char *slash;

	if (descent->undo_fd < 0 || !path)
		return;
	while (strlen(path) > descent->undo_at) {
		unlinkat(descent->undo_fd, path + descent->undo_at, AT_REMOVEDIR);
		slash = strrchr(path + descent->undo_at, '/');
		if (!slash)
			return;
		*slash = '\0';
	}
}

/* Step into `name`, made when missing. A creator that fails may remove it under our feet. */
static int step_into(struct descent *descent, const char *name, size_t at, struct error *err)
{
	int fd = -ENOENT;

	for (int tries = 0; tries < 100 && fd == -ENOENT; tries++) {
		descent->made = mkdirat(descent->fd, name, 0755) == 0;
		if (!descent->made && errno != EEXIST)
			return error_errno(err, errno, "create cgroup %.*s",
					   (int)(at + strlen(name)), descent->path);
		fd = openat(descent->fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		fd = fd < 0 ? -errno : fd;
	}
	if (fd < 0)
		return error_errno(err, -fd, "open cgroup %.*s", (int)(at + strlen(name)),
				   descent->path);
	if (descent->made && descent->undo_fd < 0) {
		descent->undo_fd = steal_fd(&descent->fd);
		descent->undo_at = at;
	} else {
		close(descent->fd);
	}
	descent->fd = fd;
	return 0;
}

/* Descend to the last part; `*reached` is how much of the path was made or found. */
static int descend(struct descent *descent, size_t *reached, struct error *err)
{
	const char *part = descent->path;
	size_t n;

	while ((n = path_next_part(&part))) {
		size_t at = (size_t)(part - descent->path);
		char name[NAME_MAX + 1], parent[PATH_MAX];

		if (n > NAME_MAX || at >= PATH_MAX)
			return error_errno(err, ENAMETOOLONG, "cgroup %s", descent->path);
		snprintf(parent, sizeof parent, "%.*s", at > 1 ? (int)at - 1 : 1, descent->path);
		snprintf(name, sizeof name, "%.*s", (int)n, part);
		TRY(enable_controllers(descent->fd, parent, descent->controllers, err));
		TRY(step_into(descent, name, at, err));
		part += n;
		*reached = at + n;
	}
	return 0;
}

int cgroup_make(int top_fd, const char *path, const char *controllers, bool *ret_made,
		struct error *err)
{
	__attribute__((__cleanup__(descent_release))) struct descent descent = {
		.path = path, .controllers = controllers, .fd = -1, .undo_fd = -1
	};
	size_t reached = 0;
	int result;

	descent.fd = openat(top_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (descent.fd < 0)
		return error_errno(err, errno, "open cgroup");
	result = descend(&descent, &reached, err);
	if (result < 0) {
		undo(&descent, reached);
		return result;
	}
	*ret_made = descent.made;
	return steal_fd(&descent.fd);
}
