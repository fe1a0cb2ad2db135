/* SPDX-License-Identifier: Apache-2.0 */
/* noargs PROGRAM: execute it without a single argument, not even its name. */
#include <unistd.h>

int main(int argc, char **argv)
{
	char *none[] = { NULL };

	if (argc > 1)
		execve(argv[1], none, none);
	return 127;
}
