/* SPDX-License-Identifier: Apache-2.0 */
/*
 * JSON documents described by tables. One row per property serves decoding,
 * encoding and releasing, and names the path in every error
 * ("process.rlimits[2].soft: wants a number").
 *
 * yajl is the lexer; everything that decides is here, and strict: UTF-8, exact
 * integers, no duplicate keys, no NUL, nothing behind the document, depth at
 * most JSON_DEPTH_MAX, size at most JSON_SIZE_MAX. A null counts as absent.
 * Parsing and releasing do not recurse on the input's depth.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/error.h"

#define JSON_DEPTH_MAX 64
#define JSON_SIZE_MAX  (16u << 20)

/* A list member of a document struct; all lists share this layout. */
#define LIST_OF(type)       \
	struct {            \
		type *item; \
		size_t n;   \
	}

/* Scalars that may be absent: a zeroed document is an empty one. */
struct optional_int {
	bool set;
	int64_t value;
};
struct optional_uint {
	bool set;
	uint64_t value;
};
struct optional_bool {
	bool set;
	bool value;
};

/* An object used as a map from strings to strings (annotations, sysctl, unified). */
struct json_pair {
	char *key;
	char *value;
};

enum json_kind {
	JSON_STRING,      /* char *, NULL absent                                  */
	JSON_BOOL,        /* bool, false when absent                              */
	JSON_OPT_BOOL,    /* struct optional_bool                                 */
	JSON_INT,         /* struct optional_int within min..max                  */
	JSON_UINT,        /* struct optional_uint, the whole range of uint64      */
	JSON_ENUM,        /* struct optional_int, index into names                */
	JSON_STRINGS,     /* LIST_OF(char *)                                      */
	JSON_INTS,        /* LIST_OF(int64_t) within min..max                     */
	JSON_ENUMS,       /* LIST_OF(int), indexes into names                     */
	JSON_OBJECT,      /* struct *, NULL absent                                */
	JSON_OBJECTS,     /* LIST_OF(struct)                                      */
	JSON_MAP,         /* LIST_OF(struct json_pair)                            */
	JSON_OBJECT_MAP,  /* LIST_OF(struct), whose first member is char *key     */
	JSON_UNSUPPORTED, /* no member: a value other than null is an error       */
};

struct json_schema {
	size_t size;
	const struct json_field *field;
};

struct json_field {
	const char *name; /* NULL ends the table */
	enum json_kind kind;
	bool required;
	size_t offset;
	const struct json_schema *object;
	const char *const *names;
	int64_t min, max;
};

/* clang-format off */
/* The offset of a member that must have type t; any other type fails to compile. */
#define MUST_BE(expr, t)       (0 * sizeof(char[__builtin_types_compatible_p(__typeof__(expr), t) ? 1 : -1]))
#define MEMBER(s, m, t)        (offsetof(struct s, m) + MUST_BE(((struct s *)0)->m, t))
#define ITEMS(s, m, t)         (offsetof(struct s, m) + MUST_BE(((struct s *)0)->m.item, t *))

/* Ids end at 2^32-2: 2^32-1 means "no change" to the kernel and is never an id. */
#define JSON_ID_MAX 4294967294LL

