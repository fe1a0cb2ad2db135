/* SPDX-License-Identifier: Apache-2.0 */
#include "command.h"

#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* clang-format off */
#define COMMAND(name, summary)	      { #name, summary, false, cmd_##name, &cmd_##name##_syntax },
#define HIDDEN_COMMAND(name, summary) { #name, summary, true, cmd_##name, &cmd_##name##_syntax },
#define GROUP(name, summary)	      { #name, summary, false, NULL, &group_syntax },
#define VERB(group, name, summary)    { #group " " #name, summary, false, cmd_##group##_##name, \
					&cmd_##group##_##name##_syntax },
static const struct command_syntax group_syntax = {
	.arguments = "VERB [OPTION]... [ARGUMENT]...",
	.needs = "a verb",
	.max_arguments = COMMAND_ANY,
	.stops_at_argument = true,
};

static const struct command commands[] = {
#include "commands.def"
	{ NULL, NULL, true, NULL, NULL },
};
#undef COMMAND
#undef HIDDEN_COMMAND
#undef GROUP
#undef VERB
/* clang-format on */

const struct command *command_table(void)
{
	return commands;
}

const struct command *command_find(const char *name)
{
	for (const struct command *c = commands; c->name; c++)
		if (!strcmp(c->name, name))
			return c;
	return NULL;
}

bool command_is_verb(const struct command *command, const struct command *group)
{
	const char *blank = strchr(command->name, ' ');

	if (!blank || !group)
		return blank;
	return strlen(group->name) == (size_t)(blank - command->name) &&
	       !strncmp(command->name, group->name, (size_t)(blank - command->name));
}

int command_choose(char *const *words, const struct command **ret, int *ret_words,
		   struct ctr_error *err)
{
	const struct command *command = command_find(words[0]);
	char name[64];

	*ret_words = 1;
	*ret = command && command_is_verb(command, NULL) ? NULL : command;
	if (!*ret)
		return command_invalid(err, "unknown command \"%.200s\" (see ctr --help)",
				       words[0]);
	if (command->run || !words[1] || words[1][0] == '-')
		return 0;
	snprintf(name, sizeof name, "%s %.32s", words[0], words[1]);
	*ret_words = 2;
	*ret = command_find(name);
	if (!*ret)
		return command_invalid(err, "unknown command \"%s\" (see ctr %s --help)", name,
				       words[0]);
	return 0;
}

int command_invalid(struct ctr_error *err, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(err->text, sizeof err->text, fmt, ap);
	va_end(ap);
	err->code = EINVAL;
	err->error_class = CTR_E_INVALID;
	return -EINVAL;
}

int command_failed(struct ctr_error *err, int code, const char *fmt, ...)
{
	va_list ap;
	size_t length;

	va_start(ap, fmt);
	vsnprintf(err->text, sizeof err->text, fmt, ap);
	va_end(ap);
	length = strlen(err->text);
	snprintf(err->text + length, sizeof err->text - length, ": %s", strerror(code));
	err->code = code;
	err->error_class = code == ENOMEM ? CTR_E_RESOURCE : CTR_E_SYSTEM;
	return -code;
}

/* Setters: 0, -EINVAL when `value` does not fit, -ENOMEM. */

static bool parse_bool(const char *value, bool *ret)
{
	static const char *const words[][2] = {
		{ "false", "true" }, { "0", "1" }, { "f", "t" }, { "no", "yes" }
	};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		for (int truth = 0; truth < 2; truth++) {
			if (!strcmp(value, words[i][truth])) {
				*ret = truth;
				return true;
			}
		}
	}
	return false;
}

/* Digits only: strtoul(3) would also take signs and leading blanks. */
static bool parse_number(const char *value, const char **ret_end, unsigned long max,
			 unsigned long *ret)
{
	char *end;
	unsigned long number;

	if (*value < '0' || *value > '9')
		return false;
	errno = 0;
	number = strtoul(value, &end, 10);
	if (errno || number > max)
		return false;
	*ret_end = end;
	*ret = number;
	return true;
}

