/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The trash: what was renamed there is deleted later, without any lock, by descriptors and
 * without following links or crossing mounts.
 */
#pragma once

#include "base/error.h"
#include "storage/storage.h"

/*
 * Delete what is in the trash, except what a journal still names. The store need not be
 * locked; who else does the same is no harm. Errors: EBUSY (something is mounted in it).
 */
int trash_empty(const struct storage *storage, struct error *err);
