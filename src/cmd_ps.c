/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The table form is ps(1)'s own: it is run with the caller's arguments, and of what it
 * prints the heading and the container's rows are kept.
 */
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "command.h"
#include "output.h"

struct ps_options {
	enum output_format format;
};

/* clang-format off */
static const struct command_option options[] = {
	{ 'f', "format", FILLS_CHOICE(struct ps_options, format), "table|json",
	  "form of the list (default: table)", output_formats },
};
/* clang-format on */

static const struct ps_options defaults = { .format = OUTPUT_TABLE };

const struct command_syntax cmd_ps_syntax = {
	COMMAND_OPTIONS(options), COMMAND_DEFAULTS(defaults),	.arguments = "ID [PS OPTION]...",
	.needs = "an ID",	  .max_arguments = COMMAND_ANY, .stops_at_argument = true,
};

struct pids {
	pid_t *items;
	size_t n;
};

static int compare_pids(const void *a, const void *b)
{
	pid_t left = *(const pid_t *)a, right = *(const pid_t *)b;

	return (left > right) - (left < right);
}

static void print_json(const struct pids *pids)
{
	putchar('[');
	for (size_t i = 0; i < pids->n; i++)
		printf("%s%d", i ? "," : "", (int)pids->items[i]);
	puts("]");
}

/* The `n`th word of `line`, counted from 0; NULL: it has fewer. */
static const char *find_word(const char *line, size_t n)
{
	static const char blanks[] = " \t\n";

	for (line += strspn(line, blanks); n > 0; n--) {
		line += strcspn(line, blanks);
		line += strspn(line, blanks);
	}
	return *line ? line : NULL;
}

/* Which word of the heading is PID; -1: none. */
static int find_pid_column(const char *heading)
{
	const char *word;

	for (int column = 0; (word = find_word(heading, (size_t)column)); column++)
		if (strcspn(word, " \t\n") == 3 && !strncmp(word, "PID", 3))
			return column;
	return -1;
}

static bool is_listed(const struct pids *pids, const char *line, int column)
{
	const char *word = find_word(line, (size_t)column);
	pid_t pid = word ? (pid_t)strtol(word, NULL, 10) : 0;

	return pid > 0 && pids->n > 0 &&
	       bsearch(&pid, pids->items, pids->n, sizeof pid, compare_pids);
}

static int filter(FILE *in, const struct pids *pids, struct ctr_error *err)
{
	char *line = NULL;
	size_t size = 0;
	int column, result = 0;

	if (getline(&line, &size, in) <= 0) {
		free(line);
		return command_failed(err, EIO, "ps printed nothing");
	}
	column = find_pid_column(line);
	if (column < 0)
		result = command_invalid(err, "ps: no PID column in what ps printed (add one, as "
					      "in -o pid,args)");
	else
		fputs(line, stdout);
	while (getline(&line, &size, in) > 0)
		if (column >= 0 && is_listed(pids, line, column))
			fputs(line, stdout);
	free(line);
	return result;
}

/* Fixed places: a PATH lookup would let the caller's environment choose what root runs. */
static int spawn_ps(char *const *argv, int stdout_fd, pid_t *ret)
{
	static const char *const paths[] = { "/usr/bin/ps", "/bin/ps" };
	posix_spawn_file_actions_t actions;
	int code = posix_spawn_file_actions_init(&actions);

	if (code != 0)
		return code;
	code = posix_spawn_file_actions_adddup2(&actions, stdout_fd, STDOUT_FILENO);
	if (code == 0)
		code = ENOENT;
	for (size_t i = 0; code == ENOENT && i < sizeof paths / sizeof *paths; i++)
		code = posix_spawn(ret, paths[i], &actions, NULL, argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	return code;
}

/* A caller that ignores SIGCHLD leaves no status to wait for: then the output counts. */
static int wait_ps(pid_t pid, struct ctr_error *err)
{
	int status = 0;
	pid_t result;

	do
		result = waitpid(pid, &status, 0);
	while (result < 0 && errno == EINTR);
	if (result < 0 && errno != ECHILD)
		return command_failed(err, errno, "wait for ps");
	if (result < 0 || (WIFEXITED(status) && WEXITSTATUS(status) == 0))
		return 0;
	if (WIFSIGNALED(status))
		return command_failed(err, EIO, "ps was killed by signal %d", WTERMSIG(status));
	return command_invalid(err, "ps: ps ended with status %d", WEXITSTATUS(status));
}

static int run_ps(char *const *argv, const struct pids *pids, struct ctr_error *err)
{
	struct ctr_error filter_err = { 0 };
	pid_t pid;
	FILE *in;
	int fds[2], code, result;

	if (pipe2(fds, O_CLOEXEC) < 0)
		return command_failed(err, errno, "make a pipe for ps");
	code = spawn_ps(argv, fds[1], &pid);
	close(fds[1]);
	if (code != 0) {
		close(fds[0]);
		return command_failed(err, code, "run /usr/bin/ps (--format json needs no ps)");
	}
	in = fdopen(fds[0], "r");
	if (in) {
		result = filter(in, pids, &filter_err);
		fclose(in);
	} else {
		result = command_failed(&filter_err, errno, "read what ps prints");
		close(fds[0]);
	}
	code = wait_ps(pid, err);
	if (code < 0 || result >= 0)
		return code;
	*err = filter_err;
	return result;
}

static int print_table(struct pids *pids, const struct command_line *line, struct ctr_error *err)
{
	char *standard[] = { "ps", "-ef", NULL };
	char **argv;
	int result;

	if (pids->n > 0)
		qsort(pids->items, pids->n, sizeof *pids->items, compare_pids);
	if (line->n_arguments == 1)
		return run_ps(standard, pids, err);
	argv = calloc((size_t)line->n_arguments + 1, sizeof *argv);
	if (!argv)
		return command_failed(err, ENOMEM, "run ps");
	memcpy(argv, line->arguments, (size_t)line->n_arguments * sizeof *argv);
	argv[0] = standard[0]; /* where the ID stood */
	result = run_ps(argv, pids, err);
	free(argv);
	return result;
}

int cmd_ps(struct ctr_runtime *runtime, const struct command_line *line, struct ctr_error *err)
{
	const struct ps_options *given = line->options;
	struct pids pids = { 0 };
	int result = ctr_processes(runtime, line->arguments[0], &pids.items, &pids.n, err);

	if (result < 0)
		return result;
	if (given->format == OUTPUT_JSON)
		print_json(&pids);
	else
		result = print_table(&pids, line, err);
	free(pids.items);
	return result;
}
