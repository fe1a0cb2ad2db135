/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/json_value.h"

/* Put the value `v` into the member at `at`, as the row `f` says. */
typedef int decode_fn(const struct json_tree *t, const struct json_field *f,
		      const struct json_value *v, void *at, struct error *err);

/*
 * Errors are built from the inside out: the origin writes ": wants ...", each level
 * puts ".name" or "[index]" in front, json_decode takes the first dot away.
 */
static int wants(struct error *err, const char *what)
{
	return error_set(err, EINVAL, ": wants %s", what);
}

static int out_of_memory(struct error *err)
{
	return error_set(err, ENOMEM, ": out of memory");
}

static const char *text_of(const struct json_tree *t, const struct json_value *v)
{
	return t->text + v->at;
}

static int decode_string(const struct json_tree *t, const struct json_field *f,
			 const struct json_value *v, void *at, struct error *err)
{
	char *copy;

	(void)f;
	if (v->type != JSON_TYPE_STRING)
		return wants(err, "a string");
	copy = malloc(v->len + 1);
	if (!copy)
		return out_of_memory(err);
	*(json_pointer *)at = memcpy(copy, text_of(t, v), v->len + 1);
	return 0;
}

static int decode_bool(const struct json_tree *t, const struct json_field *f,
		       const struct json_value *v, void *at, struct error *err)
{
	(void)t, (void)f;
	if (v->type != JSON_TYPE_TRUE && v->type != JSON_TYPE_FALSE)
		return wants(err, "true or false");
	*(bool *)at = v->type == JSON_TYPE_TRUE;
	return 0;
}

static int decode_opt_bool(const struct json_tree *t, const struct json_field *f,
			   const struct json_value *v, void *at, struct error *err)
{
	struct optional_bool *ret = at;

	TRY(decode_bool(t, f, v, &ret->value, err));
	ret->set = true;
	return 0;
}

struct whole_number {
	bool negative, too_big;
	uint64_t magnitude;
};

/* Exact: a fraction or an exponent is refused, never rounded. */
static int read_whole_number(const struct json_tree *t, const struct json_value *v,
			     struct whole_number *ret, struct error *err)
{
	struct whole_number number = {};
	const char *s = text_of(t, v);

	if (v->type != JSON_TYPE_NUMBER)
		return wants(err, "a whole number");
	if (*s == '-') {
		number.negative = true;
		s++;
	}
	for (; *s; s++) {
		if (*s < '0' || *s > '9')
			return wants(err, "a whole number");
		number.too_big |= __builtin_mul_overflow(number.magnitude, 10, &number.magnitude);
		number.too_big |= __builtin_add_overflow(number.magnitude, (unsigned)(*s - '0'),
							 &number.magnitude);
	}
	if (!number.magnitude && !number.too_big)
		number.negative = false;
	*ret = number;
	return 0;
}

static int read_int(const struct json_tree *t, const struct json_field *f,
		    const struct json_value *v, int64_t *ret, struct error *err)
{
	struct whole_number number;
	bool fits;
	int64_t value = 0;

	TRY(read_whole_number(t, v, &number, err));
	if (number.negative)
		fits = !__builtin_sub_overflow(0, number.magnitude, &value);
	else
		fits = !__builtin_add_overflow(0, number.magnitude, &value);
	if (!fits || number.too_big || value < f->min || value > f->max)
		return error_set(err, EINVAL, ": %s is out of range (%" PRId64 " to %" PRId64 ")",
				 json_text_excerpt(text_of(t, v)).text, f->min, f->max);
	*ret = value;
	return 0;
}

static int decode_int(const struct json_tree *t, const struct json_field *f,
		      const struct json_value *v, void *at, struct error *err)
{
	struct optional_int *ret = at;

	TRY(read_int(t, f, v, &ret->value, err));
	ret->set = true;
	return 0;
}

