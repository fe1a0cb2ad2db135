/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel/self.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/path.h"
#include "kernel/mount.h"

int self_protect(char *const *argv, struct error *err)
{
	cleanup_close int own = open("/proc/self/exe", O_PATH | O_CLOEXEC);
	cleanup_close int tree = -1;
	struct statvfs fs;

	if (own < 0 || fstatvfs(own, &fs) < 0)
		return error_errno(err, errno, "open /proc/self/exe");
	if (fs.f_flag & ST_RDONLY) {
		/* The kernel has named us after the descriptor that we were executed from. */
		prctl(PR_SET_NAME, argv[0] ? path_last(argv[0]) : "ctr", 0, 0, 0);
		return 0;
	}
	tree = mount_clone(own, 0, err);
	if (tree == -EPERM)
		return 0;
	TRY(tree);
	TRY(mount_set_attributes(tree, 0, MOUNT_ATTR_RDONLY, 0, 0, err));
	execveat(tree, "", argv, environ, AT_EMPTY_PATH);
	return error_errno(err, errno, "execute a read-only clone of /proc/self/exe");
}
