/* SPDX-License-Identifier: Apache-2.0 */
/* Owner, mode, attributes and times of an entry, onto a descriptor or a name. */
#pragma once

#include <archive_entry.h>

#include "base/error.h"
#include "archive_tree.h"

/* Of an open file or directory. */
int archive_meta_set(int fd, struct archive_entry *entry, struct error *err);

/* Of a link or FIFO. */
int archive_meta_set_node(const struct archive_place *place, struct archive_entry *entry,
			  struct error *err);

/* The times that an entry has; those before 1970 or far away count as 0. */
void archive_meta_times(struct archive_entry *entry, struct timespec ret[2]);
