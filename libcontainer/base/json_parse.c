/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <yajl/yajl_parse.h>

#include "base/cleanup.h"
#include "base/json_value.h"

/* What yajl's callbacks return. */
enum { STOP, GO_ON };

/* An array or map that is not closed yet. */
struct frame {
	uint32_t container;
	uint32_t last; /* its newest child, 0 for none */
	uint32_t key;  /* the newest key */
};

struct parser {
	struct json_tree *tree;
	struct error *err; /* code 0 until a callback refuses something */
	yajl_handle lexer;
	size_t end; /* behind the outermost map */
	size_t text_room;
	unsigned depth;
	struct frame frame[JSON_DEPTH_MAX];
};

DEFINE_CLEANUP(yajl_handle, yajl_free)

/* Put the path in front of the error; the first `depth` frames lead to the place. */
static int refuse(struct parser *p, unsigned depth)
{
	while (depth-- > 0) {
		const struct frame *f = &p->frame[depth];
		const struct json_value *container = &p->tree->value[f->container];

		if (container->type == JSON_TYPE_ARRAY)
			error_prefix(p->err, "[%u]", (unsigned)container->len - 1);
		else
			error_prefix(p->err, ".%s", json_text_excerpt(p->tree->text + f->key).text);
	}
	if (p->err->text[0] == '.' || p->err->text[0] == ':')
		memmove(p->err->text, p->err->text + 1, strlen(p->err->text));
	if (p->err->text[0] == ' ')
		memmove(p->err->text, p->err->text + 1, strlen(p->err->text));
	return STOP;
}

static int out_of_memory(struct parser *p)
{
	error_errno(p->err, ENOMEM, "parse JSON");
	return STOP;
}

static int grow(struct parser *p)
{
	struct json_tree *t = p->tree;
	struct json_value *more;

	if (t->n < t->room)
		return GO_ON;
	more = reallocarray(t->value, 2 * (size_t)t->room, sizeof *more);
	if (!more)
		return out_of_memory(p);
	t->value = more;
	t->room *= 2;
	return GO_ON;
}

static int add(struct parser *p, enum json_type type, uint32_t at, uint32_t len)
{
	struct json_tree *t = p->tree;
	struct frame *f = p->depth ? &p->frame[p->depth - 1] : NULL;

	if (grow(p) == STOP)
		return STOP;
	t->value[t->n] = (struct json_value){ .type = type, .len = len, .at = at };
	if (f) {
		t->value[t->n].key = f->key;
		t->value[f->container].len++;
		if (f->last)
			t->value[f->last].next = t->n;
		else
			t->value[f->container].at = t->n;
		f->last = t->n;
	}
	t->n++;
	return GO_ON;
}

/* Decoded text is never longer than its source: the block allocated in json_parse suffices. */
static uint32_t copy_text(struct parser *p, const void *text, size_t len)
{
	struct json_tree *t = p->tree;
	uint32_t at = t->text_len;

	assert(at + len + 1 <= p->text_room);
	memcpy(t->text + at, text, len);
	t->text[at + len] = '\0';
	t->text_len += len + 1;
	return at;
}

static int on_null(void *ctx)
{
	return add(ctx, JSON_TYPE_NULL, 0, 0);
}

static int on_boolean(void *ctx, int value)
{
	return add(ctx, value ? JSON_TYPE_TRUE : JSON_TYPE_FALSE, 0, 0);
}

static int on_number(void *ctx, const char *text, size_t len)
{
	return add(ctx, JSON_TYPE_NUMBER, copy_text(ctx, text, len), len);
}

static int on_string(void *ctx, const unsigned char *text, size_t len)
{
	struct parser *p = ctx;

	if (add(p, JSON_TYPE_STRING, copy_text(p, text, len), len) == STOP)
		return STOP;
	if (!memchr(text, '\0', len))
		return GO_ON;
	error_set(p->err, EINVAL, ": contains \\u0000");
	return refuse(p, p->depth);
}

static int on_key(void *ctx, const unsigned char *text, size_t len)
{
	struct parser *p = ctx;

	p->frame[p->depth - 1].key = copy_text(p, text, len);
	if (!memchr(text, '\0', len))
		return GO_ON;
	error_set(p->err, EINVAL, ": a key contains \\u0000");
	return refuse(p, p->depth - 1);
}

static int open_container(struct parser *p, enum json_type type)
{
	uint32_t index = p->tree->n;

	if (p->depth == JSON_DEPTH_MAX) {
		error_set(p->err, EINVAL, "document nests deeper than %d levels", JSON_DEPTH_MAX);
		return STOP;
	}
	if (add(p, type, 0, 0) == STOP)
		return STOP;
	p->frame[p->depth++] = (struct frame){ .container = index };
	return GO_ON;
}

static int on_start_map(void *ctx)
{
	return open_container(ctx, JSON_TYPE_MAP);
}

static int on_start_array(void *ctx)
{
	return open_container(ctx, JSON_TYPE_ARRAY);
}

static int on_end_array(void *ctx)
{
	struct parser *p = ctx;

	p->depth--;
	return GO_ON;
}

static int refuse_duplicate(struct parser *p, const char *key)
{
	error_set(p->err, EINVAL, ": duplicate key '%s'", json_text_excerpt(key).text);
	return refuse(p, p->depth - 1);
}

/* A key with its first bytes at hand, so that sorting seldom looks at the text. */
struct sorted_key {
	uint64_t head;
	const char *text;
};

