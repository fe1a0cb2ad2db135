/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sys NUMBER [ARGUMENT]...: make one system call and print how it ended, as "0" or as an
 * errno name. An argument that is no number is passed as a string.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	long arguments[6] = { 0 };
	long result;

	if (argc < 2 || argc > 8)
		return 2;
	for (int i = 2; i < argc; i++) {
		char *end;

		arguments[i - 2] = (long)strtoul(argv[i], &end, 0);
		if (*end || !*argv[i])
			arguments[i - 2] = (long)argv[i];
	}
	result = syscall(strtol(argv[1], NULL, 0), arguments[0], arguments[1], arguments[2],
			 arguments[3], arguments[4], arguments[5]);
	printf("%s\n", result < 0 ? strerrorname_np(errno) : "0");
	return 0;
}
