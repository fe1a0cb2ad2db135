/* SPDX-License-Identifier: Apache-2.0 */
/* What is mounted from the store in our mount namespace. */
#pragma once

#include "base/error.h"
#include "storage/storage.h"

/* Errors: EBUSY (a mount shows the layer; names its place). */
int storage_mounts_check(const struct storage *storage, const char *layer, struct error *err);
