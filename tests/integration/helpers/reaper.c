/* SPDX-License-Identifier: Apache-2.0 */
/*
 * reaper COMMAND [ARGUMENT]...: become a subreaper, run the command and print "command N"
 * with its status; then wait for every process that was left to us and print
 * "left PID STATUS" for each. With an environment variable REAPER_THEN, run that through
 * sh in between.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static int to_status(int status)
{
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int main(int argc, char **argv)
{
	const char *then = getenv("REAPER_THEN");
	int status, pid, child;

	if (argc < 2 || prctl(PR_SET_CHILD_SUBREAPER, 1) < 0)
		return 2;
	setvbuf(stdout, NULL, _IOLBF, 0);
	child = fork();
	if (child == 0) {
		unsetenv("REAPER_THEN");
		execvp(argv[1], argv + 1);
		_exit(127);
	}
	waitpid(child, &status, 0);
	printf("command %d\n", to_status(status));
	if (then && system(then) != 0)
		printf("REAPER_THEN failed\n");
	while ((pid = wait(&status)) > 0)
		printf("left %d %d\n", pid, to_status(status));
	return 0;
}
