/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "src/command.h"
#include "src/global.h"

struct things {
	bool flag;
	int tty;
	int number;
	unsigned int format;
	const char *name;
	struct command_strings env;
	struct command_ids gids;
};

static const char *const formats[] = { "table", "json", NULL };

/* clang-format off */
static const struct command_option options[] = {
	{ 'f', "flag", FILLS_FLAG(struct things, flag), NULL, "a flag", NULL },
	{ 't', "tty", FILLS_SWITCH(struct things, tty), NULL, "a switch", NULL },
	{ 'n', "number", FILLS_NUMBER(struct things, number), "N", "a number", NULL },
	{ 0, "format", FILLS_CHOICE(struct things, format), "table|json", "a choice", formats },
	{ 0, "name", FILLS_STRING(struct things, name), "NAME", "a text", NULL },
	{ 'e', "env", FILLS_STRINGS(struct things, env), "X=Y", "texts", NULL },
	{ 'g', "gid", FILLS_IDS(struct things, gids), "GID", "ids", NULL },
	{ 0, "no-subreaper", FILLS_NOTHING, NULL, "nothing", NULL },
};
/* clang-format on */

static const struct things defaults = { .tty = -1 };

static const struct command_syntax kill_like = {
	COMMAND_OPTIONS(options), COMMAND_DEFAULTS(defaults), .arguments = "ID [SIGNAL]",
	.needs = "an ID",	  .max_arguments = 2,
};

static const struct command_syntax exec_like = {
	COMMAND_OPTIONS(options), COMMAND_DEFAULTS(defaults),	.arguments = "ID COMMAND",
	.needs = "an ID",	  .max_arguments = COMMAND_ANY, .stops_at_argument = true,
};

struct parsed {
	int result;
	struct command_line line;
	const struct things *things;
	struct ctr_error err;
};

static void release_parsed(struct parsed *parsed)
{
	command_line_release(&parsed->line);
}

#define cleanup_parsed __attribute__((__cleanup__(release_parsed)))
#define PARSE(syntax, ...)                                                \
	parse(syntax, sizeof((char *[]){ __VA_ARGS__ }) / sizeof(char *), \
	      (char *[]){ __VA_ARGS__, NULL })

static struct parsed parse(const struct command_syntax *syntax, size_t argc, char **argv)
{
	struct parsed ret = { 0 };

	ret.result = command_parse("kill", syntax, (int)argc, argv, &ret.line, &ret.err);
	ret.things = ret.line.options;
	return ret;
}

static void check_refused(const struct parsed *parsed, const char *text)
{
	cr_expect_eq(parsed->result, -EINVAL);
	cr_expect_eq(parsed->err.code, EINVAL);
	cr_expect_eq(parsed->err.error_class, CTR_E_INVALID);
	cr_expect(strstr(parsed->err.text, text), "\"%s\" lacks \"%s\"", parsed->err.text, text);
}

Test(command, a_value_follows_an_equals_sign_or_is_the_next_word)
{
	cleanup_parsed struct parsed joined = PARSE(&kill_like, "--name=a=b", "id");
	cleanup_parsed struct parsed apart = PARSE(&kill_like, "--name", "--flag", "id");

	cr_assert_eq(joined.result, 0);
	cr_expect_str_eq(joined.things->name, "a=b");
	cr_assert_eq(apart.result, 0);
	cr_expect_str_eq(apart.things->name, "--flag");
	cr_expect_not(apart.things->flag);
}

Test(command, long_names_take_one_dash_as_well)
{
	cleanup_parsed struct parsed p =
		PARSE(&kill_like, "-no-subreaper", "-name", "x", "-tty=false", "id");

	cr_assert_eq(p.result, 0);
	cr_expect_str_eq(p.things->name, "x");
	cr_expect_eq(p.things->tty, 0);
}

