/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the json_*.c files share and nobody else includes: the parsed document as
 * a compact tree, and the rules of its text.
 *
 * The tree is two blocks: values of 16 bytes that name each other by index, and
 * the text of all keys, strings and numbers, each NUL-terminated. Both go with
 * two calls of free, however deep the document.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/error.h"
#include "base/json.h"

enum json_type {
	JSON_TYPE_NULL,
	JSON_TYPE_FALSE,
	JSON_TYPE_TRUE,
	JSON_TYPE_NUMBER, /* as written */
	JSON_TYPE_STRING,
	JSON_TYPE_ARRAY,
	JSON_TYPE_MAP,
};

struct json_value {
	uint32_t type : 3; /* enum json_type */
	uint32_t len : 29; /* of the text, or the number of children */
	uint32_t key;	   /* offset in the text; only of a map's children */
	uint32_t at;	   /* offset in the text, or the first child's index, 0 for none */
	uint32_t next;	   /* sibling's index, 0 for none: the root is nobody's sibling */
};

struct json_tree {
	struct json_value *value; /* value[0] is the document */
	uint32_t n, room;
	char *text;
	uint32_t text_len;
};

/* strcmp is a call, and most texts differ in their first character. */
static inline bool json_same_text(const char *a, const char *b)
{
	return *a == *b && !strcmp(a, b);
}

static inline const struct json_value *json_first(const struct json_tree *t,
						  const struct json_value *v)
{
	return v->at ? &t->value[v->at] : NULL;
}

static inline const struct json_value *json_next(const struct json_tree *t,
						 const struct json_value *v)
{
	return v->next ? &t->value[v->next] : NULL;
}

/*
 * Parse the text into a tree, which the caller releases also after a failure.
 * Everything that the schema does not say is checked here.
 */
int json_parse(const char *text, size_t len, struct json_tree *ret, struct error *err);
void json_parse_release(struct json_tree *tree);

/*
 * Check what yajl does not: a byte order mark, UTF-8 in its shortest form, escaped
 * surrogates in pairs.
 */
int json_text_check(const char *text, size_t len, struct error *err);

/* The length of the well-formed UTF-8 sequence at `text`, 0 for none (Unicode, table 3-7). */
size_t json_text_sequence(const char *text, size_t left);

/* Say what is wrong at `offset`: "line L, column C: <reason>". Returns -EINVAL. */
int json_text_error(const char *text, size_t offset, const char *reason, struct error *err);

/* Input made fit for an error: control characters replaced, cut to the room. */
struct json_excerpt {
	char text[64];
};
struct json_excerpt json_text_excerpt(const char *text);

/* Members of a document struct, seen without their element type. */
struct json_list {
	void *item;
	size_t n;
} __attribute__((__may_alias__));
typedef void *json_pointer __attribute__((__may_alias__));

static inline size_t json_item_size(const struct json_field *f)
{
	switch (f->kind) {
	case JSON_STRINGS:
		return sizeof(char *);
	case JSON_INTS:
		return sizeof(int64_t);
	case JSON_ENUMS:
		return sizeof(int);
	case JSON_MAP:
		return sizeof(struct json_pair);
	default:
		return f->object->size;
	}
}
