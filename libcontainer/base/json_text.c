/* SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/json_value.h"

int json_text_error(const char *text, size_t offset, const char *reason, struct error *err)
{
	size_t line = 1, column = 1;

	for (size_t i = 0; i < offset; i++) {
		if (text[i] == '\n') {
			line++;
			column = 1;
		} else if ((text[i] & 0xc0) != 0x80) {
			column++;
		}
	}
	return error_set(err, EINVAL, "line %zu, column %zu: %s", line, column, reason);
}

/* clang-format off */
static const struct {
	unsigned char first, last;   /* of the leading byte */
	unsigned char low, high;     /* of the second one: no overlong forms, no surrogates */
	unsigned char len;
} sequences[] = {
	{ 0x00, 0x7f, 0x00, 0x00, 1 },
	{ 0xc2, 0xdf, 0x80, 0xbf, 2 },
	{ 0xe0, 0xe0, 0xa0, 0xbf, 3 },
	{ 0xe1, 0xec, 0x80, 0xbf, 3 },
	{ 0xed, 0xed, 0x80, 0x9f, 3 },
	{ 0xee, 0xef, 0x80, 0xbf, 3 },
	{ 0xf0, 0xf0, 0x90, 0xbf, 4 },
	{ 0xf1, 0xf3, 0x80, 0xbf, 4 },
	{ 0xf4, 0xf4, 0x80, 0x8f, 4 },
};
/* clang-format on */

size_t json_text_sequence(const char *text, size_t left)
{
	const unsigned char *s = (const unsigned char *)text;
	size_t row = 0, len;

	if (!left)
		return 0;
	while (s[0] < sequences[row].first || s[0] > sequences[row].last)
		if (++row == sizeof sequences / sizeof *sequences)
			return 0;
	len = sequences[row].len;
	if (len == 1)
		return 1;
	if (len > left || s[1] < sequences[row].low || s[1] > sequences[row].high)
		return 0;
	for (size_t i = 2; i < len; i++)
		if ((s[i] & 0xc0) != 0x80)
			return 0;
	return len;
}

/* The surrogate written as \uXXXX at s, 0 when there is none. */
static unsigned escaped_surrogate(const char *s, size_t left)
{
	unsigned value = 0;

	if (left < 6 || s[0] != '\\' || s[1] != 'u')
		return 0;
	for (int i = 2; i < 6; i++) {
		unsigned char c = s[i];

		if (!isxdigit(c))
			return 0;
		value = value << 4 | (isdigit(c) ? c - '0' : (c | 0x20) - 'a' + 10);
	}
	return value >= 0xd800 && value <= 0xdfff ? value : 0;
}

/*
 * The length of the escape at s, 0 for half of a surrogate pair, which yajl would
 * turn into another character. Other wrong escapes are yajl's to report.
 */
static size_t escape_length(const char *s, size_t left)
{
	unsigned first = escaped_surrogate(s, left);

	if (!first)
		return left < 2 ? left : 2;
	if (first >= 0xdc00 || escaped_surrogate(s + 6, left - 6) < 0xdc00)
		return 0;
	return 12;
}

/* Are these eight bytes ASCII without a backslash? */
static bool eight_plain_bytes(const char *s)
{
	const uint64_t low = 0x0101010101010101, high = 0x8080808080808080;
	uint64_t word, difference;

	memcpy(&word, s, sizeof word);
	difference = word ^ low * '\\';
	return !((word | ((difference - low) & ~difference)) & high);
}

int json_text_check(const char *text, size_t len, struct error *err)
{
	size_t i = 0;

	if (len >= 3 && !memcmp(text, "\xef\xbb\xbf", 3))
		return json_text_error(text, 0, "begins with a byte order mark", err);
	while (i < len) {
		const char *reason = "not UTF-8";
		size_t step;

		if (len - i >= 8 && eight_plain_bytes(text + i)) {
			i += 8;
			continue;
		}
		if (text[i] == '\\') {
			reason = "half of a surrogate pair";
			step = escape_length(text + i, len - i);
		} else {
			step = json_text_sequence(text + i, len - i);
		}
		if (!step)
			return json_text_error(text, i, reason, err);
		i += step;
	}
	return 0;
}

/* C0, DEL and C1 controls: a terminal would obey them. */
static bool is_control(const char *s, size_t len)
{
	unsigned char c = s[0];

	return c < 0x20 || c == 0x7f || (len == 2 && c == 0xc2 && (unsigned char)s[1] < 0xa0);
}

struct json_excerpt json_text_excerpt(const char *text)
{
	struct json_excerpt out;
	size_t n = 0, left = strlen(text);
	const size_t room = sizeof out.text - sizeof "...";

	while (left) {
		size_t len = json_text_sequence(text, left);
		bool plain = len && !is_control(text, len);

		if (n + (plain ? len : 1) > room) {
			strcpy(out.text + n, "...");
			return out;
		}
		if (plain)
			memcpy(out.text + n, text, len);
		else
			out.text[n] = '?';
		n += plain ? len : 1;
		text += len ? len : 1;
		left -= len ? len : 1;
	}
	out.text[n] = '\0';
	return out;
}
