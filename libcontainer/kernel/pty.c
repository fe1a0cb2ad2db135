/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel/pty.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>
#include <termios.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "kernel/syscalls.h"

_Static_assert(sizeof(struct termios) <= sizeof(struct pty_saved), "pty_saved is too small");

/* A ptmx that is anything else could lead our writes to another file. */
static int open_ptmx(int pts_fd, struct error *err)
{
	struct open_how how = {
		.flags = O_RDWR | O_NOCTTY | O_NOFOLLOW | O_CLOEXEC,
		.resolve = RESOLVE_NO_SYMLINKS | RESOLVE_NO_XDEV | RESOLVE_NO_MAGICLINKS,
	};
	cleanup_close int fd = -1;
	struct statfs fs;
	struct stat st;

	/* Before the open: on another file system the name could be a FIFO. */
	if (fstatfs(pts_fd, &fs) < 0)
		return error_errno(err, errno, "stat devpts");
	if (fs.f_type != DEVPTS_SUPER_MAGIC)
		return error_set(err, ENOTSUP, "open ptmx: the directory is not a devpts mount");
	fd = (int)sys_openat2(pts_fd, "ptmx", &how);
	if (fd < 0 || fstat(fd, &st) < 0)
		return error_errno(err, errno, "open ptmx in devpts");
	if (!S_ISCHR(st.st_mode) || st.st_rdev != makedev(5, 2))
		return error_set(err, ENOTSUP, "open ptmx in devpts: it is not the device 5:2");
	return steal_fd(&fd);
}

int pty_open(int pts_fd, struct pty *ret, struct error *err)
{
	cleanup_close int master = open_ptmx(pts_fd, err);
	int slave, unlock = 0;

	TRY(master);
	if (ioctl(master, TIOCSPTLCK, &unlock) < 0)
		return error_errno(err, errno, "unlock terminal");
	slave = ioctl(master, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (slave < 0)
		return error_errno(err, errno, "open the terminal's other end");
	ret->slave = slave;
	ret->master = steal_fd(&master);
	return 0;
}

int pty_name(int master, char ret[PTY_NAME_SIZE], struct error *err)
{
	unsigned number;

	if (ioctl(master, TIOCGPTN, &number) < 0)
		return error_errno(err, errno, "find the terminal's name");
	snprintf(ret, PTY_NAME_SIZE, "/dev/pts/%u", number);
	return 0;
}

int pty_set_size(int fd, unsigned short rows, unsigned short columns, struct error *err)
{
	struct winsize size = { .ws_row = rows, .ws_col = columns };

	if (ioctl(fd, TIOCSWINSZ, &size) < 0)
		return error_errno(err, errno, "set terminal size to %ux%u", rows, columns);
	return 0;
}

int pty_make_controlling(int slave, struct error *err)
{
	/* A leader already: fine, its session has no terminal yet. */
	if (setsid() < 0 && getsid(0) != getpid())
		return error_errno(err, errno, "begin a session");
	if (ioctl(slave, TIOCSCTTY, 0) < 0)
		return error_errno(err, errno, "make it the controlling terminal");
	for (int fd = 0; fd <= 2; fd++) {
		/* dup2 onto itself would leave it close-on-exec. */
		int result = fd == slave ? fcntl(fd, F_SETFD, 0) : dup2(slave, fd);

		if (result < 0)
			return error_errno(err, errno, "put the terminal on descriptor %d", fd);
	}
	return 0;
}

int pty_set_raw(int fd, struct pty_saved *saved, struct error *err)
{
	struct termios before, raw;

	if (tcgetattr(fd, &before) < 0)
		return error_errno(err, errno, "read terminal settings");
	raw = before;
	cfmakeraw(&raw);
	if (tcsetattr(fd, TCSANOW, &raw) < 0)
		return error_errno(err, errno, "set terminal to raw mode");
	memcpy(saved->bytes, &before, sizeof before);
	return 0;
}

void pty_restore(int fd, const struct pty_saved *saved)
{
	struct termios before;

	memcpy(&before, saved->bytes, sizeof before);
	tcsetattr(fd, TCSANOW, &before);
}
