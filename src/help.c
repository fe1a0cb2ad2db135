/* SPDX-License-Identifier: Apache-2.0 */
#include "help.h"

#include <string.h>

#include "global.h"

static int option_width(const struct command_option *option)
{
	return (int)(strlen("  -x, --") + strlen(option->name) +
		     (option->argument ? 1 + strlen(option->argument) : 0));
}

static void print_option(FILE *out, const struct command_option *option, int width)
{
	if (option->letter)
		fprintf(out, "  -%c, ", option->letter);
	else
		fputs("      ", out);
	fprintf(out, "--%s%s%s", option->name, option->argument ? " " : "",
		option->argument ? option->argument : "");
	fprintf(out, "%*s  %s\n", width - option_width(option), "", option->help);
}

static void print_options(FILE *out, const char *title, const struct command_syntax *syntax)
{
	static const struct command_option help = { .letter = 'h',
						    .name = "help",
						    .help = "print this help" };
	int width = option_width(&help);

	for (size_t i = 0; i < syntax->n_options; i++)
		if (syntax->options[i].help && option_width(&syntax->options[i]) > width)
			width = option_width(&syntax->options[i]);
	fprintf(out, "\n%s:\n", title);
	for (size_t i = 0; i < syntax->n_options; i++)
		if (syntax->options[i].help)
			print_option(out, &syntax->options[i], width);
	print_option(out, &help, width);
}

/* One page for a group: each verb with its options. */
static void print_group(FILE *out, const struct command *group)
{
	fprintf(out, "Usage: ctr [GLOBAL OPTION]... %s VERB [OPTION]... [ARGUMENT]...\n%s: %s\n",
		group->name, group->name, group->summary);
	for (const struct command *c = group + 1; c->name && command_is_verb(c, group); c++) {
		const struct command_syntax *syntax = c->syntax;

		fprintf(out, "\nctr %s%s%s%s: %s\n", c->name,
			syntax->n_options ? " [OPTION]..." : "", syntax->arguments ? " " : "",
			syntax->arguments ? syntax->arguments : "", c->summary);
		print_options(out, "Options", syntax);
	}
	fprintf(out, "\nManual: ctr-%s(1)\n", group->name);
}

void help_command(FILE *out, const struct command *command)
{
	const struct command_syntax *syntax = command->syntax;

	if (!command->run) {
		print_group(out, command);
		return;
	}
	fprintf(out, "Usage: ctr [GLOBAL OPTION]... %s [OPTION]...%s%s\n", command->name,
		syntax->arguments ? " " : "", syntax->arguments ? syntax->arguments : "");
	fprintf(out, "%s: %s\n", command->name, command->summary);
	print_options(out, "Options", syntax);
	if (!command->hidden)
		fprintf(out, "\nManual: ctr-%.*s(1)\n", (int)strcspn(command->name, " "),
			command->name);
}

static bool is_listed(const struct command *command)
{
	return !command->hidden && !command_is_verb(command, NULL);
}

void help_errors(FILE *out)
{
	fputs("Class        Status  Meaning\n", out);
	for (enum ctr_error_class c = CTR_E_NONE + 1; c <= CTR_E_SYSTEM; c++)
		fprintf(out, "%-11s  %6d  %s\n", ctr_error_class_name(c), ctr_error_class_status(c),
			ctr_error_class_meaning(c));
	fputs("\nThe status is that of the command with --error-format json; else it is 1, or 255 of\n"
	      "exec. Manual: ctr-errors(7)\n",
	      out);
}

void help_overview(FILE *out)
{
	int width = 0;

	for (const struct command *c = command_table(); c->name; c++)
		if (is_listed(c) && (int)strlen(c->name) > width)
			width = (int)strlen(c->name);
	fputs("Usage: ctr [GLOBAL OPTION]... COMMAND [OPTION]... [ARGUMENT]...\n"
	      "Run isolated servers on one Linux kernel, from OCI bundles.\n"
	      "\nCommands:\n",
	      out);
	for (const struct command *c = command_table(); c->name; c++)
		if (is_listed(c))
			fprintf(out, "  %-*s  %s\n", width, c->name, c->summary);
	print_options(out, "Global options", &global_syntax);
	fputs("\n\"ctr COMMAND --help\" explains a command. Manual: ctr(1)\n", out);
}
