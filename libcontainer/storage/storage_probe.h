/* SPDX-License-Identifier: Apache-2.0 */
/* Does the file system of the store serve? Tried in a scratch directory, which is removed. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "storage/storage.h"

struct storage_check {
	const char *name;
	const char *what;   /* it is for */
	const char *remedy; /* where it is missing */
	bool needed;
	bool found;
	char detail[120]; /* why not */
};
#define STORAGE_CHECKS_MAX 16

/*
 * Try everything; returns how many checks there are. The store must be writable. Errors: as
 * storage_openat.
 */
int storage_probe(const struct storage *storage, struct storage_check ret[STORAGE_CHECKS_MAX],
		  struct error *err);
