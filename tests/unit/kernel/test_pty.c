/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "kernel/pty.h"

/* A devpts instance that is mounted nowhere. */
static int new_devpts(void)
{
	int fs, fd;

	if (geteuid() != 0)
		cr_skip_test("needs root: a devpts of its own");
	fs = fsopen("devpts", FSOPEN_CLOEXEC);
	cr_assert_geq(fs, 0);
	cr_assert_eq(fsconfig(fs, FSCONFIG_SET_STRING, "ptmxmode", "0666", 0), 0);
	cr_assert_eq(fsconfig(fs, FSCONFIG_CMD_CREATE, NULL, NULL, 0), 0);
	fd = fsmount(fs, FSMOUNT_CLOEXEC, 0);
	cr_assert_geq(fd, 0);
	close(fs);
	return fd;
}

static struct pty new_pty(void)
{
	struct pty pty = { -1, -1 };
	struct error err = { 0 };
	int pts = new_devpts();

	cr_assert_eq(pty_open(pts, &pty, &err), 0, "%s", err.text);
	close(pts);
	return pty;
}

Test(pty, a_terminal_comes_from_the_instance_that_was_given)
{
	struct pty pty = new_pty();
	struct stat st;
	char text[8] = "";

	cr_assert_eq(fstat(pty.slave, &st), 0);
	cr_expect(S_ISCHR(st.st_mode));
	cr_expect_eq(st.st_rdev, makedev(136, 0), "the first of a new instance");
	cr_expect_eq(write(pty.slave, "hello", 5), 5);
	cr_expect_eq(read(pty.master, text, sizeof text), 5);
	cr_expect_str_eq(text, "hello");
}

Test(pty, both_ends_close_on_exec)
{
	struct pty pty = new_pty();

	cr_expect(fcntl(pty.master, F_GETFD) & FD_CLOEXEC);
	cr_expect(fcntl(pty.slave, F_GETFD) & FD_CLOEXEC);
}

Test(pty, other_file_systems_are_refused)
{
	struct pty pty = { -1, -1 };
	struct error err = { 0 };
	int fd = open("/dev", O_PATH | O_DIRECTORY | O_CLOEXEC);

	cr_assert_geq(fd, 0);
	cr_expect_eq(pty_open(fd, &pty, &err), -ENOTSUP, "%s", err.text);
	cr_expect_eq(pty.master, -1, "outputs stay untouched");
	close(fd);
}

Test(pty, the_size_arrives_at_the_other_end)
{
	struct pty pty = new_pty();
	struct error err = { 0 };
	struct winsize size;

	cr_assert_eq(pty_set_size(pty.master, 40, 132, &err), 0);
	cr_assert_eq(ioctl(pty.slave, TIOCGWINSZ, &size), 0);
	cr_expect_eq(size.ws_row, 40);
	cr_expect_eq(size.ws_col, 132);
}

Test(pty, raw_mode_is_undone_exactly)
{
	struct termios before, raw, after;
	struct pty pty = new_pty();
	struct pty_saved saved;
	struct error err = { 0 };

	cr_assert_eq(tcgetattr(pty.slave, &before), 0);
	cr_assert_eq(pty_set_raw(pty.slave, &saved, &err), 0);
	cr_assert_eq(tcgetattr(pty.slave, &raw), 0);
	cr_expect_eq(raw.c_lflag & (ICANON | ECHO | ISIG), 0);
	pty_restore(pty.slave, &saved);
	cr_assert_eq(tcgetattr(pty.slave, &after), 0);
	cr_expect_eq(after.c_lflag, before.c_lflag);
	cr_expect_eq(after.c_iflag, before.c_iflag);
	cr_expect_eq(after.c_oflag, before.c_oflag);
}

Test(pty, raw_mode_of_a_file_is_an_error)
{
	struct pty_saved saved;
	struct error err = { 0 };
	int fd = open("/dev/null", O_RDWR | O_CLOEXEC);

	cr_expect_eq(pty_set_raw(fd, &saved, &err), -ENOTTY);
	close(fd);
}

static int control(int slave)
{
	struct error err = { 0 };
	pid_t group;

	if (pty_make_controlling(slave, &err) < 0)
		return 1;
	for (int fd = 0; fd <= 2; fd++)
		if (!isatty(fd) || fcntl(fd, F_GETFD) & FD_CLOEXEC)
			return 2;
	if (getsid(0) != getpid() || ioctl(0, TIOCGPGRP, &group) < 0 || group != getpid())
		return 3;
	return open("/dev/tty", O_RDWR | O_CLOEXEC) < 0 ? 4 : 0;
}

static int control_as_zero(int slave)
{
	if (dup3(slave, 0, O_CLOEXEC) < 0)
		return 5;
	return control(0);
}

static int in_child(int (*body)(int), int fd)
{
	int status = 0;
	pid_t pid = fork();

	if (pid == 0)
		_exit(body(fd));
	cr_assert_eq(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

Test(pty, a_session_has_it_as_terminal_and_as_standard_files)
{
	cr_expect_eq(in_child(control, new_pty().slave), 0);
	cr_expect_eq(in_child(control_as_zero, new_pty().slave), 0);
}
