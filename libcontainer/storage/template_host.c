/* SPDX-License-Identifier: Apache-2.0 */
/* What a template of this machine has instead of this machine's own. */
#include "storage/template_host.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/fd.h"
#include "storage/host_list.h"
#include "storage/tree_file.h"

#define ACCOUNTS_MAX (16 << 20)

/* With owner, mode and times of the host's file, so that the same host gives the same template. */
static int write_file(int source_etc, int target_etc, const char *name, const char *text,
		      struct error *err)
{
	struct stat st = { .st_mode = S_IFREG | 0600 };
	cleanup_close int fd = -1;
	int r;

	fstatat(source_etc, name, &st, AT_SYMLINK_NOFOLLOW);
	fd = openat(target_etc, name, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return error_errno(err, errno, "make etc/%s", name);
	TRY(fd_write_all(fd, name, text, strlen(text), err));
	r = tree_file_copy_attributes(fd, fd, &st);
	return r < 0 ? error_errno(err, -r, "set the attributes of etc/%s", name) : 0;
}

static int write_files(int source_etc, int target_etc, const struct host_accounts *accounts,
		       struct error *err)
{
	TRY(write_file(source_etc, target_etc, "passwd", accounts->passwd, err));
	TRY(write_file(source_etc, target_etc, "shadow", accounts->shadow, err));
	TRY(write_file(source_etc, target_etc, "group", accounts->group, err));
	return write_file(source_etc, target_etc, "gshadow", accounts->gshadow, err);
}

int template_host_finish(int source, int target, struct error *err)
{
	const int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
	cleanup_host_accounts struct host_accounts accounts = { 0 };
	cleanup_close int from = openat(source, "etc", flags);
	cleanup_close int to = openat(target, "etc", flags);
	cleanup_free char *passwd = NULL;
	cleanup_free char *group = NULL;
	struct stat st;

	if (from < 0 || to < 0 || fstat(from, &st) < 0)
		return error_errno(err, errno, "open etc");
	TRY(fd_read_file(from, "passwd", ACCOUNTS_MAX, &passwd, NULL, err));
	TRY(fd_read_file(from, "group", ACCOUNTS_MAX, &group, NULL, err));
	TRY(host_list_accounts(passwd, group, &accounts, err));
	TRY(write_files(from, to, &accounts, err));
	if (futimens(to, (struct timespec[2]){ st.st_atim, st.st_mtim }) < 0)
		return error_errno(err, errno, "set the times of etc");
	return 0;
}
