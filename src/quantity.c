/* SPDX-License-Identifier: Apache-2.0 */
#include "quantity.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

bool quantity_integer(const char *text, int64_t least, int64_t *ret)
{
	char *end;
	long long value;

	if (!isdigit((unsigned char)text[*text == '-']))
		return false;
	errno = 0;
	value = strtoll(text, &end, 10);
	if (errno || *end || value < least)
		return false;
	*ret = value;
	return true;
}

/* Digits, and behind a point some more: the value and how many of them there are. */
struct decimal {
	uint64_t digits, scale; /* digits / scale */
};

static bool read_decimal(const char **text, struct decimal *ret)
{
	const char *p = *text;
	bool fraction = false;

	*ret = (struct decimal){ 0, 1 };
	for (; isdigit((unsigned char)*p) || (*p == '.' && !fraction); p++) {
		if (*p == '.') {
			fraction = true;
			continue;
		}
		/* so many that the unit could not be applied without loss */
		if (ret->digits > UINT64_MAX / 16 || ret->scale > 1000000)
			return false;
		ret->digits = ret->digits * 10 + (uint64_t)(*p - '0');
		ret->scale *= fraction ? 10 : 1;
	}
	if (!isdigit((unsigned char)**text) || !isdigit((unsigned char)p[-1]))
		return false;
	*text = p;
	return true;
}

/* digits / scale * unit, cut to a whole number. */
static bool multiply(struct decimal number, uint64_t unit, int64_t *ret)
{
	unsigned __int128 value = (unsigned __int128)number.digits * unit / number.scale;

	if (value > INT64_MAX)
		return false;
	*ret = (int64_t)value;
	return true;
}

bool quantity_bytes(const char *text, int64_t *ret)
{
	static const char letters[] = "kmgtpe";
	struct decimal number;
	const char *letter;
	int power = 0;

	if (!strcmp(text, "-1")) {
		*ret = -1;
		return true;
	}
	if (!read_decimal(&text, &number))
		return false;
	text += *text == ' ' && text[1];
	letter = *text ? strchr(letters, tolower((unsigned char)*text)) : NULL;
	if (letter) {
		power = (int)(letter - letters) + 1;
		text++;
		text += tolower((unsigned char)*text) == 'i';
	}
	text += tolower((unsigned char)*text) == 'b';
	return !*text && multiply(number, 1ULL << 10 * power, ret);
}

bool quantity_milliseconds(const char *text, int64_t *ret)
{
	static const struct {
		const char *name;
		uint64_t milliseconds;
	} units[] = { { "ms", 1 }, { "s", 1000 }, { "m", 60000 }, { "h", 3600000 }, { "", 1000 } };
	int64_t total = 0, part;

	if (!*text)
		return false;
	while (*text) {
		struct decimal number;
		size_t n, i = 0;

		if (!read_decimal(&text, &number))
			return false;
		n = strspn(text, "hms");
		while (i < sizeof units / sizeof *units &&
		       (strlen(units[i].name) != n || strncmp(units[i].name, text, n) != 0))
			i++;
		if (i == sizeof units / sizeof *units ||
		    !multiply(number, units[i].milliseconds, &part) ||
		    __builtin_add_overflow(total, part, &total))
			return false;
		text += n;
	}
	*ret = total;
	return total > 0;
}
