/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel/lsm.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdio.h>
#include <string.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/fd.h"
#include "base/str.h"
#include "kernel/procfs.h"

bool lsm_apparmor_is_enabled(void)
{
	cleanup_free char *text = NULL;
	struct error ignored;

	return fd_read_file(AT_FDCWD, "/sys/module/apparmor/parameters/enabled", 64, &text, NULL,
			    &ignored) == 0 &&
	       text[0] == 'Y';
}

bool lsm_selinux_is_enabled(void)
{
	struct statfs fs;

	return statfs("/sys/fs/selinux", &fs) == 0 && (unsigned)fs.f_type == SELINUX_MAGIC;
}

/*
 * Write an attr file of the calling thread. Its number is asked from the procfs itself,
 * which may belong to another pid namespace than getpid.
 */
static int write_attr(int proc_fd, const char *file, const char *text, struct error *err)
{
	char self[64], path[128];
	ssize_t n = readlinkat(proc_fd, "thread-self", self, sizeof self - 1);

	if (n < 0)
		return error_errno(err, errno, "read /proc/thread-self");
	self[n] = '\0';
	if (strspn(self, "0123456789/task") != (size_t)n)
		return error_set(err, EINVAL, "/proc/thread-self is %s: not a thread", self);
	snprintf(path, sizeof path, "%s/attr/%s", self, file);
	return procfs_write(proc_fd, path, text, err);
}

int lsm_set_apparmor_exec(int proc_fd, const char *profile, struct error *err)
{
	cleanup_free char *text = NULL;
	int result;

	TRY(str_printf(&text, err, "exec %s", profile));
	result = write_attr(proc_fd, "apparmor/exec", text, err);
	if (result == -ENOENT) /* kernels before 5.8 with one module, or an unknown profile */
		result = write_attr(proc_fd, "exec", text, err);
	if (result == -ENOENT)
		return error_prefix(err, "AppArmor profile %s (is it loaded?): ", profile);
	return result < 0 ? error_prefix(err, "AppArmor profile %s: ", profile) : 0;
}

int lsm_set_selinux_exec(int proc_fd, const char *label, struct error *err)
{
	if (write_attr(proc_fd, "exec", label, err) < 0)
		return error_prefix(err, "SELinux label %s: ", label);
	return 0;
}
