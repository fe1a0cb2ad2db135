/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "archive_job.h"

/*
 * Before a byte is read that others wrote: the working and root directory become an empty
 * file system; source and target become mounts of their own, which cannot be left upwards,
 * without set-id programs and devices; capabilities that changing owners does not take go;
 * memory is limited; system calls are those of a reader and writer of files.
 */
int archive_confine(struct archive_job *job, struct error *err);
