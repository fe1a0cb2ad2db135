/* SPDX-License-Identifier: Apache-2.0 */
#include "base/number_set.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define WORD_BITS (8 * sizeof(unsigned long))

struct range {
	size_t first, last;
};

static const char *skip_blanks(const char *text)
{
	return text + strspn(text, " ");
}

/* Returns what follows the number, or NULL: no number, or too large a one. */
static const char *take_number(const char *text, size_t *ret)
{
	size_t value = 0;

	text = skip_blanks(text);
	if (*text < '0' || *text > '9')
		return NULL;
	for (; *text >= '0' && *text <= '9'; text++) {
		value = 10 * value + (size_t)(*text - '0');
		if (value > NUMBER_SET_MAX)
			return NULL;
	}
	*ret = value;
	return skip_blanks(text);
}

/* Returns what follows the range, or NULL. */
static const char *take_range(const char *text, struct range *ret)
{
	text = take_number(text, &ret->first);
	ret->last = ret->first;
	if (text && *text == '-')
		text = take_number(text + 1, &ret->last);
	return text && ret->first <= ret->last ? text : NULL;
}

static int add_range(struct number_set *set, const struct range *range, struct error *err)
{
	size_t n = range->last / WORD_BITS + 1;

	if (n > set->n) {
		unsigned long *more = reallocarray(set->word, n, sizeof *more);

		if (!more)
			return error_errno(err, ENOMEM, "keep a list of numbers");
		memset(more + set->n, 0, (n - set->n) * sizeof *more);
		set->word = more;
		set->n = n;
	}
	for (size_t i = range->first; i <= range->last; i++)
		set->word[i / WORD_BITS] |= 1ul << i % WORD_BITS;
	return 0;
}

static int parse(const char *text, struct number_set *set, struct error *err)
{
	struct range range;

	if (!*skip_blanks(text))
		return 0;
	for (;; text++) {
		text = take_range(text, &range);
		if (!text || (*text && *text != ','))
			return error_set(err, EINVAL,
					 "wants a list such as 0-3,7 of numbers up to %d",
					 NUMBER_SET_MAX);
		if (set)
			TRY(add_range(set, &range, err));
		if (!*text)
			return 0;
	}
}

int number_set_parse(const char *text, struct number_set *ret, struct error *err)
{
	struct number_set set = {};

	if (parse(text, &set, err) < 0) {
		number_set_release(&set);
		return -err->code;
	}
	*ret = set;
	return 0;
}

int number_set_check(const char *text, struct error *err)
{
	return parse(text, NULL, err);
}

bool number_set_has(const struct number_set *set, size_t number)
{
	return number / WORD_BITS < set->n &&
	       set->word[number / WORD_BITS] & 1ul << number % WORD_BITS;
}

void number_set_release(struct number_set *set)
{
	free(set->word);
	*set = (struct number_set){};
}
