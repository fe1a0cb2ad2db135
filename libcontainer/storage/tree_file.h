/* SPDX-License-Identifier: Apache-2.0 */
/* One file's data and attributes, from one descriptor to another. Results: 0 or -errno. */
#pragma once

#include <sys/stat.h>

/* Data of a file of `size` bytes, holes kept. 1: shared (FICLONE); 0: copied. */
int tree_file_copy_data(int from, int to, off_t size);

/*
 * Owner, extended attributes that may enter a layer, mode, times: in this order, because
 * each would undo the one behind it otherwise.
 */
int tree_file_copy_attributes(int from, int to, const struct stat *st);

/* Owner and times of a link or FIFO by its name; on failure errno is set. */
int tree_file_set_node(int dir_fd, const char *name, const struct stat *st);
