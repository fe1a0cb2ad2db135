/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Commands as tables: one parser, one help and one completion for all of them. A
 * command's file cmd_<name>.c holds its option table, `cmd_<name>_syntax` and
 * `cmd_<name>()`; its line in commands.def does the rest. Parsing is pure.
 *
 * Accepted: --name and -name, "=VALUE" or the next word, --flag=true|false; a repeated
 * option replaces its earlier value or, for lists, is added; "--" ends the options.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ctr.h"

enum option_kind {
	OPTION_IGNORED, /* a flag that is accepted and has no effect */
	OPTION_FLAG,	/* bool */
	OPTION_SWITCH,	/* int: stays at its default unless given, then 0 or 1 */
	OPTION_NUMBER,	/* int, 0 or more */
	OPTION_CHOICE,	/* an enum: the index in `choices` */
	OPTION_STRING,	/* const char *, borrowed from argv */
	OPTION_STRINGS, /* struct command_strings */
	OPTION_IDS,	/* struct command_ids; "1,2" adds two */
};

struct command_strings {
	char **items; /* NULL-terminated; NULL while empty */
	size_t n;
};

struct command_ids {
	uint32_t *items;
	size_t n;
};

struct command_option {
	char letter; /* 0: none */
	const char *name;
	enum option_kind kind;
	size_t offset;		    /* of the member it fills */
	const char *argument;	    /* in help: "DIR", or the choices "a|b"; NULL: takes none */
	const char *help;	    /* NULL: accepted but not shown */
	const char *const *choices; /* NULL-terminated */
};

/* Kind and offset of a row; a member of another type than the kind's does not compile. */
#define OPTION_FILLS(kind_, type, member, check) \
	kind_, offsetof(type, member) + 0 * sizeof(char[(check) ? 1 : -1])
#define OPTION_MEMBER_IS(type, member, c_type) \
	__builtin_types_compatible_p(__typeof__(((type *)NULL)->member), c_type)
#define FILLS_NOTHING OPTION_IGNORED, 0
#define FILLS_FLAG(type, member) \
	OPTION_FILLS(OPTION_FLAG, type, member, OPTION_MEMBER_IS(type, member, bool))
#define FILLS_SWITCH(type, member) \
	OPTION_FILLS(OPTION_SWITCH, type, member, OPTION_MEMBER_IS(type, member, int))
#define FILLS_NUMBER(type, member) \
	OPTION_FILLS(OPTION_NUMBER, type, member, OPTION_MEMBER_IS(type, member, int))
#define FILLS_CHOICE(type, member) \
	OPTION_FILLS(OPTION_CHOICE, type, member, sizeof(((type *)NULL)->member) == sizeof(int))
#define FILLS_STRING(type, member) \
	OPTION_FILLS(OPTION_STRING, type, member, OPTION_MEMBER_IS(type, member, const char *))
#define FILLS_STRINGS(type, member)                \
	OPTION_FILLS(OPTION_STRINGS, type, member, \
		     OPTION_MEMBER_IS(type, member, struct command_strings))
#define FILLS_IDS(type, member) \
	OPTION_FILLS(OPTION_IDS, type, member, OPTION_MEMBER_IS(type, member, struct command_ids))

struct command_syntax {
	const struct command_option *options;
	size_t n_options;
	const void *defaults;	/* what the option struct starts from */
	size_t size;		/* of the option struct; 0: the command has none */
	const char *arguments;	/* in help: "ID [SIGNAL]" */
	const char *needs;	/* the first argument in words; NULL: it may be left out */
	int max_arguments;	/* COMMAND_ANY: no limit */
	bool stops_at_argument; /* what follows the first argument is never an option */
	bool enters_container;	/* its process goes on inside: protect our own file first */
	int (*check)(struct ctr_error *err); /* can this ctr do it? also before --help */
	int failure_status;	/* exit status when the library failed; 0 stands for 1 */
};
#define COMMAND_ANY		 (-1)
#define COMMAND_OPTIONS(table)	 .options = (table), .n_options = sizeof(table) / sizeof *(table)
#define COMMAND_DEFAULTS(object) .defaults = &(object), .size = sizeof(object)

/* A parsed command line; `options` is the command's own struct. */
struct command_line {
	const struct command_syntax *syntax;
	void *options;
	char **arguments; /* NULL-terminated; the words are argv's */
	int n_arguments;
};

/* Returns the exit status, or a negative errno with `*err` filled in. */
typedef int command_function(struct ctr_runtime *runtime, const struct command_line *line,
			     struct ctr_error *err);

struct command {
	const char *name; /* of a verb: its group's, a blank, its own */
	const char *summary;
	bool hidden;
	command_function *run; /* NULL: a group, whose verbs stand behind it */
	const struct command_syntax *syntax;
};

#define COMMAND(name, summary)       \
	command_function cmd_##name; \
	extern const struct command_syntax cmd_##name##_syntax;
#define HIDDEN_COMMAND(name, summary) COMMAND(name, summary)
#define GROUP(name, summary)
#define VERB(group, name, summary) COMMAND(group##_##name, summary)
#include "commands.def"
#undef COMMAND
#undef HIDDEN_COMMAND
#undef GROUP
#undef VERB

/* Every command, in the order of commands.def; the last has no name. */
const struct command *command_table(void);
/* NULL: there is none of that name ("kill", "template", "template import"). */
const struct command *command_find(const char *name);

/* Is it a verb, and of this group (NULL: of any)? */
bool command_is_verb(const struct command *command, const struct command *group);

/*
 * The command that the first words of a command line name: `*ret_words` is 1, or 2 for a verb.
 * A group without a verb is found as itself. Errors: EINVAL (unknown).
 */
int command_choose(char *const *words, const struct command **ret, int *ret_words,
		   struct ctr_error *err);

/*
 * Parse the `argc` words of `argv` (without the program's or command's name). `name` goes
 * in front of errors; NULL: nothing. Returns 1 when help was asked for. In every case
 * `*ret` holds what was understood so far, for command_line_release.
 */
int command_parse(const char *name, const struct command_syntax *syntax, int argc, char **argv,
		  struct command_line *ret, struct ctr_error *err);
void command_line_release(struct command_line *line);
#define cleanup_command_line __attribute__((__cleanup__(command_line_release)))

/* Record that the command line is wrong. Returns -EINVAL. */
int command_invalid(struct ctr_error *err, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/* Record a failed system call, with ": <strerror(code)>" behind the text. Returns -code. */
int command_failed(struct ctr_error *err, int code, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
