/* SPDX-License-Identifier: Apache-2.0 */
#include "systemd/value.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/list.h"
#include "base/str.h"

enum { DEPTH_MAX = 8, SIGNATURE_MAX = 64 };

struct reader {
	const char *text, *at;
	int depth;
};

/* What may stand before a value instead of "@t". */
static const struct {
	const char *word;
	char type;
} keywords[] = {
	{ "boolean", 'b' }, { "byte", 'y' },   { "int16", 'n' },      { "uint16", 'q' },
	{ "int32", 'i' },   { "uint32", 'u' }, { "int64", 'x' },      { "uint64", 't' },
	{ "double", 'd' },  { "string", 's' }, { "objectpath", 'o' }, { "signature", 'g' },
};

static const struct {
	char type;
	int64_t min;
	uint64_t max;
} ranges[] = {
	{ 'y', 0, UINT8_MAX },	       { 'n', INT16_MIN, INT16_MAX }, { 'q', 0, UINT16_MAX },
	{ 'i', INT32_MIN, INT32_MAX }, { 'u', 0, UINT32_MAX },	      { 'x', INT64_MIN, INT64_MAX },
	{ 't', 0, UINT64_MAX },
};

static int refuse(const struct reader *r, const char *why, struct error *err)
{
	return error_set(err, EINVAL, "at character %zu of '%.100s': %s",
			 (size_t)(r->at - r->text) + 1, r->text, why);
}

static void skip_blanks(struct reader *r)
{
	r->at += strspn(r->at, " \t\n");
}

static bool take(struct reader *r, char c)
{
	skip_blanks(r);
	if (*r->at != c)
		return false;
	r->at++;
	return true;
}

/* The length of the complete type that `signature` begins with; 0: none. */
static size_t type_length(const char *signature, int depth)
{
	size_t n = 1, part;

	if (depth > DEPTH_MAX || !*signature)
		return 0;
	if (strchr("bynqiuxtdsog", *signature))
		return 1;
	if (*signature == 'a') {
		part = type_length(signature + 1, depth + 1);
		return part ? part + 1 : 0;
	}
	if (*signature != '(' || signature[1] == ')')
		return 0;
	for (; signature[n] != ')'; n += part) {
		part = type_length(signature + n, depth + 1);
		if (!part)
			return 0;
	}
	return n + 1;
}

static int set_type(struct systemd_value *v, char type, struct error *err)
{
	v->type = type;
	return str_printf(&v->signature, err, "%c", type);
}

/* What the value has to be is known, and it is something else. */
static int check_wanted(const struct reader *r, const char *wanted, const char *types,
			struct error *err)
{
	return !wanted || strchr(types, *wanted) ? 0 :
						   refuse(r, "the value is of another type", err);
}

static int read_boolean(struct reader *r, const char *wanted, bool value, struct systemd_value *v,
			struct error *err)
{
	TRY(check_wanted(r, wanted, "b", err));
	v->number = value;
	return set_type(v, 'b', err);
}

static int read_real(struct reader *r, struct systemd_value *v, struct error *err)
{
	char *end;

	v->real = strtod(r->at, &end);
	if (end == r->at)
		return refuse(r, "wants a number", err);
	r->at = end;
	return set_type(v, 'd', err);
}

static int check_range(const struct reader *r, char type, bool negative, uint64_t size,
		       struct error *err)
{
	for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++)
		if (ranges[i].type == type &&
		    (negative ? size > (uint64_t)0 - (uint64_t)ranges[i].min :
				size > ranges[i].max))
			return refuse(r, "the number does not fit its type", err);
	return 0;
}

static int read_number(struct reader *r, const char *wanted, struct systemd_value *v,
		       struct error *err)
{
	size_t sign = *r->at == '-' || *r->at == '+';
	bool negative = *r->at == '-';
	bool hex = r->at[sign] == '0' && (r->at[sign + 1] | 0x20) == 'x';
	size_t digits = strspn(r->at + sign, "0123456789");
	char type = wanted ? *wanted : 'i';
	uint64_t size;
	char *end;

	TRY(check_wanted(r, wanted, "ynqiuxtd", err));
	if (!isdigit((unsigned char)r->at[sign]))
		return refuse(r, "wants a value", err);
	if (type == 'd' || (!wanted && !hex && r->at[sign + digits] &&
			    strchr(".eE", r->at[sign + digits])))
		return read_real(r, v, err);
	errno = 0;
	size = strtoull(r->at + sign, &end, hex ? 16 : 10);
	if (errno == ERANGE)
		return refuse(r, "the number does not fit its type", err);
	TRY(check_range(r, type, negative, size, err));
	r->at = end;
	v->number = negative ? (uint64_t)0 - size : size;
	return set_type(v, type, err);
}

static int read_string(struct reader *r, const char *wanted, struct systemd_value *v,
		       struct error *err)
{
	static const char escapes[] = "a\ab\bf\fn\nr\rt\tv\v\\\\''\"\"";
	const char quote = *r->at;
	cleanup_str struct str text = {};

	TRY(check_wanted(r, wanted, "sog", err));
	for (r->at++; *r->at != quote; r->at++) {
		char c = *r->at;

		if (c == '\\') {
			size_t i = 0;

			r->at++;
			while (escapes[i] && escapes[i] != *r->at)
				i += 2;
			if (!*r->at || !escapes[i])
				return refuse(r, "there is no such escape", err);
			c = escapes[i + 1];
		}
		if (!c)
			return refuse(r, "the string has no end", err);
		str_add_n(&text, &c, 1);
	}
	r->at++;
	TRY(str_steal(&text, &v->text, err));
	return set_type(v, wanted ? *wanted : 's', err);
}

