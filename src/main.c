/* SPDX-License-Identifier: Apache-2.0 */
/* The command: global options, the command's own, the library, one error line. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "global.h"
#include "help.h"
#include "output.h"

struct call {
	struct command_line global_line, line;
	const struct global_options *globals; /* NULL: no memory for them */
	const struct command *command;
	struct ctr_runtime *runtime;
};

enum answer { ANSWER_NONE, ANSWER_HELP, ANSWER_USAGE, ANSWER_VERSION };

static void print_version(void)
{
	struct ctr_version version = { 0 };

	ctr_version_get(&version);
	printf("ctr version %s\n", version.version);
	if (version.commit && *version.commit)
		printf("commit: %s\n", version.commit);
	printf("spec: %s\n", version.spec);
	if (version.libseccomp)
		printf("libseccomp: %s\n", version.libseccomp);
}

/* Returns what can be answered without the library, or a negative errno. */
static int understand(struct call *call, int argc, char **argv, struct ctr_error *err)
{
	struct command_line *global_line = &call->global_line;
	int result = command_parse(NULL, &global_syntax, argc, argv, global_line, err);
	int n_words;

	call->globals = global_line->options;
	if (result < 0)
		return result;
	if (result == 1)
		return ANSWER_HELP;
	if (call->globals->version)
		return ANSWER_VERSION;
	if (global_line->n_arguments == 0)
		return ANSWER_USAGE;
	result = command_choose(global_line->arguments, &call->command, &n_words, err);
	if (result < 0)
		return result;
	result = command_parse(call->command->name, call->command->syntax,
			       global_line->n_arguments - n_words, global_line->arguments + n_words,
			       &call->line, err);
	return result == 1 ? ANSWER_HELP : result;
}

/* Engines ask for the help of a command to find out whether there is one. */
static int check(const struct call *call, struct ctr_error *err)
{
	return call->command && call->command->syntax->check ? call->command->syntax->check(err) :
							       0;
}

static int answer(const struct call *call, enum answer what)
{
	if (what == ANSWER_VERSION)
		print_version();
	else if (what == ANSWER_USAGE)
		help_overview(stderr);
	else if (call->command)
		help_command(stdout, call->command);
	else
		help_overview(stdout);
	return what == ANSWER_USAGE ? EXIT_FAILURE : EXIT_SUCCESS;
}

/*
 * Write the error to the log only: ctr_log_error also writes text to standard error,
 * which is to carry one JSON object and nothing else.
 */
static void log_silently(struct ctr_runtime *runtime, const struct ctr_error *err)
{
	int saved = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
	int null = open("/dev/null", O_WRONLY | O_CLOEXEC);

	if (saved >= 0 && null >= 0 && dup2(null, STDERR_FILENO) >= 0) {
		ctr_log_error(runtime, err);
		dup2(saved, STDERR_FILENO);
	}
	if (null >= 0)
		close(null);
	if (saved >= 0)
		close(saved);
}

static bool wants_json(const struct call *call)
{
	return call->globals && call->globals->error_format == GLOBAL_ERROR_JSON;
}

/*
 * Clients know 1, and 255 of exec; who asks for JSON knows ctr and gets the class's own.
 */
static int failure_status(const struct call *call, const struct ctr_error *err)
{
	int status = call->command ? call->command->syntax->failure_status : 0;

	if (wants_json(call))
		return ctr_error_class_status(err->error_class);
	return status ? status : EXIT_FAILURE;
}

/* The container that the command line names, where its first argument is one. */
static const char *named_container(const struct call *call)
{
	const struct command_syntax *syntax = call->line.syntax;

	if (!syntax || !syntax->needs || strcmp(syntax->needs, "an ID") != 0)
		return NULL;
	return call->line.n_arguments > 0 ? call->line.arguments[0] : NULL;
}

static void report(const struct call *call, const struct ctr_error *err)
{
	const struct output_failure failure = {
		.command = call->command ? call->command->name : NULL,
		.container = named_container(call),
		.status = failure_status(call, err),
	};
	bool json = wants_json(call);

	if (call->runtime && json && call->globals->runtime.log)
		log_silently(call->runtime, err);
	if (json)
		output_error(stderr, err, &failure);
	else if (call->runtime)
		ctr_log_error(call->runtime, err);
	else
		fprintf(stderr, "ctr: %s\n", err->text);
}

static int fail(struct call *call, const struct ctr_error *err)
{
	report(call, err);
	return wants_json(call) ? failure_status(call, err) : EXIT_FAILURE;
}

static int finish(struct call *call, int status)
{
	struct ctr_error err = { 0 };

	/* a program's own status says more than that our output was lost */
	if (output_finish(stdout, &err) < 0 && status == EXIT_SUCCESS)
		return fail(call, &err);
	return status;
}

static int open_runtime(struct call *call, struct ctr_error *err)
{
	struct ctr_runtime_options options = { .size = sizeof options };

	if (call->globals)
		options = global_runtime_options(call->globals);
	return ctr_runtime_new(&options, &call->runtime, err);
}

static bool enters_container(const struct call *call)
{
	return call->command && call->command->syntax->enters_container;
}

static int perform(struct call *call, char **program, int argc, char **argv)
{
	struct ctr_error err = { 0 }, log_err = { 0 };
	int result = understand(call, argc, argv, &err);

	if (result >= 0 && check(call, &err) < 0)
		result = -err.code;
	if (result > 0)
		return finish(call, answer(call, (enum answer)result));
	if (result == 0 && enters_container(call) && ctr_protect(program, &err) < 0)
		return fail(call, &err);
	/* also for a wrong command line: clients look for its error in the log */
	if (open_runtime(call, &log_err) < 0)
		return fail(call, result < 0 ? &err : &log_err);
	if (result < 0)
		return fail(call, &err);
	result = call->command->run(call->runtime, &call->line, &err);
	if (result >= 0)
		return finish(call, result);
	report(call, &err);
	return failure_status(call, &err);
}

int main(int argc, char **argv)
{
	struct call call = { 0 };
	int status;

	/* argv may be empty: then there is no program name to skip */
	status = perform(&call, argv, argc > 0 ? argc - 1 : 0, argc > 0 ? argv + 1 : argv);
	command_line_release(&call.line);
	command_line_release(&call.global_line);
	if (call.runtime)
		ctr_runtime_free(call.runtime);
	return status;
}