static int set_nothing(const struct command_option *option, void *target, const char *value)
{
	bool on;

	(void)option;
	(void)target;
	return parse_bool(value, &on) ? 0 : -EINVAL;
}

static int set_flag(const struct command_option *option, void *target, const char *value)
{
	(void)option;
	return parse_bool(value, target) ? 0 : -EINVAL;
}

static int set_switch(const struct command_option *option, void *target, const char *value)
{
	bool on;

	(void)option;
	if (!parse_bool(value, &on))
		return -EINVAL;
	*(int *)target = on;
	return 0;
}

static int set_number(const struct command_option *option, void *target, const char *value)
{
	const char *end;
	unsigned long number;

	(void)option;
	if (!parse_number(value, &end, INT_MAX, &number) || *end)
		return -EINVAL;
	*(int *)target = (int)number;
	return 0;
}

static int set_choice(const struct command_option *option, void *target, const char *value)
{
	for (unsigned int i = 0; option->choices[i]; i++) {
		if (!strcmp(option->choices[i], value)) {
			*(unsigned int *)target = i;
			return 0;
		}
	}
	return -EINVAL;
}

static int set_string(const struct command_option *option, void *target, const char *value)
{
	(void)option;
	*(const char **)target = value;
	return 0;
}

static int set_strings(const struct command_option *option, void *target, const char *value)
{
	struct command_strings *list = target;
	char **items = reallocarray(list->items, list->n + 2, sizeof *items);

	(void)option;
	if (!items)
		return -ENOMEM;
	items[list->n] = (char *)value;
	items[list->n + 1] = NULL;
	list->items = items;
	list->n++;
	return 0;
}

static int set_ids(const struct command_option *option, void *target, const char *value)
{
	struct command_ids *list = target;

	(void)option;
	for (;; value++) {
		unsigned long id;
		uint32_t *items;

		/* (uint32_t)-1 means "leave unchanged" to the kernel: never an id */
		if (!parse_number(value, &value, UINT32_MAX - 1, &id))
			return -EINVAL;
		items = reallocarray(list->items, list->n + 1, sizeof *items);
		if (!items)
			return -ENOMEM;
		items[list->n++] = (uint32_t)id;
		list->items = items;
		if (*value != ',')
			return *value ? -EINVAL : 0;
	}
}

static const struct {
	int (*set)(const struct command_option *option, void *target, const char *value);
	const char *wants; /* NULL: what the row's `argument` says */
} kinds[] = {
	[OPTION_IGNORED] = { set_nothing, "true or false" },
	[OPTION_FLAG] = { set_flag, "true or false" },
	[OPTION_SWITCH] = { set_switch, "true or false" },
	[OPTION_NUMBER] = { set_number, "a number from 0 to 2147483647" },
	[OPTION_CHOICE] = { set_choice, NULL },
	[OPTION_STRING] = { set_string, NULL },
	[OPTION_STRINGS] = { set_strings, NULL },
	[OPTION_IDS] = { set_ids, "an id from 0 to 4294967294" },
};

/* A word that begins with "-": which option it names, and the value behind "=". */
struct word {
	const char *text; /* without the dashes */
	size_t length;	  /* of the name */
	bool is_letter;
	const char *value; /* NULL: none */
};

static struct word split_word(const char *word)
{
	bool two_dashes = word[1] == '-';
	struct word ret = { .text = word + 1 + two_dashes };

	ret.length = strcspn(ret.text, "=");
	ret.is_letter = !two_dashes && ret.length == 1;
	if (ret.text[ret.length])
		ret.value = ret.text + ret.length + 1;
	return ret;
}

static bool word_names(const struct word *word, char letter, const char *name)
{
	if (word->is_letter)
		return letter && word->text[0] == letter;
	return name && strlen(name) == word->length && !strncmp(word->text, name, word->length);
}

static const struct command_option *find_option(const struct command_syntax *syntax,
						const struct word *word)
{
	for (size_t i = 0; i < syntax->n_options; i++)
		if (word_names(word, syntax->options[i].letter, syntax->options[i].name))
			return &syntax->options[i];
	return NULL;
}

