/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What `update` has made of linux.resources: a document beside config.json, which stays as it was
 * at create. There is none before the first update.
 */
#pragma once

#include <stddef.h>

#include "base/error.h"

/* Replace it, whole or not at all. */
int store_resources_save(int container_fd, const char *text, size_t len, struct error *err);

/* The caller frees `*ret`. Errors: ENOENT (never updated). */
int store_resources_load(int container_fd, char **ret, size_t *ret_len, struct error *err);