/* Rows. s: struct, m: member, key: property, t: struct of the nested object. */
#define STRING(s, m, key)          { .name = key, .kind = JSON_STRING, .offset = MEMBER(s, m, char *) }
#define NEEDS_STRING(s, m, key)    { .name = key, .kind = JSON_STRING, .required = true, .offset = MEMBER(s, m, char *) }
#define BOOL(s, m, key)            { .name = key, .kind = JSON_BOOL, .offset = MEMBER(s, m, bool) }
#define NEEDS_BOOL(s, m, key)      { .name = key, .kind = JSON_BOOL, .required = true, .offset = MEMBER(s, m, bool) }
#define OPT_BOOL(s, m, key)        { .name = key, .kind = JSON_OPT_BOOL, .offset = MEMBER(s, m, struct optional_bool) }
#define RANGE(s, m, key, lo, hi)   { .name = key, .kind = JSON_INT, .offset = MEMBER(s, m, struct optional_int), .min = lo, .max = hi }
#define NEEDS_RANGE(s, m, key, lo, hi) { .name = key, .kind = JSON_INT, .required = true, .offset = MEMBER(s, m, struct optional_int), .min = lo, .max = hi }
#define INT(s, m, key)             RANGE(s, m, key, INT64_MIN, INT64_MAX)
#define ID(s, m, key)              RANGE(s, m, key, 0, JSON_ID_MAX)
#define NEEDS_ID(s, m, key)        NEEDS_RANGE(s, m, key, 0, JSON_ID_MAX)
#define UINT(s, m, key)            { .name = key, .kind = JSON_UINT, .offset = MEMBER(s, m, struct optional_uint) }
#define NEEDS_UINT(s, m, key)      { .name = key, .kind = JSON_UINT, .required = true, .offset = MEMBER(s, m, struct optional_uint) }
#define ENUM(s, m, key, list)      { .name = key, .kind = JSON_ENUM, .offset = MEMBER(s, m, struct optional_int), .names = list }
#define NEEDS_ENUM(s, m, key, list) { .name = key, .kind = JSON_ENUM, .required = true, .offset = MEMBER(s, m, struct optional_int), .names = list }
#define STRINGS(s, m, key)         { .name = key, .kind = JSON_STRINGS, .offset = ITEMS(s, m, char *) }
#define INTS(s, m, key, lo, hi)    { .name = key, .kind = JSON_INTS, .offset = ITEMS(s, m, int64_t), .min = lo, .max = hi }
#define ENUMS(s, m, key, list)     { .name = key, .kind = JSON_ENUMS, .offset = ITEMS(s, m, int), .names = list }
#define OBJECT(s, m, key, t)       { .name = key, .kind = JSON_OBJECT, .offset = MEMBER(s, m, struct t *), .object = &t##_schema }
#define NEEDS_OBJECT(s, m, key, t) { .name = key, .kind = JSON_OBJECT, .required = true, .offset = MEMBER(s, m, struct t *), .object = &t##_schema }
#define OBJECTS(s, m, key, t)      { .name = key, .kind = JSON_OBJECTS, .offset = ITEMS(s, m, struct t), .object = &t##_schema }
#define MAP(s, m, key)             { .name = key, .kind = JSON_MAP, .offset = ITEMS(s, m, struct json_pair) }
#define OBJECT_MAP(s, m, key, t)   { .name = key, .kind = JSON_OBJECT_MAP, .offset = ITEMS(s, m, struct t), .object = &t##_schema }
#define UNSUPPORTED(key_)          { .name = key_, .kind = JSON_UNSUPPORTED }

/* SCHEMA(spec_mount, rows): defines spec_mount_schema for struct spec_mount. */
#define SCHEMA(s, ...) \
	const struct json_schema s##_schema = { sizeof(struct s), (const struct json_field[]){ __VA_ARGS__, {} } }
/* clang-format on */

/*
 * Decode the `len` bytes at `text` into `*ret`, which the caller has zeroed and
 * later gives to json_release, also after a failure. Unknown properties are
 * ignored, as the runtime-spec asks (config.md#extensibility).
 * Errors: EINVAL, with "line L, column C: ..." for what is not JSON and with the
 * property's path for what does not fit the schema.
 */
int json_decode(const struct json_schema *schema, const char *text, size_t len, void *ret,
		struct error *err);

enum json_form {
	JSON_INDENTED, /* for people, ends with a newline */
	JSON_COMPACT,  /* one line, without a newline */
};

/*
 * Encode `doc` into a new string in `*ret`, which the caller frees; absent
 * properties and empty lists are left out. Errors: ENOMEM.
 */
int json_encode(const struct json_schema *schema, const void *doc, enum json_form form, char **ret,
		struct error *err);

/* Release everything `doc` owns and zero it; the struct itself is the caller's. */
void json_release(const struct json_schema *schema, void *doc);