static int read_value(struct reader *r, const char *wanted, struct systemd_value *v,
		      struct error *err);

static int read_item(struct reader *r, const char *wanted, struct systemd_value *v,
		     struct error *err)
{
	struct systemd_value *item = list_add(&v->items);

	if (!item)
		return error_errno(err, ENOMEM, "read a property's value");
	return read_value(r, wanted, item, err);
}

/* Where the type is not known, that of the first element is everybody's. */
static int read_array(struct reader *r, const char *wanted, struct systemd_value *v,
		      struct error *err)
{
	const char *element = wanted ? wanted + 1 : NULL;

	TRY(check_wanted(r, wanted, "a", err));
	r->at++;
	v->type = 'a';
	while (!take(r, ']')) {
		if (v->items.n && !take(r, ','))
			return refuse(r, "wants , or ]", err);
		TRY(read_item(r, element, v, err));
		if (!element)
			element = v->items.item[0].signature;
	}
	if (!element)
		return refuse(r, "an empty array needs its type, like @as []", err);
	return str_printf(&v->signature, err, "a%.*s", (int)type_length(element, 0), element);
}

static int read_tuple(struct reader *r, const char *wanted, struct systemd_value *v,
		      struct error *err)
{
	const char *member = wanted ? wanted + 1 : NULL;
	cleanup_str struct str signature = {};

	TRY(check_wanted(r, wanted, "(", err));
	r->at++;
	v->type = '(';
	str_add(&signature, "(");
	while (!take(r, ')')) {
		if (v->items.n && !take(r, ','))
			return refuse(r, "wants , or )", err);
		if (member && *member == ')')
			return refuse(r, "the value is of another type", err);
		TRY(read_item(r, member, v, err));
		str_add(&signature, v->items.item[v->items.n - 1].signature);
		member += member ? type_length(member, 0) : 0;
	}
	if (!v->items.n || (member && *member != ')'))
		return refuse(r, "the value is of another type", err);
	str_add(&signature, ")");
	return str_steal(&signature, &v->signature, err);
}

/* "@a(ss) ..." */
static int read_annotated(struct reader *r, const char *wanted, struct systemd_value *v,
			  struct error *err)
{
	size_t n = strcspn(r->at + 1, " \t\n");
	char signature[SIGNATURE_MAX];

	if (n >= sizeof signature)
		return refuse(r, "the type is too long", err);
	memcpy(signature, r->at + 1, n);
	signature[n] = '\0';
	if (!n || type_length(signature, 0) != n)
		return refuse(r, "there is no such type", err);
	if (wanted && strncmp(wanted, signature, n) != 0)
		return refuse(r, "the value is of another type", err);
	r->at += n + 1;
	return read_value(r, signature, v, err);
}

/* true, false, or a type's name and then the value. */
static int read_word(struct reader *r, const char *wanted, struct systemd_value *v,
		     struct error *err)
{
	size_t n = 0;

	while (isalnum((unsigned char)r->at[n]))
		n++;
	if ((n == 4 && !strncmp(r->at, "true", n)) || (n == 5 && !strncmp(r->at, "false", n))) {
		r->at += n;
		return read_boolean(r, wanted, n == 4, v, err);
	}
	for (size_t i = 0; i < sizeof keywords / sizeof *keywords; i++) {
		char type[] = { keywords[i].type, '\0' };

		if (strlen(keywords[i].word) != n || strncmp(r->at, keywords[i].word, n) != 0)
			continue;
		TRY(check_wanted(r, wanted, type, err));
		r->at += n;
		return read_value(r, type, v, err);
	}
	return refuse(r, "wants a value", err);
}

static int read_value(struct reader *r, const char *wanted, struct systemd_value *v,
		      struct error *err)
{
	static const struct {
		const char *begins;
		int (*read)(struct reader *, const char *, struct systemd_value *, struct error *);
	} forms[] = {
		{ "@", read_annotated },
		{ "[", read_array },
		{ "(", read_tuple },
		{ "'\"", read_string },
		{ "abcdefghijklmnopqrstuvwxyz", read_word },
		{ "+-0123456789", read_number },
	};
	int result;

	skip_blanks(r);
	if (++r->depth > DEPTH_MAX)
		return refuse(r, "the value is nested too deeply", err);
	for (size_t i = 0; *r->at && i < sizeof forms / sizeof *forms; i++) {
		if (!strchr(forms[i].begins, *r->at))
			continue;
		result = forms[i].read(r, wanted, v, err);
		r->depth--;
		return result;
	}
	return refuse(r, "wants a value", err);
}

int systemd_value_parse(const char *text, struct systemd_value *ret, struct error *err)
{
	struct reader r = { .text = text, .at = text };

	TRY(read_value(&r, NULL, ret, err));
	skip_blanks(&r);
	return *r.at ? refuse(&r, "something stands behind the value", err) : 0;
}

/* As deep as the reader goes, no deeper. */
void systemd_value_release(struct systemd_value *value)
{
	for (size_t i = 0; i < value->items.n; i++)
		systemd_value_release(&value->items.item[i]);
	free(value->items.item);
	free(value->text);
	free(value->signature);
	*value = (struct systemd_value){};
}
