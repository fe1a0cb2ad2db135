/* SPDX-License-Identifier: Apache-2.0 */
/*
 * exe_writer SECONDS DEVICE INODE: look at the executables of all processes, over and over,
 * and try to get one open for writing. Prints "seen" for the first one that is the file
 * with this inode, and "writable" when that file or any other can be opened so.
 * Nothing is written.
 */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { KEPT = 64 };

static struct {
	unsigned long device, inode;
	int kept[KEPT], n;
	int seen, last_error;
} w;

static void keep(int pid)
{
	char path[64];
	struct stat st;
	int fd;

	snprintf(path, sizeof path, "/proc/%d/exe", pid);
	fd = open(path, O_PATH | O_CLOEXEC);
	if (fd < 0)
		return;
	if (fstat(fd, &st) < 0 || st.st_ino != w.inode ||
	    (w.device && st.st_dev != w.device) || w.n == KEPT) {
		close(fd);
		return;
	}
	if (!w.seen++)
		printf("seen\n");
	w.kept[w.n++] = fd;
}

static void try_all(void)
{
	char path[64];

	for (int i = 0; i < w.n; i++) {
		snprintf(path, sizeof path, "/proc/self/fd/%d", w.kept[i]);
		if (open(path, O_WRONLY | O_CLOEXEC) >= 0) {
			printf("writable\n");
			exit(0);
		}
		if (errno != ETXTBSY && errno != w.last_error)
			printf("%s\n", strerrorname_np(w.last_error = errno));
	}
}

int main(int argc, char **argv)
{
	time_t end = time(NULL) + (argc > 3 ? atoi(argv[1]) : 0);
	DIR *proc = opendir("/proc");
	struct dirent *entry;

	if (argc < 4 || !proc)
		return 2;
	w.device = strtoul(argv[2], NULL, 0);
	w.inode = strtoul(argv[3], NULL, 0);
	setvbuf(stdout, NULL, _IOLBF, 0);
	printf("ready\n");
	while (time(NULL) <= end) {
		rewinddir(proc);
		while ((entry = readdir(proc)))
			if (isdigit(*entry->d_name) && atoi(entry->d_name) != getpid())
				keep(atoi(entry->d_name));
		try_all();
	}
	printf("done\n");
	return 0;
}
