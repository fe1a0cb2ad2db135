/* SPDX-License-Identifier: Apache-2.0 */
/* Removing what nothing in the store refers to. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/json.h"
#include "storage/storage.h"

struct gc_item {
	char *path; /* below the store */
	const char *why;
	uint64_t bytes; /* 0: not known */
};

struct gc_list {
	LIST_OF(struct gc_item) items;
};

/* What gc_collect would remove. Changes nothing. Errors: EINVAL (a damaged document). */
int gc_look(struct storage *storage, struct gc_list *ret, struct error *err);

/* Remove it, and say what it was. */
int gc_collect(struct storage *storage, struct gc_list *ret, struct error *err);

void gc_list_release(struct gc_list *list);
#define cleanup_gc_list __attribute__((__cleanup__(gc_list_release)))
