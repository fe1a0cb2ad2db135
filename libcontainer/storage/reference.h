/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who needs which layer: derived from the documents each time, never stored. These count:
 * templates/NAME/template.json, tenants/NAME/tenant.json and tenants/NAME/snapshots.json;
 * of the second only "template" and "layers" are read. A document that cannot be read
 * makes it impossible to say what is needed, and so is an error.
 */
#pragma once

#include <stdbool.h>

#include "base/error.h"
#include "base/json.h"
#include "base/str.h"
#include "storage/storage.h"

struct reference {
	char *holder;	     /* "templates/web" */
	char *template_name; /* NULL: none */
	LIST_OF(char *) layers;
};

struct references {
	LIST_OF(struct reference) list;
};

/* The store is locked. Errors: EINVAL (a damaged document). */
int reference_find(const struct storage *storage, struct references *ret, struct error *err);

/* Does anyone but `except` (NULL: nobody) need the layer? Returns the holder, or NULL. */
const char *reference_holder(const struct references *references, const char *layer,
			     const char *except);

/* Who was made from the template? NULL: nobody. */
const char *reference_user(const struct references *references, const char *template_name);

void references_release(struct references *references);
#define cleanup_references __attribute__((__cleanup__(references_release)))