static int decode_uint(const struct json_tree *t, const struct json_field *f,
		       const struct json_value *v, void *at, struct error *err)
{
	struct optional_uint *ret = at;
	struct whole_number number;

	(void)f;
	TRY(read_whole_number(t, v, &number, err));
	if (number.negative || number.too_big)
		return error_set(err, EINVAL, ": %s is out of range (0 to %" PRIu64 ")",
				 json_text_excerpt(text_of(t, v)).text, UINT64_MAX);
	*ret = (struct optional_uint){ .set = true, .value = number.magnitude };
	return 0;
}

static int unknown_word(const char *word, const char *const *names, struct error *err)
{
	char list[256];
	size_t len = 0;

	for (int i = 0; names[i]; i++) {
		len += snprintf(list + len, sizeof list - len, "%s%s", i ? ", " : "",
				i < 8 ? names[i] : "...");
		if (i == 8 || len >= sizeof list)
			break;
	}
	return error_set(err, EINVAL, ": unknown value '%s' (one of %s)",
			 json_text_excerpt(word).text, list);
}

static int read_enum(const struct json_tree *t, const struct json_field *f,
		     const struct json_value *v, int *ret, struct error *err)
{
	if (v->type != JSON_TYPE_STRING)
		return wants(err, "a string");
	for (int i = 0; f->names[i]; i++) {
		if (!strcmp(f->names[i], text_of(t, v))) {
			*ret = i;
			return 0;
		}
	}
	return unknown_word(text_of(t, v), f->names, err);
}

static int decode_enum(const struct json_tree *t, const struct json_field *f,
		       const struct json_value *v, void *at, struct error *err)
{
	struct optional_int *ret = at;
	int index = 0;

	TRY(read_enum(t, f, v, &index, err));
	*ret = (struct optional_int){ .set = true, .value = index };
	return 0;
}

/* Documents that we have written ourselves have their members in the order of the table: the one
   behind the last that was found is looked at first. */
static const struct json_value *find(const struct json_tree *t, const struct json_value *map,
				     const struct json_value *guess, const char *name)
{
	if (guess && json_same_text(t->text + guess->key, name))
		return guess;
	for (const struct json_value *v = json_first(t, map); v; v = json_next(t, v))
		if (json_same_text(t->text + v->key, name))
			return v;
	return NULL;
}

static decode_fn decode_value;

static int decode_members(const struct json_tree *t, const struct json_schema *schema,
			  const struct json_value *v, void *ret, struct error *err)
{
	const struct json_value *guess;

	if (v->type != JSON_TYPE_MAP)
		return wants(err, "an object");
	guess = json_first(t, v);
	for (const struct json_field *f = schema->field; f->name; f++) {
		const struct json_value *member = find(t, v, guess, f->name);

		if (member)
			guess = json_next(t, member);
		if (member && member->type == JSON_TYPE_NULL)
			member = NULL;
		if (!member && f->required)
			return error_set(err, EINVAL, ".%s: is required", f->name);
		if (member && decode_value(t, f, member, (char *)ret + f->offset, err) < 0)
			return error_prefix(err, ".%s", f->name);
	}
	return 0;
}

static int decode_object(const struct json_tree *t, const struct json_field *f,
			 const struct json_value *v, void *at, struct error *err)
{
	void *object = calloc(1, f->object->size);

	if (!object)
		return out_of_memory(err);
	*(json_pointer *)at = object;
	return decode_members(t, f->object, v, object, err);
}

static int decode_item(const struct json_tree *t, const struct json_field *f,
		       const struct json_value *v, void *item, struct error *err)
{
	switch (f->kind) {
	case JSON_INTS:
		return read_int(t, f, v, item, err);
	case JSON_ENUMS:
		return read_enum(t, f, v, item, err);
	case JSON_OBJECTS:
		return decode_members(t, f->object, v, item, err);
	default:
		return decode_string(t, f, v, item, err);
	}
}

