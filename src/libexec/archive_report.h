/* SPDX-License-Identifier: Apache-2.0 */
/* What has been unpacked, told to the parent as a document in the target. */
#pragma once

#include "archive_job.h"
#include "archive_unpack.h"
#include "spec/archive_report.h"

/* Make layers/I/diff below the target, and return it. */
int archive_report_make_layer(const struct archive_job *job, size_t i, struct error *err);

/* Add what is in `root`, with its digest. `diff_id` is of its archive, NULL: not known. */
int archive_report_layer(const struct archive_job *job, int root,
			 const struct archive_unpack *unpack, const char *diff_id,
			 struct spec_archive_report *ret, struct error *err);

/* Add the digest of all, and write it. */
int archive_report_write(const struct archive_job *job, struct spec_archive_report *report,
			 struct error *err);

void archive_report_release(struct spec_archive_report *report);
#define cleanup_archive_report __attribute__((__cleanup__(archive_report_release)))
