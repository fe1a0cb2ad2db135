/* SPDX-License-Identifier: Apache-2.0 */
#include "tenant/personalize.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/fd.h"
#include "base/file.h"
#include "base/str.h"
#include "kernel/rootfs.h"
#include "tenant/id_range.h"
#include "tenant/personalize_text.h"

#define GUEST_FILE_MAX (16u << 20)
#define SEED	       "/var/lib/cloud/seed/nocloud"

/* The text of a guest's file; `*ret` stays NULL when there is none. */
static int read_file(int root_fd, const char *path, char **ret, struct error *err)
{
	cleanup_close int fd = rootfs_open(root_fd, path, O_RDONLY | O_NONBLOCK | O_NOCTTY, err);

	if (fd == -ENOENT)
		return 0;
	TRY(fd);
	return fd_read_all(fd, path, GUEST_FILE_MAX, ret, NULL, err);
}

static bool is_symlink(int root_fd, const char *path)
{
	struct error ignored;
	cleanup_close int fd = rootfs_open_nofollow(root_fd, path, O_PATH, &ignored);
	struct stat st;

	return fd == -ELOOP || (fd >= 0 && fstat(fd, &st) == 0 && S_ISLNK(st.st_mode));
}

/* An existing file keeps its mode, so that nobody reads what they could not read before. */
static mode_t mode_of(int dir_fd, const char *name, mode_t otherwise)
{
	struct stat st;

	if (fstatat(dir_fd, name, &st, AT_SYMLINK_NOFOLLOW) < 0 || !S_ISREG(st.st_mode))
		return otherwise;
	return st.st_mode & 0777;
}

struct owner {
	uid_t uid;
	gid_t gid;
};
static const struct owner root_owner;

/* Replace a file as a whole; a symlink at its name is replaced, not followed. */
static int write_file(int root_fd, const char *path, const char *text, mode_t mode,
		      struct owner owner, struct error *err)
{
	cleanup_close int parent = -1;
	const char *name;

	parent = rootfs_open_parent(root_fd, path, &name, err);
	TRY(parent);
	if (file_replace(parent, name, text, strlen(text), mode_of(parent, name, mode), err) < 0)
		return error_prefix(err, "%s in the guest: ", path);
	if ((owner.uid || owner.gid) &&
	    fchownat(parent, name, owner.uid, owner.gid, AT_SYMLINK_NOFOLLOW) < 0)
		return error_errno(err, errno, "%s in the guest: chown", path);
	return 0;
}

static int set_hostname(int root_fd, const char *hostname, struct error *err)
{
	cleanup_free char *hosts = NULL, *new_hosts = NULL, *line = NULL;

	TRY(str_printf(&line, err, "%s\n", hostname));
	TRY(write_file(root_fd, "/etc/hostname", line, 0644, root_owner, err));
	TRY(read_file(root_fd, "/etc/hosts", &hosts, err));
	TRY(personalize_text_hosts(hosts, hostname, &new_hosts, err));
	return write_file(root_fd, "/etc/hosts", new_hosts, 0644, root_owner, err);
}

static int make_directory(int root_fd, const char *path, mode_t mode, struct owner owner,
			  struct error *err)
{
	cleanup_close int fd = rootfs_make_directory(root_fd, path, mode, err);

	TRY(fd);
	if (fchownat(fd, "", owner.uid, owner.gid, AT_EMPTY_PATH) < 0)
		return error_errno(err, errno, "%s in the guest: chown", path);
	return 0;
}

static const char *find_shell(int root_fd)
{
	struct error ignored;
	cleanup_close int fd = rootfs_open(root_fd, "/bin/bash", O_PATH, &ignored);

	return fd >= 0 ? "/bin/bash" : "/bin/sh";
}

static int add_user(int root_fd, const char *passwd, const char *user, struct personalize_user *ret,
		    struct error *err)
{
	cleanup_free char *group = NULL, *new_passwd = NULL, *new_group = NULL;
	uint32_t id;

	TRY(read_file(root_fd, "/etc/group", &group, err));
	TRY(personalize_text_free_id(passwd, group, &id, err));
	TRY(personalize_text_add_user(passwd, user, id, find_shell(root_fd), &new_passwd, err));
	TRY(personalize_text_add_group(group, user, id, &new_group, err));
	/* A line of the guest's that is no line of passwd(5) stands before ours. */
	if (!personalize_text_find_user(new_passwd, user, ret))
		return error_set(err, EINVAL,
				 "the guest's /etc/passwd has a damaged line for %s (mend it in the "
				 "template, or choose another name)",
				 user);
	TRY(write_file(root_fd, "/etc/group", new_group, 0644, root_owner, err));
	TRY(write_file(root_fd, "/etc/passwd", new_passwd, 0644, root_owner, err));
	return make_directory(root_fd, ret->home, 0700, (struct owner){ id, id }, err);
}

