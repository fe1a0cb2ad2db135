/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fd.h"
#include "archive_confine.h"
#include "archive_digest.h"
#include "archive_image.h"
#include "archive_job.h"
#include "archive_unpack.h"

#define TELL_ENTRIES 512
#define TELL_BYTES   (UINT64_C(32) << 20)

static void tell(const struct archive_message *message)
{
	struct error ignored = { 0 };

	fd_send(ARCHIVE_SOCKET_FD, message, sizeof *message, NULL, 0, &ignored);
}

int archive_job_count(struct archive_job *job, uint64_t entries, uint64_t bytes, struct error *err)
{
	struct tree_progress *p = &job->progress;
	bool due = (p->entries + entries) / TELL_ENTRIES != p->entries / TELL_ENTRIES ||
		   (p->bytes + bytes) / TELL_BYTES != p->bytes / TELL_BYTES;

	if (job->max_bytes && bytes > job->max_bytes - p->bytes)
		return error_set(err, EFBIG, "more than %llu bytes of file data (--max-size)",
				 (unsigned long long)job->max_bytes);
	if (job->max_entries && entries > job->max_entries - p->entries)
		return error_set(err, EFBIG, "more than %llu entries (--max-entries)",
				 (unsigned long long)job->max_entries);
	p->entries += entries;
	p->bytes += bytes;
	if (due)
		tell(&(struct archive_message){ .kind = ARCHIVE_PROGRESS, .progress = *p });
	return 0;
}

static int take_arguments(struct archive_job *job, int argc, char **argv, struct error *err)
{
	if (argc < 4)
		return error_set(err, EINVAL,
				 "usage: ctr-archive MODE BYTES ENTRIES [REFERENCE]; "
				 "ctr starts it");
	for (job->mode = 0; strcmp(archive_modes[job->mode], argv[1]) != 0; job->mode++)
		if (job->mode == ARCHIVE_UNPACK_IMAGE)
			return error_set(err, EINVAL, "unknown mode %.40s", argv[1]);
	job->max_bytes = strtoull(argv[2], NULL, 10);
	job->max_entries = strtoull(argv[3], NULL, 10);
	job->reference = argv[4];
	return 0;
}

static int (*const modes[])(struct archive_job *job, struct error *err) = {
	[ARCHIVE_DIGEST] = archive_digest_job,
	[ARCHIVE_UNPACK_TAR] = archive_unpack_job,
	[ARCHIVE_UNPACK_IMAGE] = archive_image_job,
};

static int work(int argc, char **argv, struct archive_job *job, struct error *err)
{
	TRY(take_arguments(job, argc, argv, err));
	/* Names of other bytes than ASCII; the locale is part of the C library. */
	setlocale(LC_CTYPE, "C.UTF-8");
	TRY(archive_confine(job, err));
	return modes[job->mode](job, err);
}

int main(int argc, char **argv)
{
	struct archive_message message = { .kind = ARCHIVE_END };
	struct archive_job job = { .source = -1, .target = -1 };

	if (work(argc, argv, &job, &message.error) < 0)
		message.kind = ARCHIVE_ERROR;
	message.progress = job.progress;
	snprintf(message.digest, sizeof message.digest, "%s", job.digest);
	tell(&message);
	return message.kind == ARCHIVE_END ? EXIT_SUCCESS : EXIT_FAILURE;
}
