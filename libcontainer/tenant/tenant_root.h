/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The root file system of a tenant that does not run, as the host sees it: owners as on disk,
 * attached nowhere, gone with its descriptor.
 */
#pragma once

#include <stdbool.h>

#include "base/str.h"
#include "storage/storage.h"

/* What the host gives to mount it with. */
struct tenant_host {
	int proc_fd;
	bool detached; /* as in struct overlay */
};

struct tenant_root {
	const struct strv *layers; /* ids, the topmost first */
	const char *upper, *work;  /* below the store */
	bool is_scratch; /* `work` is used this once and thrown away: nothing is synced */
};

/* Returns the mount's descriptor. Errors: as overlay_mount. */
int tenant_root_mount(const struct storage *storage, const struct tenant_host *host,
		      const struct tenant_root *root, struct error *err);