Test(command, a_letter_takes_one_dash_only)
{
	cleanup_parsed struct parsed one = PARSE(&kill_like, "-n", "7", "id");
	cleanup_parsed struct parsed two = PARSE(&kill_like, "--n", "7", "id");

	cr_assert_eq(one.result, 0);
	cr_expect_eq(one.things->number, 7);
	check_refused(&two, "unknown option --n");
}

Test(command, the_last_value_of_an_option_wins)
{
	cleanup_parsed struct parsed p = PARSE(&kill_like, "--flag=true", "--flag=false", "--name",
					       "a", "--name", "b", "id");

	cr_assert_eq(p.result, 0);
	cr_expect_not(p.things->flag);
	cr_expect_str_eq(p.things->name, "b");
}

Test(command, a_repeated_list_option_adds)
{
	cleanup_parsed struct parsed p =
		PARSE(&kill_like, "--env", "A=1,2", "-e=B", "-g", "1,2", "-g", "4294967294", "id");

	cr_assert_eq(p.result, 0);
	cr_assert_eq(p.things->env.n, 2);
	cr_expect_str_eq(p.things->env.items[0], "A=1,2");
	cr_expect_str_eq(p.things->env.items[1], "B");
	cr_expect_null(p.things->env.items[2]);
	cr_assert_eq(p.things->gids.n, 3);
	cr_expect_eq(p.things->gids.items[1], 2);
	cr_expect_eq(p.things->gids.items[2], 4294967294u);
}

Test(command, a_flag_understands_the_words_for_true_and_false)
{
	static char *const words[] = { "true", "1", "t", "yes" };

	for (size_t i = 0; i < 4; i++) {
		char word[16];

		snprintf(word, sizeof word, "--flag=%s", words[i]);
		cleanup_parsed struct parsed p = PARSE(&kill_like, word, "id");
		cr_assert_eq(p.result, 0);
		cr_expect(p.things->flag, "%s", words[i]);
	}
}

Test(command, a_flag_never_takes_the_next_word)
{
	cleanup_parsed struct parsed p = PARSE(&kill_like, "--flag", "false");

	cr_assert_eq(p.result, 0);
	cr_expect(p.things->flag);
	cr_expect_str_eq(p.line.arguments[0], "false");
}

Test(command, a_switch_that_is_not_given_keeps_its_default)
{
	cleanup_parsed struct parsed p = PARSE(&kill_like, "id");
	cleanup_parsed struct parsed on = PARSE(&kill_like, "-t", "id");

	cr_expect_eq(p.things->tty, -1);
	cr_expect_eq(on.things->tty, 1);
}

Test(command, a_choice_is_stored_as_its_index)
{
	cleanup_parsed struct parsed p = PARSE(&kill_like, "--format", "json", "id");
	cleanup_parsed struct parsed wrong = PARSE(&kill_like, "--format", "xml", "id");

	cr_assert_eq(p.result, 0);
	cr_expect_eq(p.things->format, 1);
	check_refused(&wrong, "invalid format \"xml\": --format wants table|json");
}

Test(command, options_may_stand_behind_arguments)
{
	cleanup_parsed struct parsed p = PARSE(&kill_like, "id", "KILL", "--flag");

	cr_assert_eq(p.result, 0);
	cr_expect(p.things->flag);
	cr_expect_eq(p.line.n_arguments, 2);
	cr_expect_str_eq(p.line.arguments[1], "KILL");
	cr_expect_null(p.line.arguments[2]);
}

Test(command, everything_behind_the_id_belongs_to_an_executed_command)
{
	cleanup_parsed struct parsed p = PARSE(&exec_like, "-t", "id", "ls", "--flag", "--", "-h");

	cr_assert_eq(p.result, 0);
	cr_expect_eq(p.things->tty, 1);
	cr_expect_not(p.things->flag);
	cr_expect_eq(p.line.n_arguments, 5);
	cr_expect_str_eq(p.line.arguments[3], "--");
}

Test(command, two_dashes_end_the_options)
{
	cleanup_parsed struct parsed p = PARSE(&kill_like, "--", "--flag");

	cr_assert_eq(p.result, 0);
	cr_expect_not(p.things->flag);
	cr_expect_str_eq(p.line.arguments[0], "--flag");
}