static int compare_keys(const void *left, const void *right)
{
	const struct sorted_key *a = left, *b = right;

	if (a->head != b->head)
		return a->head < b->head ? -1 : 1;
	return strcmp(a->text, b->text);
}

static uint64_t head_of(const char *text)
{
	uint64_t head = 0;

	for (int i = 0; i < 8; i++)
		head = head << 8 | (*text ? (unsigned char)*text++ : 0);
	return head;
}

/* Sorting, not hashing: its cost cannot be driven up by choosing the keys. */
static int check_many_keys(struct parser *p, const struct json_value *map)
{
	const struct json_tree *t = p->tree;
	cleanup_free struct sorted_key *keys = NULL;
	size_t n = 0;

	keys = reallocarray(NULL, map->len, sizeof *keys);
	if (!keys)
		return out_of_memory(p);
	for (const struct json_value *v = json_first(t, map); v; v = json_next(t, v))
		keys[n++] = (struct sorted_key){ head_of(t->text + v->key), t->text + v->key };
	qsort(keys, n, sizeof *keys, compare_keys);
	for (size_t i = 1; i < n; i++)
		if (!compare_keys(&keys[i - 1], &keys[i]))
			return refuse_duplicate(p, keys[i].text);
	return GO_ON;
}

static int check_few_keys(struct parser *p, const struct json_value *map)
{
	const struct json_tree *t = p->tree;

	for (const struct json_value *v = json_first(t, map); v; v = json_next(t, v))
		for (const struct json_value *w = json_next(t, v); w; w = json_next(t, w))
			if (json_same_text(t->text + v->key, t->text + w->key))
				return refuse_duplicate(p, t->text + v->key);
	return GO_ON;
}

static int on_end_map(void *ctx)
{
	struct parser *p = ctx;
	const struct json_value *map = &p->tree->value[p->frame[p->depth - 1].container];
	int r = map->len > 16 ? check_many_keys(p, map) : check_few_keys(p, map);

	if (--p->depth == 0)
		p->end = yajl_get_bytes_consumed(p->lexer);
	return r;
}

static const yajl_callbacks callbacks = {
	.yajl_null = on_null,
	.yajl_boolean = on_boolean,
	.yajl_number = on_number,
	.yajl_string = on_string,
	.yajl_start_map = on_start_map,
	.yajl_map_key = on_key,
	.yajl_end_map = on_end_map,
	.yajl_start_array = on_start_array,
	.yajl_end_array = on_end_array,
};

/*
 * yajl stands behind the byte or token that it could not take, but before a byte that
 * breaks a string, number or word off.
 */
static bool stands_behind(const char *message)
{
	return !strstr(message, "lexical error: ") || strstr(message, "invalid char in json text");
}

/* yajl's words ("parse error: premature EOF\n") without its kind of error and full stop. */
static int syntax_error(yajl_handle h, const char *text, size_t len, bool ended, struct error *err)
{
	char *message = (char *)yajl_get_error(h, 0, (const unsigned char *)text, len);
	size_t offset = ended ? len : yajl_get_bytes_consumed(h);
	char *reason, *colon;

	if (!message)
		return error_errno(err, ENOMEM, "parse JSON");
	if (!ended && offset && stands_behind(message))
		offset--;
	colon = strstr(message, "error: ");
	reason = colon ? colon + strlen("error: ") : message;
	reason[strcspn(reason, "\n")] = '\0';
	if (*reason && reason[strlen(reason) - 1] == '.')
		reason[strlen(reason) - 1] = '\0';
	json_text_error(text, offset, reason, err);
	yajl_free_error(h, (unsigned char *)message);
	return -err->code;
}

/* yajl itself does not see a string that begins behind the document and has no end. */
static int check_end(const struct parser *p, const char *text, size_t len)
{
	size_t end = p->end;

	while (end < len && memchr(" \t\r\n", text[end], 4))
		end++;
	if (!p->end || end >= len)
		return 0;
	return json_text_error(text, end, "trailing garbage", p->err);
}

static int run(struct parser *p, const char *text, size_t len)
{
	cleanup_with(yajl_free) yajl_handle h = yajl_alloc(&callbacks, NULL, p);
	bool ended = false;

	if (!h)
		return error_errno(p->err, ENOMEM, "parse JSON");
	/* json_text_check was stricter already. */
	yajl_config(h, yajl_dont_validate_strings, 1);
	p->lexer = h;
	if (yajl_parse(h, (const unsigned char *)text, len) == yajl_status_ok) {
		if (yajl_complete_parse(h) == yajl_status_ok)
			return check_end(p, text, len);
		ended = true;
	}
	return p->err->code ? -p->err->code : syntax_error(h, text, len, ended, p->err);
}

int json_parse(const char *text, size_t len, struct json_tree *ret, struct error *err)
{
	struct parser p = { .tree = ret, .err = err, .text_room = len + 1 };

	err->code = 0;
	if (len > JSON_SIZE_MAX)
		return error_set(err, EINVAL, "document is larger than %u MiB",
				 JSON_SIZE_MAX >> 20);
	TRY(json_text_check(text, len, err));
	ret->room = len / 16 + 16;
	ret->value = reallocarray(NULL, ret->room, sizeof *ret->value);
	ret->text = malloc(p.text_room);
	if (!ret->value || !ret->text)
		return error_errno(err, ENOMEM, "parse JSON");
	return run(&p, text, len);
}

void json_parse_release(struct json_tree *tree)
{
	free(tree->value);
	free(tree->text);
	*tree = (struct json_tree){};
}
