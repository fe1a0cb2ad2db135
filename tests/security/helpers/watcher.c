/* SPDX-License-Identifier: Apache-2.0 */
/*
 * watcher NAME: wait for other processes in /proc that do not run NAME or this program yet,
 * so are still the runtime's, and try to get at their descriptors, memory and root, and to
 * attach to them. Prints "opened WHAT" for each success, and at the end, when the file /stop
 * is there, "saw N".
 */
#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *name;

/* Its name changes with execve, and anybody may read it. */
static int is_before_exec(int pid)
{
	char path[64], text[32] = "";
	int fd;
	ssize_t n;

	snprintf(path, sizeof path, "/proc/%d/comm", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	n = fd < 0 ? -1 : read(fd, text, sizeof text - 1);
	close(fd);
	if (n <= 0)
		return 0;
	text[strcspn(text, "\n")] = 0;
	return strcmp(text, name) != 0 && strcmp(text, "watcher") != 0;
}

static void report(int pid, const char *what)
{
	if (is_before_exec(pid))
		printf("opened %s\n", what);
}

static void try_files(int pid)
{
	static const char *const files[] = { "fd/0", "fd/3", "fd/4", "root",
					     "cwd",  "exe",  "mem",  "environ" };
	char path[64], text[16];

	for (unsigned i = 0; i < sizeof files / sizeof *files; i++) {
		int fd;

		snprintf(path, sizeof path, "/proc/%d/%s", pid, files[i]);
		if (i < 6 ? readlink(path, text, sizeof text) >= 0 : 0)
			report(pid, files[i]);
		fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
		if (fd >= 0 && (i < 7 || read(fd, text, sizeof text) > 0))
			report(pid, files[i]);
		close(fd);
	}
}

static void try_attach(int pid)
{
	if (ptrace(PTRACE_SEIZE, pid, 0, 0) < 0)
		return;
	report(pid, "its memory (ptrace)");
	ptrace(PTRACE_INTERRUPT, pid, 0, 0);
	waitpid(pid, NULL, __WALL);
	ptrace(PTRACE_DETACH, pid, 0, 0);
}

int main(int argc, char **argv)
{
	struct dirent *entry;
	DIR *proc = opendir("/proc");
	int saw = 0;

	if (argc < 2 || !proc)
		return 2;
	name = argv[1];
	setvbuf(stdout, NULL, _IOLBF, 0);
	printf("ready\n");
	while (access("/stop", F_OK) < 0) {
		rewinddir(proc);
		while ((entry = readdir(proc))) {
			int pid = atoi(entry->d_name);

			if (pid <= 0 || pid == getpid() || !is_before_exec(pid))
				continue;
			saw++;
			try_files(pid);
			try_attach(pid);
		}
	}
	printf("saw %d\n", saw);
	return 0;
}
