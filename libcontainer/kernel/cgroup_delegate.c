/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/fd.h"
#include "kernel/cgroup_make.h"

static int give(int cgroup_fd, const char *file, uid_t uid, gid_t gid, struct error *err)
{
	/* Which of them a cgroup has depends on its controllers. */
	if (fchownat(cgroup_fd, file, uid, gid, AT_EMPTY_PATH | AT_SYMLINK_NOFOLLOW) == 0 ||
	    errno == ENOENT)
		return 0;
	return error_errno(err, errno, "give the cgroup%s%s to uid %u", *file ? "'s " : "", file,
			   uid);
}

int cgroup_delegate(int cgroup_fd, uid_t uid, gid_t gid, struct error *err)
{
	cleanup_free char *text = NULL;
	struct error ignored;
	char fallback[] = "cgroup.procs\ncgroup.subtree_control\ncgroup.threads\n";
	char *rest = fallback;

	if (fd_read_file(AT_FDCWD, "/sys/kernel/cgroup/delegate", 4096, &text, NULL, &ignored) == 0)
		rest = text;
	TRY(give(cgroup_fd, "", uid, gid, err));
	for (char *file; (file = strsep(&rest, "\n"));)
		if (*file && !strchr(file, '/'))
			TRY(give(cgroup_fd, file, uid, gid, err));
	return 0;
}
