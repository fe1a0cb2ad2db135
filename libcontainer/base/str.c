/* SPDX-License-Identifier: Apache-2.0 */
#include "base/str.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"

/* Make room for n more bytes and the NUL. */
static bool reserve(struct str *s, size_t n)
{
	size_t wanted, room;
	char *more;

	if (s->failed || __builtin_add_overflow(s->len + 1, n, &wanted)) {
		s->failed = true;
		return false;
	}
	if (wanted <= s->room)
		return true;
	room = wanted < 64 ? 64 : wanted + wanted / 2;
	more = realloc(s->text, room);
	if (!more) {
		s->failed = true;
		return false;
	}
	s->text = more;
	s->room = room;
	return true;
}

void str_add_n(struct str *s, const char *text, size_t n)
{
	if (!reserve(s, n))
		return;
	memcpy(s->text + s->len, text, n);
	s->len += n;
	s->text[s->len] = '\0';
}

void str_add(struct str *s, const char *text)
{
	str_add_n(s, text, strlen(text));
}

void str_addf(struct str *s, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n < 0) {
		s->failed = true;
		return;
	}
	if (!reserve(s, n))
		return;
	va_start(ap, fmt);
	vsnprintf(s->text + s->len, (size_t)n + 1, fmt, ap);
	va_end(ap);
	s->len += n;
}

void str_release(struct str *s)
{
	free(s->text);
	*s = (struct str){};
}

int str_steal(struct str *s, char **ret, struct error *err)
{
	if (!s->failed)
		str_add_n(s, "", 0);
	if (s->failed) {
		str_release(s);
		return error_errno(err, ENOMEM, "build a text");
	}
	*ret = steal_ptr(&s->text);
	str_release(s);
	return 0;
}

int str_printf(char **ret, struct error *err, const char *fmt, ...)
{
	va_list ap;
	char *text;
	int n;

	va_start(ap, fmt);
	n = vasprintf(&text, fmt, ap);
	va_end(ap);
	if (n < 0)
		return error_errno(err, ENOMEM, "build a text");
	*ret = text;
	return 0;
}

int strv_add(struct strv *v, const char *text, struct error *err)
{
	cleanup_free char *copy = strdup(text);

	if (!copy)
		return error_errno(err, ENOMEM, "copy '%.64s'", text);
	/* Full at 3, 7, 15 ... strings: the NULL behind the last takes a slot too. */
	if (((v->n + 1) & v->n) == 0) {
		char **more = reallocarray(v->item, 2 * (v->n + 1), sizeof *more);

		if (!more)
			return error_errno(err, ENOMEM, "copy '%.64s'", text);
		v->item = more;
	}
	v->item[v->n++] = steal_ptr(&copy);
	v->item[v->n] = NULL;
	return 0;
}

void strv_release(struct strv *v)
{
	for (size_t i = 0; i < v->n; i++)
		free(v->item[i]);
	free(v->item);
	*v = (struct strv){};
}

/* Digits with at most one '-' before them, no zero in front of other digits. */
static bool is_decimal(const char *text)
{
	size_t digits;

	if (*text == '-')
		text++;
	digits = strspn(text, "0123456789");
	return digits > 0 && !text[digits] && (digits == 1 || *text != '0');
}

int str_to_int(const char *text, const char *what, long long min, long long max, long long *ret,
	       struct error *err)
{
	long long value;

	if (!is_decimal(text))
		return error_set(err, EINVAL, "%s: '%.64s' is not a whole number", what, text);
	errno = 0;
	value = strtoll(text, NULL, 10);
	if (errno || value < min || value > max)
		return error_set(err, ERANGE, "%s: %.64s is out of range (%lld to %lld)", what,
				 text, min, max);
	*ret = value;
	return 0;
}
