/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Layers: layers/ID/ with layer.json and diff/, a plain overlay diff (a character device 0:0
 * hides a name, trusted.overlay.opaque hides a lower directory's content). The id of an
 * imported layer comes from its content, so equal ones are there once; the id of what a
 * tenant wrote is random, and its digest is computed when someone wants it.
 */
#pragma once

#include "base/error.h"
#include "spec/template.h"
#include "storage/storage.h"

#define LAYER_CHAIN_MAX 128 /* the kernel takes 500; each one costs lookups of what is not there */

/* Open layers/ID/diff. Returns the descriptor. Errors: EINVAL (no id), ENOENT. */
int layer_open(const struct storage *storage, const char *id, struct error *err);

/* Errors: ENOENT, EINVAL (damaged). */
int layer_load(const struct storage *storage, const char *id, struct spec_layer *ret,
	       struct error *err);

/* Write layer.json into a directory that is still staged. */
int layer_save(int layer_fd, const struct spec_layer *layer, struct error *err);

void layer_release(struct spec_layer *layer);
#define cleanup_layer __attribute__((__cleanup__(layer_release)))
