/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "base/json_value.h"

static void release_item(const struct json_field *f, void *item)
{
	switch (f->kind) {
	case JSON_STRINGS:
		free(*(json_pointer *)item);
		return;
	case JSON_MAP:
		free(((struct json_pair *)item)->key);
		free(((struct json_pair *)item)->value);
		return;
	case JSON_OBJECT_MAP:
		free(*(json_pointer *)item);
		json_release(f->object, item);
		return;
	case JSON_OBJECTS:
		json_release(f->object, item);
		return;
	default:
		return;
	}
}

static void release_list(const struct json_field *f, const struct json_list *list)
{
	const size_t size = json_item_size(f);

	for (size_t i = 0; i < list->n; i++)
		release_item(f, (char *)list->item + size * i);
	free(list->item);
}

static void release_member(const struct json_field *f, void *at)
{
	switch (f->kind) {
	case JSON_STRING:
		free(*(json_pointer *)at);
		return;
	case JSON_OBJECT:
		if (*(json_pointer *)at)
			json_release(f->object, *(json_pointer *)at);
		free(*(json_pointer *)at);
		return;
	case JSON_STRINGS:
	case JSON_INTS:
	case JSON_ENUMS:
	case JSON_OBJECTS:
	case JSON_MAP:
	case JSON_OBJECT_MAP:
		release_list(f, at);
		return;
	default:
		return;
	}
}

void json_release(const struct json_schema *schema, void *doc)
{
	for (const struct json_field *f = schema->field; f->name; f++)
		release_member(f, (char *)doc + f->offset);
	memset(doc, 0, schema->size);
}
