/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Growing a LIST_OF(type) by one element at a time.
 */
#pragma once

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/json.h"

/*
 * Append one zeroed element; returns its address, or NULL when out of memory.
 * list_add(&plan->ops) has the element's pointer type.
 */
#define list_add(list) ((__typeof__((list)->item))list_grow_((void **)&(list)->item, &(list)->n, sizeof *(list)->item))

/* Room doubles: the capacity is the next power of two, so it needs no member. */
static inline void *list_grow_(void **item, size_t *n, size_t size)
{
	if ((*n & (*n - 1)) == 0 || *n == 0) {
		void *more = reallocarray(*item, *n ? 2 * *n : 1, size);

		if (!more)
			return NULL;
		*item = more;
	}
	return memset((char *)*item + size * (*n)++, 0, size);
}
