/* SPDX-License-Identifier: Apache-2.0 */
#include "tenant_options.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "quantity.h"

#define CPUS_MAX 1000000

bool tenant_cpus_parse(const char *text, int64_t *ret)
{
	size_t whole = strspn(text, "0123456789"), part = 0;
	int64_t millis = 0;

	if (!strcmp(text, "-1")) {
		*ret = -1;
		return true;
	}
	if (text[whole] == '.')
		part = strspn(text + whole + 1, "0123456789");
	if (whole == 0 || whole > 6 || part > 3 || (text[whole] && part == 0) ||
	    text[whole + (part ? part + 1 : 0)])
		return false;
	for (size_t i = 0; i < whole; i++)
		millis = millis * 10 + (text[i] - '0');
	for (size_t i = 0; i < 3; i++)
		millis = millis * 10 + (i < part ? text[whole + 1 + i] - '0' : 0);
	*ret = millis;
	return millis > 0;
}

static bool parse_memory(const char *text, int64_t *ret)
{
	return quantity_bytes(text, ret) && *ret != 0;
}

static bool parse_pids(const char *text, int64_t *ret)
{
	return quantity_integer(text, -1, ret) && *ret != 0;
}

int tenant_limits_parse(const char *command, const struct tenant_limits *limits,
			struct tenant_numbers *ret, struct ctr_error *err)
{
	const struct {
		const char *name, *text, *wants;
		bool (*parse)(const char *text, int64_t *ret);
		int64_t *number;
	} rows[] = {
		{ "memory", limits->memory, "a size such as 512m", parse_memory, &ret->memory },
		{ "cpus", limits->cpus, "a number such as 2 or 0.5", tenant_cpus_parse,
		  &ret->cpu_millis },
		{ "pids", limits->pids, "a whole number over 0", parse_pids, &ret->pids },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (rows[i].text && !rows[i].parse(rows[i].text, rows[i].number))
			return command_invalid(err,
					       "%s: invalid --%s \"%.200s\": wants %s, or -1 for "
					       "no limit",
					       command, rows[i].name, rows[i].text, rows[i].wants);
	return 0;
}

/* Cuts `text` up. */
static bool parse_bind(char *text, struct ctr_bind *ret)
{
	char *destination = strchr(text, ':'), *option = NULL;

	if (!destination)
		return false;
	*destination++ = '\0';
	option = strchr(destination, ':');
	if (option)
		*option++ = '\0';
	if (option && strcmp(option, "ro") != 0 && strcmp(option, "rw") != 0)
		return false;
	*ret = (struct ctr_bind){ text, destination, option && !strcmp(option, "ro") };
	return *text == '/' && *destination == '/';
}

static size_t length_of_all(const struct command_strings *given)
{
	size_t length = 0;

	for (size_t i = 0; i < given->n; i++)
		length += strlen(given->items[i]) + 1;
	return length;
}

int tenant_binds_parse(const char *command, const struct command_strings *given,
		       struct tenant_binds *ret, struct ctr_error *err)
{
	char *at;

	if (!given->n)
		return 0;
	ret->items = calloc(given->n, sizeof *ret->items);
	at = ret->text = malloc(length_of_all(given));
	if (!ret->items || !ret->text)
		return command_failed(err, ENOMEM, "%s", command);
	for (size_t i = 0; i < given->n; i++) {
		size_t size = strlen(given->items[i]) + 1;

		memcpy(at, given->items[i], size);
		if (!parse_bind(at, &ret->items[ret->n++]))
			return command_invalid(err,
					       "%s: invalid --bind \"%.200s\": wants "
					       "SRC:DST[:ro|:rw] with absolute paths",
					       command, given->items[i]);
		at += size;
	}
	return 0;
}

void tenant_binds_release(struct tenant_binds *binds)
{
	free(binds->items);
	free(binds->text);
}
