/* SPDX-License-Identifier: Apache-2.0 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "kernel/rootfs.h"
#include "tenant/personalize.h"

DEFINE_CLEANUP(DIR *, closedir)

enum scrub_action {
	SCRUB_REMOVE,
	SCRUB_EMPTY, /* an empty file says "not yet known" where a missing one says something else */
	SCRUB_TREE,
};

struct scrub_rule {
	bool secret; /* not an identity: only where nothing may be passed on */
	enum scrub_action action;
	const char *directory, *pattern;
};

/* clang-format off */
static const struct scrub_rule rules[] = {
	{ false, SCRUB_EMPTY,  "/etc", "machine-id" },
	{ false, SCRUB_REMOVE, "/var/lib/dbus", "machine-id" },
	{ false, SCRUB_REMOVE, "/etc/ssh", "ssh_host_*" },
	{ false, SCRUB_REMOVE, "/var/lib/systemd", "random-seed" },
	{ false, SCRUB_REMOVE, "/var/lib/systemd", "credential.secret" },
	{ false, SCRUB_REMOVE, "/var/lib/urandom", "random-seed" },
	{ false, SCRUB_REMOVE, "/var/lib/dhcp", "*.lease*" },
	{ false, SCRUB_REMOVE, "/var/lib/NetworkManager", "*" },
	{ false, SCRUB_REMOVE, "/etc/udev/rules.d", "70-persistent-net.rules" },
	{ false, SCRUB_TREE,   "/var/lib/cloud", "instance*" },
	{ false, SCRUB_TREE,   "/var/lib/cloud", "sem" },
	{ true,  SCRUB_TREE,   "/tmp", "*" },
	{ true,  SCRUB_TREE,   "/var/tmp", "*" },
	{ true,  SCRUB_TREE,   "/var/log", "journal" },
	{ true,  SCRUB_REMOVE, "/var/log", "*" },
	{ true,  SCRUB_REMOVE, "/var/log/apt", "*" },
	{ true,  SCRUB_REMOVE, "/root/.ssh", "authorized_keys" },
	{ true,  SCRUB_REMOVE, "/root", ".*_history" },
	{ true,  SCRUB_REMOVE, "/var/cache/apt/archives", "*.deb" },
};
/* clang-format on */

static int empty_file(int dir_fd, const char *name, struct error *err)
{
	return file_replace(dir_fd, name, "", 0, 0444, err);
}

static bool is_directory(int dir_fd, const char *name)
{
	struct stat st;

	return fstatat(dir_fd, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISDIR(st.st_mode);
}

static int scrub_entry(int dir_fd, const char *name, enum scrub_action action, struct error *err)
{
	bool directory = is_directory(dir_fd, name);

	if (action == SCRUB_TREE && directory)
		return file_remove_tree(dir_fd, name, err);
	if (directory)
		return 0;
	if (action == SCRUB_EMPTY)
		return empty_file(dir_fd, name, err);
	if (unlinkat(dir_fd, name, 0) < 0 && errno != ENOENT)
		return error_errno(err, errno, "remove %s", name);
	return 0;
}

static int scrub(int root_fd, const struct scrub_rule *rule, struct error *err)
{
	cleanup_with(closedir) DIR *dir = NULL;
	struct dirent *entry;
	int fd = rootfs_open(root_fd, rule->directory, O_RDONLY | O_DIRECTORY, err);

	if (fd == -ENOENT || fd == -ENOTDIR)
		return 0;
	TRY(fd);
	dir = fdopendir(fd);
	if (!dir) {
		close(fd);
		return error_errno(err, ENOMEM, "read %s", rule->directory);
	}
	while ((entry = readdir(dir))) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0 ||
		    fnmatch(rule->pattern, entry->d_name, 0) != 0)
			continue;
		if (scrub_entry(dirfd(dir), entry->d_name, rule->action, err) < 0)
			return error_prefix(err, "%s in the guest: ", rule->directory);
	}
	return 0;
}

int personalize_scrub(int root_fd, bool secrets, struct error *err)
{
	for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
		if (secrets || !rules[i].secret)
			TRY(scrub(root_fd, &rules[i], err));
	return 0;
}
