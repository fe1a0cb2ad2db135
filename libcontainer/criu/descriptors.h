/* SPDX-License-Identifier: Apache-2.0 */
/*
 * descriptors.json beside the images: what the container's 0, 1 and 2 were at the checkpoint
 * ("pipe:[1234]"), an array of strings as runc and crun write it. Pure.
 */
#pragma once

#include <stdbool.h>

#include "base/json.h"

#define CRIU_DESCRIPTORS_FILE "descriptors.json"

struct criu_descriptors {
	LIST_OF(char *) items;
};

/* The document in `*ret`, which the caller frees. Errors: ENOMEM. */
int criu_descriptors_encode(const struct criu_descriptors *list, char **ret, struct error *err);

/* Release with criu_descriptors_release. Errors: EINVAL, ENOMEM. */
int criu_descriptors_decode(const char *text, struct criu_descriptors *ret, struct error *err);
void criu_descriptors_release(struct criu_descriptors *list);

/* Is it one for which restore hands in its own descriptor of the same number? */
bool criu_descriptors_is_inherited(const char *item);
