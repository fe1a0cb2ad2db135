/* SPDX-License-Identifier: Apache-2.0 */
/* Documents that commands are given as files. */
#pragma once

#include "ctr.h"

/*
 * Read the file at `path`, or standard input for "-", of at most 16 MiB, as a string; the caller
 * frees it. `command` goes in front of errors.
 */
int document_read(const char *command, const char *path, char **ret, struct ctr_error *err);