/* Room for n items as list.h grows it: to the next power of two, so that list_add may follow. */
static void *allocate_items(size_t n, size_t size)
{
	size_t room = 1;

	while (room < n)
		room *= 2;
	return calloc(room, size);
}

static int decode_list(const struct json_tree *t, const struct json_field *f,
		       const struct json_value *v, void *at, struct error *err)
{
	struct json_list *list = at;
	const size_t size = json_item_size(f);

	if (v->type != JSON_TYPE_ARRAY)
		return wants(err, "an array");
	if (!v->len)
		return 0;
	list->item = allocate_items(v->len, size);
	if (!list->item)
		return out_of_memory(err);
	for (const struct json_value *w = json_first(t, v); w; w = json_next(t, w)) {
		char *item = (char *)list->item + size * list->n++;

		if (decode_item(t, f, w, item, err) < 0)
			return error_prefix(err, "[%zu]", list->n - 1);
	}
	return 0;
}

/* One entry of a map: its struct begins with the key. */
static int decode_entry(const struct json_tree *t, const struct json_field *f,
			const struct json_value *v, void *item, struct error *err)
{
	const char *key = t->text + v->key;
	struct json_pair *pair = item;

	*(json_pointer *)item = strdup(key);
	if (!*(json_pointer *)item)
		return out_of_memory(err);
	if (f->kind == JSON_MAP)
		return decode_string(t, f, v, &pair->value, err);
	return decode_members(t, f->object, v, item, err);
}

static int decode_map(const struct json_tree *t, const struct json_field *f,
		      const struct json_value *v, void *at, struct error *err)
{
	struct json_list *list = at;
	const size_t size = json_item_size(f);

	if (v->type != JSON_TYPE_MAP)
		return wants(err, "an object");
	if (!v->len)
		return 0;
	list->item = allocate_items(v->len, size);
	if (!list->item)
		return out_of_memory(err);
	for (const struct json_value *w = json_first(t, v); w; w = json_next(t, w)) {
		if (w->type == JSON_TYPE_NULL)
			continue;
		if (decode_entry(t, f, w, (char *)list->item + size * list->n++, err) < 0)
			return error_prefix(err, "['%s']",
					    json_text_excerpt(t->text + w->key).text);
	}
	return 0;
}

static int decode_unsupported(const struct json_tree *t, const struct json_field *f,
			      const struct json_value *v, void *at, struct error *err)
{
	(void)t, (void)f, (void)v, (void)at;
	return error_set(err, EINVAL, ": is not supported by this version of ctr");
}

/* clang-format off */
static decode_fn *const decoders[] = {
	[JSON_STRING] = decode_string,
	[JSON_BOOL] = decode_bool,
	[JSON_OPT_BOOL] = decode_opt_bool,
	[JSON_INT] = decode_int,
	[JSON_UINT] = decode_uint,
	[JSON_ENUM] = decode_enum,
	[JSON_STRINGS] = decode_list,
	[JSON_INTS] = decode_list,
	[JSON_ENUMS] = decode_list,
	[JSON_OBJECT] = decode_object,
	[JSON_OBJECTS] = decode_list,
	[JSON_MAP] = decode_map,
	[JSON_OBJECT_MAP] = decode_map,
	[JSON_UNSUPPORTED] = decode_unsupported,
};
/* clang-format on */

static int decode_value(const struct json_tree *t, const struct json_field *f,
			const struct json_value *v, void *at, struct error *err)
{
	return decoders[f->kind](t, f, v, at, err);
}

int json_decode(const struct json_schema *schema, const char *text, size_t len, void *ret,
		struct error *err)
{
	__attribute__((__cleanup__(json_parse_release))) struct json_tree tree = {};

	TRY(json_parse(text, len, &tree, err));
	if (decode_members(&tree, schema, tree.value, ret, err) == 0)
		return 0;
	if (err->text[0] == ':')
		return error_prefix(err, "document");
	memmove(err->text, err->text + 1, strlen(err->text));
	return -err->code;
}
