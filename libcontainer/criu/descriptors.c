/* SPDX-License-Identifier: Apache-2.0 */
#include "criu/descriptors.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/str.h"

/* The tables know objects; the document is what such an object's only member is. */
#define HEAD "{\"items\":"

static SCHEMA(criu_descriptors, STRINGS(criu_descriptors, items, "items"));

int criu_descriptors_encode(const struct criu_descriptors *list, char **ret, struct error *err)
{
	cleanup_free char *object = NULL;
	size_t len;

	if (!list->items.n)
		return str_printf(ret, err, "[]");
	TRY(json_encode(&criu_descriptors_schema, list, JSON_COMPACT, &object, err));
	len = strlen(object) - strlen(HEAD) - 1;
	return str_printf(ret, err, "%.*s", (int)len, object + strlen(HEAD));
}

int criu_descriptors_decode(const char *text, struct criu_descriptors *ret, struct error *err)
{
	cleanup_free char *object = NULL;

	TRY(str_printf(&object, err, HEAD "%s}", text));
	if (json_decode(&criu_descriptors_schema, object, strlen(object), ret, err) < 0)
		return error_prefix(err, CRIU_DESCRIPTORS_FILE ": ");
	return 0;
}

void criu_descriptors_release(struct criu_descriptors *list)
{
	json_release(&criu_descriptors_schema, list);
}

bool criu_descriptors_is_inherited(const char *item)
{
	return !strncmp(item, "pipe:[", 6) || !strncmp(item, "file[", 5);
}
