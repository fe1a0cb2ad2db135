/* SPDX-License-Identifier: Apache-2.0 */
#include "archive_report.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "base/list.h"
#include "archive_digest.h"

int archive_report_make_layer(const struct archive_job *job, size_t i, struct error *err)
{
	char path[64];
	int fd;

	snprintf(path, sizeof path, "layers/%zu", i);
	if (mkdirat(job->target, path, 0700) < 0)
		return error_errno(err, errno, "make %s", path);
	strcat(path, "/diff");
	if (mkdirat(job->target, path, 0755) < 0)
		return error_errno(err, errno, "make %s", path);
	fd = openat(job->target, path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return error_errno(err, errno, "open %s", path);
	if (fchmod(fd, 0755) < 0) { /* the umask */
		close(fd);
		return error_errno(err, errno, "set the attributes of %s", path);
	}
	return fd;
}

int archive_report_layer(const struct archive_job *job, int root,
			 const struct archive_unpack *unpack, const char *diff_id,
			 struct spec_archive_report *ret, struct error *err)
{
	struct archive_job counting = { .mode = job->mode };
	struct spec_archive_layer *layer;
	char digest[ARCHIVE_DIGEST_SIZE];

	TRY(archive_digest_tree(&counting, root, digest, err));
	layer = list_add(&ret->layers);
	if (!layer)
		return error_errno(err, ENOMEM, "report a layer");
	*layer = (struct spec_archive_layer){
		.digest = strdup(digest),
		.diff_id = diff_id ? strdup(diff_id) : NULL,
		.entries = { true, unpack->entries },
		.size = { true, unpack->bytes },
		.left_out = { unpack->left_out > 0, unpack->left_out },
	};
	if (!layer->digest || (diff_id && !layer->diff_id))
		return error_errno(err, ENOMEM, "report a layer");
	return 0;
}

int archive_report_write(const struct archive_job *job, struct spec_archive_report *report,
			 struct error *err)
{
	cleanup_free const char **digests = calloc(report->layers.n + 1, sizeof *digests);
	char digest[ARCHIVE_DIGEST_SIZE];
	cleanup_free char *text = NULL;

	if (!digests)
		return error_errno(err, ENOMEM, "report");
	for (size_t i = 0; i < report->layers.n; i++)
		digests[i] = report->layers.item[i].digest;
	archive_digest_chain(digests, report->layers.n, digest);
	report->digest = strdup(digest);
	if (!report->digest)
		return error_errno(err, ENOMEM, "report");
	TRY(json_encode(&spec_archive_report_schema, report, JSON_INDENTED, &text, err));
	return file_replace(job->target, ARCHIVE_REPORT_FILE, text, strlen(text), 0600, err);
}

void archive_report_release(struct spec_archive_report *report)
{
	json_release(&spec_archive_report_schema, report);
}