Test(command, one_dash_alone_is_an_argument)
{
	cleanup_parsed struct parsed p = PARSE(&kill_like, "-");

	cr_assert_eq(p.result, 0);
	cr_expect_str_eq(p.line.arguments[0], "-");
}

Test(command, an_unknown_option_is_named)
{
	cleanup_parsed struct parsed p = PARSE(&kill_like, "--bogus", "id");
	cleanup_parsed struct parsed prefix = PARSE(&kill_like, "--nam", "x", "id");
	cleanup_parsed struct parsed empty = PARSE(&kill_like, "--=x", "id");

	check_refused(&p, "kill: unknown option --bogus");
	check_refused(&prefix, "unknown option --nam");
	check_refused(&empty, "unknown option --=x");
}

Test(command, a_missing_value_is_said_in_the_words_that_clients_look_for)
{
	cleanup_parsed struct parsed p = PARSE(&kill_like, "id", "-n");

	check_refused(&p, "kill: option --number requires an argument");
}

Test(command, an_empty_value_is_a_value)
{
	cleanup_parsed struct parsed p = PARSE(&kill_like, "--name=", "id");

	cr_assert_eq(p.result, 0);
	cr_expect_str_eq(p.things->name, "");
}

Test(command, numbers_are_plain_and_in_range)
{
	static char *const wrong[] = { "-1", "+1",  " 1",	  "",
				       "1x", "0x1", "2147483648", "99999999999999999999" };
	cleanup_parsed struct parsed most = PARSE(&kill_like, "-n", "2147483647", "id");

	cr_expect_eq(most.result, 0);
	cr_expect_eq(most.things->number, 2147483647);
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		cleanup_parsed struct parsed p = PARSE(&kill_like, "-n", wrong[i], "id");
		check_refused(&p, "--number wants a number");
	}
}

Test(command, a_wrong_id_in_a_list_is_refused)
{
	static char *const wrong[] = { "1,", ",1", "a", "4294967295", "-1", "1;2" };

	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		cleanup_parsed struct parsed p = PARSE(&kill_like, "-g", wrong[i], "id");
		check_refused(&p, "--gid wants an id");
	}
}

Test(command, a_flag_refuses_other_words)
{
	cleanup_parsed struct parsed p = PARSE(&kill_like, "--flag=maybe", "id");
	cleanup_parsed struct parsed ignored = PARSE(&kill_like, "--no-subreaper=", "id");

	check_refused(&p, "--flag wants true or false");
	check_refused(&ignored, "--no-subreaper wants true or false");
}

Test(command, the_number_of_arguments_is_checked)
{
	cleanup_parsed struct parsed few = PARSE(&kill_like, "--flag");
	cleanup_parsed struct parsed many = PARSE(&kill_like, "id", "9", "x");

	check_refused(&few, "kill: needs an ID");
	check_refused(&many, "kill: too many arguments, from \"x\" on");
}

Test(command, help_is_answered_before_anything_behind_it_is_judged)
{
	cleanup_parsed struct parsed l = PARSE(&kill_like, "--help", "--bogus");
	cleanup_parsed struct parsed s = PARSE(&exec_like, "-h");

	cr_expect_eq(l.result, 1);
	cr_expect_eq(s.result, 1);
}

Test(command, an_empty_command_line_is_parsed)
{
	char *none[] = { NULL };
	cleanup_parsed struct parsed p = parse(&global_syntax, 0, none);

	cr_expect_eq(p.result, 0);
	cr_expect_eq(p.line.n_arguments, 0);
}

Test(command, what_was_understood_before_an_error_is_kept)
{
	cleanup_parsed struct parsed p = PARSE(&kill_like, "--name", "x", "--bogus");

	cr_expect_lt(p.result, 0);
	cr_expect_str_eq(p.things->name, "x");
}