static int store_value(const struct command_option *option, struct command_line *line,
		       const char *value, struct ctr_error *err)
{
	const char *wants = kinds[option->kind].wants;
	int result = kinds[option->kind].set(option, (char *)line->options + option->offset, value);

	if (result == -ENOMEM)
		return command_failed(err, ENOMEM, "option --%s", option->name);
	if (result < 0)
		return command_invalid(err, "invalid %s \"%.200s\": --%s wants %s", option->name,
				       value, option->name, wants ? wants : option->argument);
	return 0;
}

/* Take the option at argv[*i], and the word behind it when that is its value. */
static int take_option(struct command_line *line, char **argv, int *i, struct ctr_error *err)
{
	struct word word = split_word(argv[*i]);
	const struct command_option *option = find_option(line->syntax, &word);

	if (!option && word_names(&word, 'h', "help"))
		return 1;
	if (!option)
		return command_invalid(err, "unknown option %.200s", argv[*i]);
	if (!word.value && !option->argument)
		word.value = "true";
	if (!word.value)
		word.value = argv[++*i];
	if (!word.value)
		return command_invalid(err, "option --%s requires an argument", option->name);
	return store_value(option, line, word.value, err);
}

static int check_count(const struct command_line *line, struct ctr_error *err)
{
	const struct command_syntax *syntax = line->syntax;

	if (syntax->needs && line->n_arguments == 0)
		return command_invalid(err, "needs %s (arguments: %s)", syntax->needs,
				       syntax->arguments);
	if (syntax->max_arguments != COMMAND_ANY && line->n_arguments > syntax->max_arguments)
		return command_invalid(err, "too many arguments, from \"%.200s\" on%s%s%s",
				       line->arguments[syntax->max_arguments],
				       syntax->arguments ? " (arguments: " : "",
				       syntax->arguments ? syntax->arguments : "",
				       syntax->arguments ? ")" : "");
	return 0;
}

static int parse_words(struct command_line *line, int argc, char **argv, struct ctr_error *err)
{
	bool ended = false;

	for (int i = 0; i < argc; i++) {
		int result;

		if (ended || argv[i][0] != '-' || !argv[i][1]) {
			line->arguments[line->n_arguments++] = argv[i];
			ended = ended || line->syntax->stops_at_argument;
			continue;
		}
		if (!strcmp(argv[i], "--")) {
			ended = true;
			continue;
		}
		result = take_option(line, argv, &i, err);
		if (result != 0)
			return result;
	}
	return check_count(line, err);
}

int command_parse(const char *name, const struct command_syntax *syntax, int argc, char **argv,
		  struct command_line *ret, struct ctr_error *err)
{
	struct ctr_error inner = { 0 };
	int result;

	*ret = (struct command_line){ .syntax = syntax };
	ret->options = calloc(1, syntax->size ? syntax->size : 1);
	ret->arguments = calloc((size_t)argc + 1, sizeof *ret->arguments);
	if (!ret->options || !ret->arguments)
		return command_failed(err, ENOMEM, "parse the command line");
	if (syntax->defaults)
		memcpy(ret->options, syntax->defaults, syntax->size);
	result = parse_words(ret, argc, argv, &inner);
	if (result >= 0)
		return result;
	*err = inner;
	if (name)
		snprintf(err->text, sizeof err->text, "%s: %.450s", name, inner.text);
	return result;
}

void command_line_release(struct command_line *line)
{
	for (size_t i = 0; line->options && i < line->syntax->n_options; i++) {
		const struct command_option *option = &line->syntax->options[i];
		void *target = (char *)line->options + option->offset;

		if (option->kind == OPTION_STRINGS)
			free(((struct command_strings *)target)->items);
		if (option->kind == OPTION_IDS)
			free(((struct command_ids *)target)->items);
	}
	free(line->options);
	free(line->arguments);
	*line = (struct command_line){ 0 };
}
