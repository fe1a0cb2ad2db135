/* SPDX-License-Identifier: Apache-2.0 */
/*
 * forker N: make N processes of sessions of their own, forked twice, deaf to every signal
 * that can be ignored, some stopped, and some in cgroups below the own one when there is a
 * writable /sys/fs/cgroup; print "ready" and wait for ever.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static void move(int i)
{
	char path[128];
	int fd;

	snprintf(path, sizeof path, "/sys/fs/cgroup/sub%d", i % 5);
	mkdir(path, 0755);
	snprintf(path, sizeof path, "/sys/fs/cgroup/sub%d/below", i % 5);
	mkdir(path, 0755);
	snprintf(path, sizeof path, "/sys/fs/cgroup/sub%d/below/cgroup.procs", i % 5);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd >= 0 && write(fd, "0", 1) == 1)
		close(fd);
}

int main(int argc, char **argv)
{
	int n = argc > 1 ? atoi(argv[1]) : 10;

	for (int i = 0; i < n; i++) {
		pid_t pid = fork();

		if (pid > 0)
			waitpid(pid, NULL, 0);
		if (pid != 0)
			continue;
		setsid();
		if (fork() != 0)
			_exit(0);
		for (int s = 1; s < NSIG; s++)
			signal(s, SIG_IGN);
		move(i);
		if (i % 7 == 0)
			raise(SIGSTOP);
		for (;;)
			pause();
	}
	printf("ready\n");
	fflush(stdout);
	for (;;)
		pause();
}
