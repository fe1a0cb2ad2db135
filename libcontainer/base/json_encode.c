/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>
#include <string.h>

#include "base/json_value.h"
#include "base/str.h"

struct encoder {
	struct str out;
	enum json_form form;
	unsigned depth;
	bool empty; /* nothing stands behind the last bracket yet */
};

static void new_line(struct encoder *e)
{
	if (e->form == JSON_COMPACT)
		return;
	str_add_n(&e->out, "\n", 1);
	for (unsigned i = 0; i < e->depth; i++)
		str_add_n(&e->out, "  ", 2);
}

static void open_bracket(struct encoder *e, const char *bracket)
{
	str_add_n(&e->out, bracket, 1);
	e->depth++;
	e->empty = true;
}

static void close_bracket(struct encoder *e, const char *bracket)
{
	e->depth--;
	if (!e->empty)
		new_line(e);
	str_add_n(&e->out, bracket, 1);
	e->empty = false;
}

static void begin_item(struct encoder *e)
{
	if (!e->empty)
		str_add_n(&e->out, ",", 1);
	e->empty = false;
	new_line(e);
}

/* The letter behind the backslash, 0 for characters that need none or are \u00XX. */
static char short_escape(char c)
{
	static const char from[] = "\"\\\b\f\n\r\t", to[] = "\"\\bfnrt";
	const char *at = c ? strchr(from, c) : NULL;

	return at ? to[at - from] : 0;
}

/* Bytes that are not UTF-8 become U+FFFD: the output is JSON whatever the input. */
static void encode_string(struct encoder *e, const char *text)
{
	size_t left = strlen(text), plain = 0;

	str_add_n(&e->out, "\"", 1);
	while (plain < left) {
		unsigned char c = text[plain];
		size_t len = c < 0x80 ? 1 : json_text_sequence(text + plain, left - plain);

		if (len && c >= 0x20 && c != '"' && c != '\\') {
			plain += len;
			continue;
		}
		str_add_n(&e->out, text, plain);
		if (!len)
			str_add(&e->out, "\\ufffd");
		else if (short_escape(c))
			str_addf(&e->out, "\\%c", short_escape(c));
		else
			str_addf(&e->out, "\\u%04x", c);
		text += plain + 1;
		left -= plain + 1;
		plain = 0;
	}
	str_add_n(&e->out, text, plain);
	str_add_n(&e->out, "\"", 1);
}

static void encode_key(struct encoder *e, const char *key)
{
	begin_item(e);
	encode_string(e, key);
	str_add(&e->out, e->form == JSON_COMPACT ? ":" : ": ");
}

static void encode_object(struct encoder *e, const struct json_schema *schema, const void *object);

static void encode_item(struct encoder *e, const struct json_field *f, const void *item)
{
	switch (f->kind) {
	case JSON_INTS:
		str_addf(&e->out, "%" PRId64, *(const int64_t *)item);
		return;
	case JSON_ENUMS:
		encode_string(e, f->names[*(const int *)item]);
		return;
	case JSON_OBJECTS:
	case JSON_OBJECT_MAP:
		encode_object(e, f->object, item);
		return;
	case JSON_MAP:
		encode_string(e, ((const struct json_pair *)item)->value);
		return;
	default:
		encode_string(e, *(const json_pointer *)item);
		return;
	}
}

static void encode_list(struct encoder *e, const struct json_field *f, const struct json_list *list)
{
	const size_t size = json_item_size(f);
	const bool keyed = f->kind == JSON_MAP || f->kind == JSON_OBJECT_MAP;

	open_bracket(e, keyed ? "{" : "[");
	for (size_t i = 0; i < list->n; i++) {
		const char *item = (const char *)list->item + size * i;

		if (keyed)
			encode_key(e, *(const json_pointer *)item);
		else
			begin_item(e);
		encode_item(e, f, item);
	}
	close_bracket(e, keyed ? "}" : "]");
}

static bool is_present(const struct json_field *f, const void *at)
{
	switch (f->kind) {
	case JSON_STRING:
	case JSON_OBJECT:
		return *(const json_pointer *)at;
	case JSON_BOOL:
		return f->required || *(const bool *)at;
	case JSON_OPT_BOOL:
		return ((const struct optional_bool *)at)->set;
	case JSON_INT:
	case JSON_ENUM:
		return ((const struct optional_int *)at)->set;
	case JSON_UINT:
		return ((const struct optional_uint *)at)->set;
	case JSON_UNSUPPORTED:
		return false;
	default:
		return f->required || ((const struct json_list *)at)->n;
	}
}

static void encode_bool(struct encoder *e, bool value)
{
	str_add(&e->out, value ? "true" : "false");
}

static void encode_member(struct encoder *e, const struct json_field *f, const void *at)
{
	switch (f->kind) {
	case JSON_STRING:
		encode_string(e, *(const json_pointer *)at);
		return;
	case JSON_BOOL:
		encode_bool(e, *(const bool *)at);
		return;
	case JSON_OPT_BOOL:
		encode_bool(e, ((const struct optional_bool *)at)->value);
		return;
	case JSON_INT:
		str_addf(&e->out, "%" PRId64, ((const struct optional_int *)at)->value);
		return;
	case JSON_UINT:
		str_addf(&e->out, "%" PRIu64, ((const struct optional_uint *)at)->value);
		return;
	case JSON_ENUM:
		encode_string(e, f->names[((const struct optional_int *)at)->value]);
		return;
	case JSON_OBJECT:
		encode_object(e, f->object, *(const json_pointer *)at);
		return;
	default:
		encode_list(e, f, at);
		return;
	}
}

static void encode_object(struct encoder *e, const struct json_schema *schema, const void *object)
{
	open_bracket(e, "{");
	for (const struct json_field *f = schema->field; f->name; f++) {
		const void *at = (const char *)object + f->offset;

		if (!is_present(f, at))
			continue;
		encode_key(e, f->name);
		encode_member(e, f, at);
	}
	close_bracket(e, "}");
}

int json_encode(const struct json_schema *schema, const void *doc, enum json_form form, char **ret,
		struct error *err)
{
	struct encoder e = { .form = form };

	encode_object(&e, schema, doc);
	if (form == JSON_INDENTED)
		str_add_n(&e.out, "\n", 1);
	return str_steal(&e.out, ret, err);
}
