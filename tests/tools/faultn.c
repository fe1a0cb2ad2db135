/* SPDX-License-Identifier: Apache-2.0 */
/*
 * faultn MODE N [WORDS] -- COMMAND [ARGUMENT]...: one fault at the Nth system call that
 * COMMAND or any of its children enters, counted over all of them.
 *
 *	count 0			no fault, only the total
 *	kill N			SIGKILL to the caller
 *	killall N		SIGKILL to every traced process, as an out-of-memory group kill does
 *	errno N NAME		the call is not made and fails with NAME (ENOSPC ...); close is made, as
 *				it never fails without closing, and brk fails in its own way
 *	signal N NUMBER		the signal to COMMAND itself, at whosever call
 *	swap N A B		the names A and B change places just before the call
 *	do N SCRIPT		sh -c SCRIPT runs to its end while the caller stands still
 *
 * The last line on standard error, or in the file FAULTN_LOG, is "faultn: total=T hit=H call=C
 * by=root|child". The status is COMMAND's, or 128 + the signal that ended it. faultn ends when
 * COMMAND does: whoever is left runs on untraced, so no orphan is hidden. x86_64 only.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#define N_PIDS_MAX 4096
#define TRACE_OPTIONS                                                                   \
	(PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK |              \
	 PTRACE_O_TRACECLONE | PTRACE_O_TRACEEXEC)

struct run {
	unsigned long wanted, total;
	long call;     /* the number of the call that was hit; -1: none */
	pid_t root;    /* COMMAND */
	pid_t caller;  /* who made it */
	pid_t failing; /* its call gets its result when it returns */
	bool counting; /* not before COMMAND's execve */
	char **word;
	void (*hit)(struct run *run, pid_t pid);
	int error; /* what the call returns */
	size_t n_pids;
	pid_t pids[N_PIDS_MAX];
};

static _Noreturn void die(const char *what)
{
	fprintf(stderr, "faultn: %s: %s\n", what, strerror(errno));
	exit(125);
}

/* --- the faults ---------------------------------------------------------------- */

static void hit_nothing(struct run *run, pid_t pid)
{
	(void)run;
	(void)pid;
}

static void hit_kill(struct run *run, pid_t pid)
{
	(void)run;
	kill(pid, SIGKILL);
}

static void hit_killall(struct run *run, pid_t pid)
{
	(void)pid;
	for (size_t i = 0; i < run->n_pids; i++)
		kill(run->pids[i], SIGKILL);
}

static void hit_errno(struct run *run, pid_t pid)
{
	struct user_regs_struct regs;

	run->failing = pid;
	if (run->call == SYS_close)
		return;
	if (ptrace(PTRACE_GETREGS, pid, NULL, &regs) < 0)
		die("read registers");
	regs.orig_rax = (unsigned long long)-1;
	if (ptrace(PTRACE_SETREGS, pid, NULL, &regs) < 0)
		die("write registers");
}

static void hit_signal(struct run *run, pid_t pid)
{
	(void)pid;
	kill(run->root, atoi(run->word[0]));
}

static void hit_swap(struct run *run, pid_t pid)
{
	(void)pid;
	if (syscall(SYS_renameat2, AT_FDCWD, run->word[0], AT_FDCWD, run->word[1],
		    RENAME_EXCHANGE) < 0)
		die("swap");
}

/* Its end is awaited by pid, so that no tracee's stop is eaten. */
static void hit_do(struct run *run, pid_t pid)
{
	pid_t child = fork();
	int status;

	(void)pid;
	if (child == 0) {
		execl("/bin/sh", "sh", "-c", run->word[0], (char *)NULL);
		_exit(127);
	}
	waitpid(child, &status, 0);
}

static const struct {
	const char *name;
	int n_words;
	void (*hit)(struct run *run, pid_t pid);
} modes[] = {
	{ "count", 0, hit_nothing }, { "kill", 0, hit_kill },	  { "killall", 0, hit_killall },
	{ "errno", 1, hit_errno },   { "signal", 1, hit_signal }, { "swap", 2, hit_swap },
	{ "do", 1, hit_do },
};

static int error_of_name(const char *name)
{
	for (int i = 1; i < 4096; i++) {
		const char *known = strerrorname_np(i);

		if (known && strcmp(known, name) == 0)
			return i;
	}
	errno = EINVAL;
	die(name);
}

/* --- following the tree ---------------------------------------------------------- */

static void remember(struct run *run, pid_t pid)
{
	for (size_t i = 0; i < run->n_pids; i++)
		if (run->pids[i] == pid)
			return;
	if (run->n_pids < N_PIDS_MAX)
		run->pids[run->n_pids++] = pid;
}

