/* SPDX-License-Identifier: Apache-2.0 */
/*
 * `ctr completion bash`: the script is the tables, written as case branches, between a
 * fixed beginning and end.
 */
#include <stdio.h>
#include <string.h>

#include "command.h"
#include "global.h"

const struct command_syntax cmd_completion_syntax = {
	.arguments = "bash",
	.needs = "the name of a shell: bash",
	.max_arguments = 1,
};

/* compgen -W would expand its words, and so run what a directory's name says: not used. */
static const char head[] = "# bash completion for ctr, printed by: ctr completion bash\n"
			   "\n"
			   "_ctr_words()\n"
			   "{\n"
			   "\tlocal choice\n"
			   "\n"
			   "\tfor choice; do\n"
			   "\t\t[[ $choice == \"$word\"* ]] && COMPREPLY+=(\"$choice\")\n"
			   "\tdone\n"
			   "}\n"
			   "\n"
			   "_ctr_paths()\n"
			   "{\n"
			   "\tcompopt -o filenames\n"
			   "\tmapfile -t COMPREPLY < <(compgen \"$1\" -- \"$word\")\n"
			   "}\n"
			   "\n"
			   "_ctr_ids()\n"
			   "{\n"
			   "\tlocal id\n"
			   "\n"
			   "\twhile read -r id; do\n"
			   "\t\t[[ $id == *[!A-Za-z0-9_+.-]* ]] || _ctr_words \"$id\"\n"
			   "\tdone < <(\"$ctr\" \"${root[@]}\" list -q 2>/dev/null)\n"
			   "}\n"
			   "\n"
			   "_ctr()\n"
			   "{\n"
			   "\tlocal ctr=$1 word=$2 before=$3 command='' i\n"
			   "\tlocal -a root=()\n"
			   "\n"
			   "\tCOMPREPLY=()\n"
			   "\tfor ((i = 1; i < COMP_CWORD; i++)); do\n"
			   "\t\tcase ${COMP_WORDS[i]} in\n"
			   "\t\t--root) root=(--root \"${COMP_WORDS[++i]}\") ;;\n";

static const char tail[] = "\tesac\n"
			   "}\n"
			   "complete -F _ctr ctr\n";

/* What completes a value, or a command's arguments, of this name. */
static const char *find_action(const char *argument)
{
	static const struct {
		const char *argument, *action;
	} actions[] = {
		/* clang-format off */
		{ "DIR", "_ctr_paths -d" },
		{ "[BUNDLE]", "_ctr_paths -d" },
		{ "FILE", "_ctr_paths -f" },
		{ "PATH", "_ctr_paths -f" },
		{ "bash", "_ctr_words bash" },
		/* clang-format on */
	};

	if (argument && !strncmp(argument, "ID", 2))
		return "_ctr_ids";
	for (size_t i = 0; argument && i < sizeof actions / sizeof *actions; i++)
		if (!strcmp(actions[i].argument, argument))
			return actions[i].action;
	return ":";
}

static void print_value_branch(const char *command, const struct command_option *option)
{
	printf("\t%s:--%s", command, option->name);
	if (option->letter)
		printf(" | %s:-%c", command, option->letter);
	fputs(") ", stdout);
	if (option->choices) {
		fputs("_ctr_words", stdout);
		for (const char *const *choice = option->choices; *choice; choice++)
			printf(" %s", *choice);
	} else {
		fputs(find_action(option->argument), stdout);
	}
	fputs(" ;;\n", stdout);
}

static void print_options(const char *command, const struct command_syntax *syntax)
{
	for (size_t i = 0; i < syntax->n_options; i++)
		if (syntax->options[i].argument)
			print_value_branch(command, &syntax->options[i]);
	printf("\t%s:*)\n\t\tcase $word in\n\t\t-*) _ctr_words --help", command);
	for (size_t i = 0; i < syntax->n_options; i++)
		if (syntax->options[i].help)
			printf(" --%s", syntax->options[i].name);
	fputs(" ;;\n\t\t*) ", stdout);
}

static void print_end_of_options(void)
{
	fputs(" ;;\n\t\tesac\n\t\t;;\n", stdout);
}

static void print_command_names(void)
{
	fputs("_ctr_words", stdout);
	for (const struct command *c = command_table(); c->name; c++)
		if (!command_is_verb(c, NULL))
			printf(" %s", c->name);
}

/* A group's first word is a verb; the rest is the verb's own. */
static void print_verbs(const struct command *group)
{
	printf("\t%s:*) _ctr_words", group->name);
	for (const struct command *c = group + 1; c->name && command_is_verb(c, group); c++)
		printf(" %s", c->name + strlen(group->name) + 1);
	fputs(" ;;\n", stdout);
}

static void print_command(const struct command *command)
{
	const char *arguments = command->syntax->arguments;
	char name[64], *blank;

	if (!command->run) {
		print_verbs(command);
		return;
	}
	/* In a pattern a blank is a separator. */
	snprintf(name, sizeof name, "%s", command->name);
	blank = strchr(name, ' ');
	if (blank)
		*blank = '-';
	print_options(name, command->syntax);
	if (arguments && !strcmp(arguments, "[COMMAND]"))
		print_command_names();
	else
		fputs(find_action(arguments), stdout);
	print_end_of_options();
}

/* Which word is the command: the first that is no option and no option's value. */
static void print_command_search(void)
{
	const struct command_syntax *syntax = &global_syntax;
	const char *separator = "";

	fputs("\t\t", stdout);
	for (size_t i = 0; i < syntax->n_options; i++) {
		if (!syntax->options[i].argument || !strcmp(syntax->options[i].name, "root"))
			continue;
		printf("%s--%s", separator, syntax->options[i].name);
		separator = " | ";
	}
	fputs(") ((i++)) ;;\n"
	      "\t\t-*) ;;\n"
	      "\t\t*) command=${command:+$command-}${COMP_WORDS[i]}\n"
	      "\t\t\tcase $command in\n"
	      "\t\t\t",
	      stdout);
	separator = "";
	for (const struct command *c = command_table(); c->name; c++) {
		if (c->run)
			continue;
		printf("%s%s", separator, c->name);
		separator = " | ";
	}
	fputs(") ;;\n"
	      "\t\t\t*) break ;;\n"
	      "\t\t\tesac ;;\n"
	      "\t\tesac\n"
	      "\tdone\n"
	      "\tcase $command:$before in\n",
	      stdout);
}

int cmd_completion(struct ctr_runtime *runtime, const struct command_line *line,
		   struct ctr_error *err)
{
	(void)runtime;
	if (strcmp(line->arguments[0], "bash") != 0)
		return command_invalid(err, "completion: \"%.200s\" is not known, only bash is",
				       line->arguments[0]);
	fputs(head, stdout);
	print_command_search();
	print_options("", &global_syntax);
	print_command_names();
	print_end_of_options();
	for (const struct command *c = command_table(); c->name; c++)
		print_command(c);
	fputs(tail, stdout);
	return 0;
}