Test(command, global_options_end_at_the_command)
{
	struct command_line line;
	struct ctr_error err = { 0 };
	char *argv[] = { "--root",	     "/x",  "--log-format=json", "--debug",
			 "--systemd-cgroup", "run", "--debug",		 NULL };
	struct ctr_runtime_options given;

	cr_assert_eq(command_parse(NULL, &global_syntax, 7, argv, &line, &err), 0);
	given = global_runtime_options(line.options);
	cr_expect_str_eq(given.root, "/x");
	cr_expect(given.log_json);
	cr_expect_eq(given.log_level, CTR_LOG_DEBUG);
	cr_expect_eq(given.cgroup_manager, CTR_CGROUP_SYSTEMD);
	cr_expect_eq(given.size, sizeof given);
	cr_expect_eq(line.n_arguments, 2);
	command_line_release(&line);
}

static bool letters_and_names_are_unique(const struct command_syntax *syntax)
{
	for (size_t i = 0; i < syntax->n_options; i++) {
		for (size_t k = 0; k < i; k++) {
			const struct command_option *a = &syntax->options[i],
						    *b = &syntax->options[k];

			if (a->help &&
			    (!strcmp(a->name, b->name) || (a->letter && a->letter == b->letter)))
				return false;
		}
	}
	return true;
}

Test(command, no_option_of_any_command_hides_another)
{
	for (const struct command *c = command_table(); c->name; c++)
		cr_expect(letters_and_names_are_unique(c->syntax), "%s", c->name);
	cr_expect(letters_and_names_are_unique(&global_syntax));
}

Test(command, a_row_takes_a_value_exactly_when_its_kind_does)
{
	for (const struct command *c = command_table(); c->name; c++) {
		for (size_t i = 0; i < c->syntax->n_options; i++) {
			const struct command_option *o = &c->syntax->options[i];
			bool takes = o->kind != OPTION_IGNORED && o->kind != OPTION_FLAG &&
				     o->kind != OPTION_SWITCH;

			cr_expect_eq(takes, o->argument != NULL, "%s --%s", c->name, o->name);
			cr_expect_eq(o->kind == OPTION_CHOICE, o->choices != NULL, "%s --%s",
				     c->name, o->name);
		}
	}
}

Test(command, a_command_is_found_by_its_whole_name)
{
	cr_expect_str_eq(command_find("kill")->name, "kill");
	cr_expect_null(command_find("kil"));
	cr_expect_null(command_find(""));
	cr_expect_null(command_find("check"));
}

static const struct command *choose(const char *first, const char *second, int *ret_words)
{
	char *const words[] = { (char *)first, (char *)second, NULL };
	const struct command *command = NULL;
	struct ctr_error chosen_err = { 0 };

	if (command_choose(words, &command, ret_words, &chosen_err) < 0)
		return NULL;
	return command;
}

Test(command, a_verb_is_found_by_its_groups_name_and_its_own)
{
	int words;

	cr_expect_str_eq(choose("template", "import", &words)->name, "template import");
	cr_expect_eq(words, 2);
	cr_expect_str_eq(choose("template", NULL, &words)->name, "template");
	cr_expect_str_eq(choose("template", "--help", &words)->name, "template");
	cr_expect_eq(words, 1);
	cr_expect_str_eq(choose("kill", "import", &words)->name, "kill");
	cr_expect_eq(words, 1);
}

Test(command, a_verb_that_no_group_has_is_unknown)
{
	int words;

	cr_expect_null(choose("template", "imp", &words));
	cr_expect_null(choose("import", NULL, &words));
	cr_expect_null(choose("template import", NULL, &words));
	cr_expect_null(choose("template ", NULL, &words));
}

Test(command, verbs_stand_behind_their_group)
{
	const struct command *group = NULL;

	for (const struct command *c = command_table(); c->name; c++) {
		if (!c->run)
			group = c;
		if (command_is_verb(c, NULL))
			cr_expect(group && command_is_verb(c, group), "%s", c->name);
	}
}