static void forget(struct run *run, pid_t pid)
{
	for (size_t i = 0; i < run->n_pids; i++)
		if (run->pids[i] == pid)
			run->pids[i] = run->pids[--run->n_pids];
}

static void return_error(struct run *run, pid_t pid)
{
	struct user_regs_struct regs;

	run->failing = 0;
	if (ptrace(PTRACE_GETREGS, pid, NULL, &regs) < 0)
		return;
	regs.rax = run->call == SYS_brk ? 0 : (unsigned long long)-run->error;
	ptrace(PTRACE_SETREGS, pid, NULL, &regs);
}

static void at_system_call(struct run *run, pid_t pid)
{
	struct __ptrace_syscall_info info;

	if (ptrace(PTRACE_GET_SYSCALL_INFO, pid, sizeof info, &info) < 0)
		return; /* killed meanwhile */
	if (info.op == PTRACE_SYSCALL_INFO_EXIT && pid == run->failing)
		return_error(run, pid);
	if (info.op != PTRACE_SYSCALL_INFO_ENTRY || !run->counting || ++run->total != run->wanted)
		return;
	run->call = (long)info.entry.nr;
	run->caller = pid;
	run->hit(run, pid);
}

/* Let `pid` go on after the stop that `status` tells of. */
static void at_stop(struct run *run, pid_t pid, int status)
{
	int signal = WSTOPSIG(status), event = status >> 16;
	int how = PTRACE_SYSCALL;

	remember(run, pid);
	if (event == PTRACE_EVENT_STOP && signal != SIGTRAP)
		how = PTRACE_LISTEN; /* a group stop: it stays stopped */
	if (event == PTRACE_EVENT_EXEC)
		run->counting = true;
	if (signal == (SIGTRAP | 0x80))
		at_system_call(run, pid);
	if (event || signal == (SIGTRAP | 0x80))
		signal = 0;
	ptrace(how, pid, NULL, signal);
}

static int follow(struct run *run)
{
	int status;

	for (;;) {
		pid_t pid = waitpid(-1, &status, __WALL);

		if (pid < 0 && errno == EINTR)
			continue;
		if (pid < 0)
			die("wait");
		if (WIFSTOPPED(status)) {
			at_stop(run, pid, status);
			continue;
		}
		forget(run, pid);
		if (pid == run->root)
			return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
	}
}

/* The child waits for its tracer before it becomes COMMAND. */
static pid_t begin(char **command)
{
	int gate[2];
	char byte;
	pid_t pid;

	if (pipe2(gate, O_CLOEXEC) < 0)
		die("pipe");
	pid = fork();
	if (pid < 0)
		die("fork");
	if (pid == 0) {
		close(gate[1]);
		if (read(gate[0], &byte, 1) == 1)
			execvp(command[0], command);
		_exit(127);
	}
	if (ptrace(PTRACE_SEIZE, pid, NULL, TRACE_OPTIONS) < 0)
		die("seize");
	/* Without this the first system call would pass before the tracer sees it. */
	ptrace(PTRACE_INTERRUPT, pid, NULL, NULL);
	if (write(gate[1], "", 1) != 1)
		die("open the gate");
	close(gate[0]);
	close(gate[1]);
	return pid;
}

static void report(const struct run *run)
{
	const char *path = getenv("FAULTN_LOG");
	FILE *file = path ? fopen(path, "ae") : stderr;

	if (!file)
		die(path);
	fprintf(file, "faultn: total=%lu hit=%lu call=%ld by=%s\n", run->total,
		run->call < 0 ? 0 : run->wanted, run->call,
		run->caller == run->root ? "root" : "child");
	fclose(file);
}

int main(int argc, char **argv)
{
	static struct run run = { .call = -1 };
	size_t m = 0;
	int status;

	while (argc > 1 && m < sizeof modes / sizeof *modes && strcmp(argv[1], modes[m].name) != 0)
		m++;
	if (argc < 5 || m == sizeof modes / sizeof *modes || argc < 5 + modes[m].n_words ||
	    strcmp(argv[3 + modes[m].n_words], "--") != 0) {
		fputs("usage: faultn count|kill|killall|errno|signal|swap|do N [WORDS] "
		      "-- COMMAND [ARGUMENT]...\n", stderr);
		return 125;
	}
	run.wanted = strtoul(argv[2], NULL, 10);
	run.word = argv + 3;
	run.hit = modes[m].hit;
	if (run.hit == hit_errno)
		run.error = error_of_name(run.word[0]);
	run.root = begin(argv + 4 + modes[m].n_words);
	status = follow(&run);
	report(&run);
	return status;
}
