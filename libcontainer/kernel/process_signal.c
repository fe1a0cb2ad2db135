/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/str.h"
#include "kernel/process.h"

/* clang-format off */
static const struct {
	const char *name;
	int number;
} signals[] = {
	{ "HUP", SIGHUP },       { "INT", SIGINT },       { "QUIT", SIGQUIT },   { "ILL", SIGILL },
	{ "TRAP", SIGTRAP },     { "ABRT", SIGABRT },     { "IOT", SIGIOT },     { "BUS", SIGBUS },
	{ "FPE", SIGFPE },       { "KILL", SIGKILL },     { "USR1", SIGUSR1 },   { "SEGV", SIGSEGV },
	{ "USR2", SIGUSR2 },     { "PIPE", SIGPIPE },     { "ALRM", SIGALRM },   { "TERM", SIGTERM },
	{ "STKFLT", SIGSTKFLT }, { "CHLD", SIGCHLD },     { "CLD", SIGCHLD },    { "CONT", SIGCONT },
	{ "STOP", SIGSTOP },     { "TSTP", SIGTSTP },     { "TTIN", SIGTTIN },   { "TTOU", SIGTTOU },
	{ "URG", SIGURG },       { "XCPU", SIGXCPU },     { "XFSZ", SIGXFSZ },   { "VTALRM", SIGVTALRM },
	{ "PROF", SIGPROF },     { "WINCH", SIGWINCH },   { "IO", SIGIO },       { "POLL", SIGPOLL },
	{ "PWR", SIGPWR },       { "SYS", SIGSYS },
};
/* clang-format on */

/* The kernel's own bounds: the C library keeps the first two real-time signals for itself. */
enum { REALTIME_FIRST = 34, SIGNAL_LAST = 64 };

/* "RTMIN+3", "RTMAX-1" and the bare words. */
static int realtime(const char *name)
{
	int from = !strncasecmp(name, "RTMIN", 5) ? REALTIME_FIRST :
		   !strncasecmp(name, "RTMAX", 5) ? SIGNAL_LAST :
						    0;
	int sign = from == REALTIME_FIRST ? '+' : '-';
	struct error ignored;
	long long offset = 0;

	if (!from)
		return -1;
	if (name[5] &&
	    (name[5] != sign ||
	     str_to_int(name + 6, "signal", 0, SIGNAL_LAST - REALTIME_FIRST, &offset, &ignored) < 0))
		return -1;
	return from + (sign == '+' ? (int)offset : -(int)offset);
}

int process_signal_number(const char *text, int *ret, struct error *err)
{
	const char *name = strncasecmp(text, "SIG", 3) ? text : text + 3;
	struct error ignored;
	long long number;

	if (str_to_int(text, "signal", 0, SIGNAL_LAST, &number, &ignored) == 0) {
		*ret = (int)number;
		return 0;
	}
	for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
		if (!strcasecmp(name, signals[i].name)) {
			*ret = signals[i].number;
			return 0;
		}
	if (realtime(name) > 0) {
		*ret = realtime(name);
		return 0;
	}
	return error_set(err, EINVAL, "unknown signal '%.40s'", text);
}

static int reaps_by_itself(const struct sigaction *action)
{
	return action->sa_handler == SIG_IGN || action->sa_flags & SA_NOCLDWAIT;
}

void process_keep_children(struct sigaction *ret)
{
	static const struct sigaction standard = { .sa_handler = SIG_DFL };

	sigaction(SIGCHLD, NULL, ret);
	if (reaps_by_itself(ret))
		sigaction(SIGCHLD, &standard, NULL);
}

void process_restore_sigchld(struct sigaction *before)
{
	if (reaps_by_itself(before))
		sigaction(SIGCHLD, before, NULL);
}
