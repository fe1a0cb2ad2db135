/* SPDX-License-Identifier: Apache-2.0 */
#include "archive_confine.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/mount.h>
#include <seccomp.h>
#include <sys/capability.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "kernel/mount.h"

#define MEMORY_MAX (UINT64_C(1) << 30) /* more than what the largest window of zstd -19 takes */

/* What changing owners, modes, attributes and whiteouts of any file takes. */
static const cap_value_t kept[] = {
	CAP_CHOWN,   CAP_DAC_OVERRIDE, CAP_FOWNER, CAP_FSETID,
	CAP_SETFCAP, CAP_SYS_ADMIN, /* for trusted.overlay.opaque; the system calls for more are not allowed */
};

static const int calls[] = {
	/* clang-format off */
	SCMP_SYS(read), SCMP_SYS(pread64), SCMP_SYS(write), SCMP_SYS(pwrite64), SCMP_SYS(lseek),
	SCMP_SYS(close), SCMP_SYS(openat), SCMP_SYS(openat2), SCMP_SYS(fstat), SCMP_SYS(newfstatat),
	SCMP_SYS(statx), SCMP_SYS(getdents64), SCMP_SYS(readlinkat), SCMP_SYS(fcntl),
	SCMP_SYS(mkdirat), SCMP_SYS(mknodat), SCMP_SYS(symlinkat), SCMP_SYS(linkat),
	SCMP_SYS(unlinkat), SCMP_SYS(renameat), SCMP_SYS(renameat2), SCMP_SYS(ftruncate), SCMP_SYS(fallocate),
	SCMP_SYS(fchown), SCMP_SYS(fchownat), SCMP_SYS(fchmod), SCMP_SYS(fchmodat),
	SCMP_SYS(utimensat), SCMP_SYS(fsync), SCMP_SYS(fadvise64),
	SCMP_SYS(fsetxattr), SCMP_SYS(fgetxattr), SCMP_SYS(flistxattr), SCMP_SYS(fremovexattr),
	SCMP_SYS(sendmsg), SCMP_SYS(getrandom), SCMP_SYS(clock_gettime), SCMP_SYS(getpid),
	SCMP_SYS(gettid), SCMP_SYS(tgkill), SCMP_SYS(rt_sigprocmask), SCMP_SYS(rt_sigaction),
	SCMP_SYS(rt_sigreturn), SCMP_SYS(futex), SCMP_SYS(brk), SCMP_SYS(mmap), SCMP_SYS(munmap),
	SCMP_SYS(mremap), SCMP_SYS(madvise), SCMP_SYS(mprotect), SCMP_SYS(exit),
	SCMP_SYS(exit_group), SCMP_SYS(restart_syscall),
	SCMP_SYS(sysinfo), /* qsort(3) asks how much memory there is */
	/* clang-format on */
};

static int enter_nowhere(struct error *err)
{
	cleanup_close int fd = mount_new(
		"tmpfs", "none", NULL, 0,
		MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC, err);

	TRY(fd);
	if (fchdir(fd) < 0 || chroot(".") < 0)
		return error_errno(err, errno, "enter an empty root");
	return 0;
}

/* A directory's clone ends where it begins: its ".." is itself. Other files are left as they are. */
static int separate(int fd, uint64_t attributes, struct error *err)
{
	cleanup_close int tree = -1;
	struct stat st;
	int ret;

	if (fstat(fd, &st) < 0)
		return error_errno(err, errno, "look at descriptor %d", fd);
	if (!S_ISDIR(st.st_mode))
		return fd;
	tree = mount_clone(fd, 0, err);
	TRY(tree);
	TRY(mount_set_attributes(tree, 0, attributes, 0, 0, err));
	ret = openat(tree, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (ret < 0)
		return error_errno(err, errno, "open descriptor %d anew", fd);
	close(fd);
	return ret;
}

static int separate_all(struct archive_job *job, struct error *err)
{
	const uint64_t plain = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC;

	job->source = separate(ARCHIVE_SOURCE_FD, plain | MOUNT_ATTR_RDONLY, err);
	TRY(job->source);
	if (job->mode == ARCHIVE_DIGEST)
		return 0;
	job->target = separate(ARCHIVE_TARGET_FD, plain, err);
	return job->target < 0 ? job->target : 0;
}

static int set_limits(const struct archive_job *job, struct error *err)
{
	const struct rlimit memory = { MEMORY_MAX, MEMORY_MAX }, core = { 0, 0 };
	const struct rlimit file = { job->max_bytes, job->max_bytes };

	if (setrlimit(RLIMIT_AS, &memory) < 0 || setrlimit(RLIMIT_CORE, &core) < 0 ||
	    (job->max_bytes && setrlimit(RLIMIT_FSIZE, &file) < 0))
		return error_errno(err, errno, "limit resources");
	return 0;
}

static void release_caps(void *caps)
{
	cap_free(caps);
}
DEFINE_CLEANUP(cap_t, release_caps)

static int drop_capabilities(struct error *err)
{
	cleanup_with(release_caps) cap_t caps = cap_init();
	const int n = sizeof kept / sizeof *kept;

	for (cap_value_t cap = 0; CAP_IS_SUPPORTED(cap); cap++)
		cap_drop_bound(cap);
	if (!caps || cap_set_flag(caps, CAP_PERMITTED, n, kept, CAP_SET) < 0 ||
	    cap_set_flag(caps, CAP_EFFECTIVE, n, kept, CAP_SET) < 0 || cap_set_proc(caps) < 0)
		return error_errno(err, errno, "drop capabilities (root is needed)");
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return error_errno(err, errno, "set no_new_privs");
	return 0;
}

static int filter_calls(struct error *err)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_KILL_PROCESS);
	int r = filter ? 0 : -ENOMEM;

	for (size_t i = 0; r == 0 && i < sizeof calls / sizeof *calls; i++)
		r = seccomp_rule_add(filter, SCMP_ACT_ALLOW, calls[i], 0);
	if (r == 0)
		r = seccomp_load(filter);
	seccomp_release(filter);
	return r < 0 ? error_errno(err, -r, "filter system calls") : 0;
}

int archive_confine(struct archive_job *job, struct error *err)
{
	TRY(separate_all(job, err));
	TRY(enter_nowhere(err));
	TRY(set_limits(job, err));
	TRY(drop_capabilities(err));
	return filter_calls(err);
}
