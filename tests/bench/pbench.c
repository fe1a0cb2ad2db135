/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Time commands against each other: pbench ROUNDS WARM-UPS <SCRIPT. Each round runs every
 * line of the script once, in order, so that whatever else the machine does meets them
 * all alike. Lines are
 *
 *   time LABEL COMMAND ARG...   measured, under a label
 *   also COMMAND ARG...         run, not measured
 *   reap                        wait for what the commands have left to us
 *
 * "%d" in an argument is the round's number. One row a label is printed, separated by
 * tabs: label, median processor time in us (user and system, of the command and all
 * children it waited for), shortest and median wall time in us, peak resident set in KB,
 * and how many runs failed.
 *
 * Link it statically: until its execve a child shares our memory, and the kernel counts
 * our resident set as the child's peak.
 */
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define LINES_MAX     64
#define ARGS_MAX      64
#define ARG_BYTES     512
#define FIRST_ROUND   1000 /* so that the numbers have equal lengths */
#define REAP_PAUSE_US 100
#define REAP_TRIES    20000

extern char **environ;

enum kind { KIND_TIME, KIND_ALSO, KIND_REAP };

struct line {
	enum kind kind;
	const char *label;
	char *args[ARGS_MAX];
	int n_args;
	float *cpu_us, *wall_us; /* one per measured round */
	int n, n_failed;
	long peak_kb;
};

static struct line *read_script(int rounds, int *ret_n)
{
	static const char *const words[] = { "time", "also", "reap" };
	struct line *lines = calloc(LINES_MAX, sizeof *lines);
	char *text = NULL;
	size_t size = 0;
	int n = 0;

	while (lines && n < LINES_MAX && getline(&text, &size, stdin) > 0) {
		struct line *line = &lines[n];
		char *word = strtok(strdup(text), " \n");

		if (!word || *word == '#')
			continue;
		while (line->kind < KIND_REAP && strcmp(word, words[line->kind]))
			line->kind++;
		if (line->kind == KIND_TIME)
			line->label = strtok(NULL, " \n");
		while (line->n_args < ARGS_MAX - 1 && (word = strtok(NULL, " \n")))
			line->args[line->n_args++] = word;
		line->cpu_us = calloc(rounds, sizeof *line->cpu_us);
		line->wall_us = calloc(rounds, sizeof *line->wall_us);
		n++;
	}
	free(text);
	*ret_n = n;
	return lines;
}

static double now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1e6 + now.tv_nsec / 1e3;
}

static double timeval_us(struct timeval t)
{
	return t.tv_sec * 1e6 + t.tv_usec;
}

/* Orphans come to us, the subreaper; the next round must not compete with their end. */
static void reap(void)
{
	for (int tries = 0; tries < REAP_TRIES; tries++) {
		pid_t pid = waitpid(-1, NULL, WNOHANG);

		if (pid < 0)
			return;
		if (pid == 0)
			usleep(REAP_PAUSE_US);
	}
}

/* Put the round's number in; the strings live until the next call. */
static char **args_of_round(const struct line *line, int round)
{
	static char text[ARGS_MAX][ARG_BYTES];
	static char *args[ARGS_MAX];

	for (int i = 0; i < line->n_args; i++) {
		const char *arg = line->args[i], *mark = strstr(arg, "%d");

		args[i] = line->args[i];
		if (!mark)
			continue;
		snprintf(text[i], sizeof text[i], "%.*s%d%s", (int)(mark - arg), arg,
			 FIRST_ROUND + round, mark + 2);
		args[i] = text[i];
	}
	args[line->n_args] = NULL;
	return args;
}

static void run(struct line *line, int round, const posix_spawn_file_actions_t *actions)
{
	char **args = args_of_round(line, round);
	double begin = now_us(), end;
	struct rusage usage;
	pid_t pid;
	int status, r = posix_spawnp(&pid, args[0], actions, NULL, args, environ);

	if (r) {
		fprintf(stderr, "pbench: %s: %s\n", args[0], strerror(r));
		exit(1);
	}
	while (wait4(pid, &status, 0, &usage) < 0 && errno == EINTR)
		;
	end = now_us();
	if (status && line->n_failed++ == 0 && line->kind == KIND_TIME)
		fprintf(stderr, "pbench: %s: wait status %#x\n", line->label, status);
	if (round < 0 || line->kind != KIND_TIME)
		return;
	line->wall_us[line->n] = end - begin;
	line->cpu_us[line->n++] = timeval_us(usage.ru_utime) + timeval_us(usage.ru_stime);
	if (usage.ru_maxrss > line->peak_kb)
		line->peak_kb = usage.ru_maxrss;
}

static int compare(const void *a, const void *b)
{
	float x = *(const float *)a, y = *(const float *)b;

	return x < y ? -1 : x > y;
}

static void print(struct line *line)
{
	qsort(line->cpu_us, line->n, sizeof *line->cpu_us, compare);
	qsort(line->wall_us, line->n, sizeof *line->wall_us, compare);
	printf("%s\t%.0f\t%.0f\t%.0f\t%ld\t%d\n", line->label, line->cpu_us[line->n / 2],
	       line->wall_us[0], line->wall_us[line->n / 2], line->peak_kb, line->n_failed);
}

int main(int argc, char **argv)
{
	int rounds = argc > 1 ? atoi(argv[1]) : 0, warm_ups = argc > 2 ? atoi(argv[2]) : 0, n;
	posix_spawn_file_actions_t actions;
	struct line *lines;

	if (rounds < 1 || !(lines = read_script(rounds, &n))) {
		fprintf(stderr, "usage: pbench ROUNDS WARM-UPS <SCRIPT\n");
		return 2;
	}
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
	for (int round = -warm_ups; round < rounds; round++) {
		for (int i = 0; i < n; i++) {
			if (lines[i].kind == KIND_REAP)
				reap();
			else
				run(&lines[i], round, &actions);
		}
	}
	for (int i = 0; i < n; i++) {
		if (lines[i].kind == KIND_TIME)
			print(&lines[i]);
	}
	return 0;
}
