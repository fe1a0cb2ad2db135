/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fds [PID [FILE]]: print a line "N TARGET" for every descriptor, or append it to FILE;
 * of its own, without those that it needs for this.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	char path[300], text[300];
	int own = argc == 1 || !strcmp(argv[1], "self");
	FILE *to = stdout;
	DIR *dir;
	struct dirent *entry;

	if (argc > 2)
		unlink(argv[2]);
	snprintf(path, sizeof path, "/proc/%s/fd", argc > 1 ? argv[1] : "self");
	dir = opendir(path);
	if (!dir)
		return 1;
	if (argc > 2 && !(to = fopen(argv[2], "ae")))
		return 1;
	while ((entry = readdir(dir))) {
		ssize_t n = readlinkat(dirfd(dir), entry->d_name, text, sizeof text - 1);

		if (n < 0)
			continue;
		if (own && (atoi(entry->d_name) == dirfd(dir) ||
		    (to != stdout && atoi(entry->d_name) == fileno(to))))
			continue;
		text[n] = 0;
		fprintf(to, "%s %s\n", entry->d_name, text);
	}
	return fclose(to);
}
