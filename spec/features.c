/* SPDX-License-Identifier: Apache-2.0 */
#include "spec/features.h"

#include <errno.h>
#include <string.h>

#include "base/list.h"

static const struct json_field *find_row(const struct json_schema *schema, const char *name,
					 size_t n)
{
	for (const struct json_field *row = schema->field; row->name; row++)
		if (strlen(row->name) == n && !memcmp(row->name, name, n))
			return row->kind == JSON_UNSUPPORTED ? NULL : row;
	return NULL;
}

bool spec_features_has(const char *path)
{
	const struct json_schema *schema = &spec_config_schema;
	const struct json_field *row = NULL;

	for (size_t n; schema && *path; path += n + (path[n] == '.')) {
		n = strcspn(path, ".");
		row = find_row(schema, path, n);
		schema = row ? row->object : NULL;
	}
	return row && !*path;
}

int spec_features_add_words(void *list_of_strings, const char *const *words, struct error *err)
{
	LIST_OF(char *) *list = list_of_strings;

	for (; *words; words++) {
		char **word = list_add(list);

		if (word)
			*word = strdup(*words);
		if (!word || !*word)
			return error_errno(err, ENOMEM, "add the word %s", *words);
	}
	return 0;
}
