/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A bundle's config, read once, and what is decided from it. Private to the room.
 */
#pragma once

#include "lifecycle/lifecycle.h"

struct document {
	char *bundle; /* absolute */
	char *text;
	size_t len;
	struct spec_config config;
	struct spec_rootfs layers; /* empty without the annotation */
	struct plan plan;
};

/* Read, check and plan a bundle. Errors name the file, the property and the remedy. */
int document_load(struct lifecycle *l, const char *id, const struct create_options *options,
		  struct document *ret, struct error *err);

/* Decode and check a config that is at hand as text; `name` stands in errors. */
int document_decode(const char *name, const char *text, size_t len, struct spec_config *ret,
		    struct error *err);

void document_release(struct document *document);
#define cleanup_document __attribute__((__cleanup__(document_release)))
