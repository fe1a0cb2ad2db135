/* SPDX-License-Identifier: Apache-2.0 */
/*
 * onpty COMMAND...: run it on a terminal of its own and copy what that shows to stdout.
 * Input that somebody types into the terminal is echoed, and so is seen there, too.
 */
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	int status = 0, master = posix_openpt(O_RDWR | O_NOCTTY);
	char text[4096];
	pid_t pid;

	if (argc < 2 || master < 0 || grantpt(master) < 0 || unlockpt(master) < 0)
		return 2;
	pid = fork();
	if (pid == 0) {
		int slave;

		setsid();
		slave = open(ptsname(master), O_RDWR);
		close(master);
		for (int i = 0; i < 3; i++)
			dup2(slave, i);
		if (slave > 2)
			close(slave);
		execvp(argv[1], argv + 1);
		_exit(127);
	}
	/* What it leaves running may keep the terminal open: its own end is the end. */
	for (int ended = 0;;) {
		struct pollfd p = { .fd = master, .events = POLLIN };
		ssize_t n = 0;

		if (poll(&p, 1, 50) > 0)
			n = read(master, text, sizeof text);
		else if (!ended)
			ended = waitpid(pid, &status, WNOHANG) == pid;
		else
			break;
		if (n < 0)
			break;
		fwrite(text, 1, (size_t)n, stdout);
	}
	fflush(stdout);
	if (kill(pid, 0) == 0)
		waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}
