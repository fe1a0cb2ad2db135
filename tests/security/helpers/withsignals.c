/* SPDX-License-Identifier: Apache-2.0 */
/*
 * withsignals COMMAND...: run it as a careless caller would: with signals blocked and
 * ignored, nice, with an unusual umask and limits.
 */
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	const int ignored[] = { SIGINT, SIGPIPE, SIGUSR1, SIGHUP, SIGRTMAX };
	struct rlimit core = { 12345, RLIM_INFINITY };
	sigset_t blocked;

	if (argc < 2)
		return 2;
	for (unsigned i = 0; i < sizeof ignored / sizeof *ignored; i++)
		signal(ignored[i], SIG_IGN);
	sigemptyset(&blocked);
	sigaddset(&blocked, SIGTERM);
	sigaddset(&blocked, SIGUSR2);
	sigaddset(&blocked, SIGRTMIN + 3);
	sigprocmask(SIG_BLOCK, &blocked, NULL);
	umask(077);
	getrlimit(RLIMIT_CORE, &core);
	core.rlim_cur = core.rlim_max < 12345 ? core.rlim_max : 12345;
	setrlimit(RLIMIT_CORE, &core);
	execvp(argv[1], argv + 1);
	return 127;
}
