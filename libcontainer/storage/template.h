/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Templates: a name for an immutable chain of layers, and what is known of the software in
 * it. From them servers are deployed: the layers are the lower ones of an overlay, whatever
 * range of ids the server has.
 */
#pragma once

#include <stdint.h>

#include "base/error.h"
#include "base/json.h"
#include "base/str.h"
#include "spec/template.h"
#include "storage/storage.h"
#include "storage/tree_copy.h"

/*
 * The layers of a template, as directories of which each is a lower one of an overlay. The
 * descriptors are the struct's.
 */
struct template_layers {
	LIST_OF(int) lower; /* the uppermost first, as overlayfs takes them */
};
#define TEMPLATE_LAYERS_EMPTY ((struct template_layers){ 0 })
void template_layers_release(struct template_layers *layers);
#define cleanup_template_layers __attribute__((__cleanup__(template_layers_release)))

void template_release(struct spec_template *template_document);
#define cleanup_template __attribute__((__cleanup__(template_release)))

/* Errors: ENOENT ("template `NAME` does not exist"), EINVAL (name, damaged). */
int template_load(const struct storage *storage, const char *name, struct spec_template *ret,
		  struct error *err);

/* Names of all, sorted. */
int template_list(const struct storage *storage, struct strv *ret, struct error *err);

/* Open the layers of a template: lower only. The store is locked. */
int template_open_layers(const struct storage *storage, const struct spec_template *template,
			 struct template_layers *ret, struct error *err);

enum template_source {
	TEMPLATE_ROOTFS,
	TEMPLATE_TAR,
	TEMPLATE_IMAGE,
	TEMPLATE_HOST,
};
extern const char *const template_sources[]; /* by enum template_source */

struct template_import {
	const char *name;
	enum template_source source;
	const char *
		path; /* of the directory, file or layout; "-": standard input; NULL for the host */
	const char *reference;		 /* an image's tag; NULL: the only one */
	uint64_t max_bytes, max_entries; /* 0: TEMPLATE_MAX_* */
	void (*tell)(void *data, const struct tree_progress *progress);
	void *tell_data;
};
#define TEMPLATE_MAX_BYTES   (UINT64_C(64) << 30)
#define TEMPLATE_MAX_ENTRIES UINT64_C(4000000)

/* Import; on failure nothing is left. Errors: EEXIST, EBUSY, EFBIG (limits), ENOSPC... */
int template_import(struct storage *storage, const struct template_import *import,
		    struct error *err);

/* Remove, with the layers that nobody else needs. Errors: EBUSY (in use), ENOENT. */
int template_remove(struct storage *storage, const char *name, struct error *err);

/*
 * Compute every layer's digest anew and compare. Errors: EUCLEAN (it differs), as
 * template_load and archive_run.
 */
int template_verify(struct storage *storage, const char *name,
		    void (*tell)(void *data, const struct tree_progress *progress), void *tell_data,
		    struct error *err);

/* Mount it, read-only, nosuid and nodev, on the directory at `path` of the host. */
int template_mount(struct storage *storage, const char *name, const char *path, struct error *err);