static int set_password(int root_fd, const char *user, const char *hash, struct error *err)
{
	cleanup_free char *shadow = NULL, *new_shadow = NULL;

	TRY(personalize_text_check_hash(hash, err));
	TRY(read_file(root_fd, "/etc/shadow", &shadow, err));
	TRY(personalize_text_shadow(shadow, user, hash, &new_shadow, err));
	return write_file(root_fd, "/etc/shadow", new_shadow, 0600, root_owner, err);
}

static int set_keys(int root_fd, const struct personalize_user *user, const char *keys,
		    struct error *err)
{
	const struct owner owner = { user->uid, user->gid };
	cleanup_free char *directory = NULL, *file = NULL;

	TRY(str_printf(&directory, err, "%s/.ssh", user->home));
	TRY(str_printf(&file, err, "%s/authorized_keys", directory));
	TRY(make_directory(root_fd, directory, 0700, owner, err));
	return write_file(root_fd, file, keys, 0600, owner, err);
}

static int set_account(int root_fd, const struct personalize_account *account, struct error *err)
{
	cleanup_free char *passwd = NULL;
	struct personalize_user user;
	const char *hash = account->hash;

	TRY(personalize_text_check_user(account->user, err));
	TRY(read_file(root_fd, "/etc/passwd", &passwd, err));
	if (!personalize_text_find_user(passwd, account->user, &user)) {
		TRY(add_user(root_fd, passwd, account->user, &user, err));
		hash = hash ? hash : "!";
	}
	if (user.uid >= ID_RANGE_SIZE || user.gid >= ID_RANGE_SIZE)
		return error_set(err, EINVAL, "user %s has ids in the guest that no tenant has",
				 account->user);
	if (hash)
		TRY(set_password(root_fd, account->user, hash, err));
	return account->authorized_keys ? set_keys(root_fd, &user, account->authorized_keys, err) :
					  0;
}

/* cloud-init's NoCloud source, for guests that have it or are given user data. */
static int write_seed(int root_fd, const struct personalize *p, struct error *err)
{
	struct error ignored;
	cleanup_close int cloud =
		rootfs_open(root_fd, "/etc/cloud", O_PATH | O_DIRECTORY, &ignored);
	cleanup_free char *meta = NULL;

	if (cloud < 0 && !p->user_data)
		return 0;
	TRY(str_printf(&meta, err, "instance-id: %s\n%s%s%s", p->uuid,
		       p->hostname ? "local-hostname: " : "", p->hostname ? p->hostname : "",
		       p->hostname ? "\n" : ""));
	TRY(write_file(root_fd, SEED "/meta-data", meta, 0600, root_owner, err));
	return write_file(root_fd, SEED "/user-data",
			  p->user_data ? p->user_data : "#cloud-config\n", 0600, root_owner, err);
}

/* Debian's sshd makes its keys when it is installed and never again. */
static int renew_host_keys(int root_fd, struct error *err)
{
	static const char drop_in[] = "[Service]\n"
				      "ExecStartPre=\n"
				      "ExecStartPre=/usr/bin/ssh-keygen -A\n"
				      "ExecStartPre=/usr/sbin/sshd -t\n";
	struct error ignored;
	cleanup_close int unit =
		rootfs_open(root_fd, "/usr/lib/systemd/system/ssh.service", O_PATH, &ignored);

	if (unit < 0)
		return 0;
	/* The list is emptied first: the unit's own entry refuses to go on without keys. */
	return write_file(root_fd, "/etc/systemd/system/ssh.service.d/host-keys.conf", drop_in,
			  0644, root_owner, err);
}

int personalize_apply(int root_fd, const struct personalize *p, struct error *err)
{
	if (!p->keep_identity) {
		TRY(personalize_scrub(root_fd, false, err));
		TRY(renew_host_keys(root_fd, err));
	}
	if (p->hostname)
		TRY(set_hostname(root_fd, p->hostname, err));
	if (p->resolv_conf && !is_symlink(root_fd, "/etc/resolv.conf"))
		TRY(write_file(root_fd, "/etc/resolv.conf", p->resolv_conf, 0644, root_owner, err));
	for (size_t i = 0; i < p->n_accounts; i++)
		TRY(set_account(root_fd, &p->accounts[i], err));
	return p->uuid ? write_seed(root_fd, p, err) : 0;
}
