/* SPDX-License-Identifier: Apache-2.0 */
#include "archive_image.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "archive_layout.h"
#include "archive_report.h"
#include "archive_unpack.h"
#include "base/cleanup.h"
#include "base/list.h"
#include "storage/layer.h"

#define INDEX_DEPTH_MAX 4
#define FILES_DIRECTORY "image" /* of an archive, below the target */

#if defined(__x86_64__)
#define ARCHITECTURE "amd64"
#elif defined(__aarch64__)
#define ARCHITECTURE "arm64"
#elif defined(__riscv)
#define ARCHITECTURE "riscv64"
#elif defined(__powerpc64__)
#define ARCHITECTURE "ppc64le"
#elif defined(__s390x__)
#define ARCHITECTURE "s390x"
#else
#define ARCHITECTURE "unknown"
#endif

/* One image under way. */
struct image {
	struct archive_job *job;
	struct archive_layout layout;
	struct spec_image_index index;
	struct spec_image_manifest manifest;
	struct spec_image_archive saved;
	struct spec_image_config config;
	struct spec_archive_report report;
	LIST_OF(int) diffs; /* of the layers so far, the uppermost first */
};

static void release(struct image *image)
{
	json_release(&spec_image_index_schema, &image->index);
	json_release(&spec_image_manifest_schema, &image->manifest);
	json_release(&spec_image_archive_schema, &image->saved);
	json_release(&spec_image_config_schema, &image->config);
	archive_report_release(&image->report);
	for (size_t i = 0; i < image->diffs.n; i++)
		cleanup_close_at(&image->diffs.item[i]);
	free(image->diffs.item);
	cleanup_close_at(&image->layout.dir);
}
#define cleanup_image __attribute__((__cleanup__(release)))

/* --- finding it -------------------------------------------------------------------------------- */

static int open_directory(struct image *image, int fd, const char *name, struct error *err)
{
	image->layout.dir = openat(fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	return image->layout.dir < 0 ? error_errno(err, errno, "open the image") : 0;
}

/* An archive's files come in any order: all of them first, then by name. */
static int open_layout(struct image *image, struct error *err)
{
	struct archive_job *job = image->job;
	struct archive_unpack unpack = { .job = job, .source = job->source, .flat_files = true };
	struct stat st;

	if (fstat(job->source, &st) < 0)
		return error_errno(err, errno, "look at the image");
	if (S_ISDIR(st.st_mode))
		return open_directory(image, job->source, ".", err);
	if (mkdirat(job->target, FILES_DIRECTORY, 0700) < 0)
		return error_errno(err, errno, "unpack the image");
	TRY(open_directory(image, job->target, FILES_DIRECTORY, err));
	unpack.root = image->layout.dir;
	return archive_unpack(&unpack, err);
}

/* From an index to the manifest, over nested indexes; each must have its digest. */
static int find_manifest(struct image *image, struct error *err)
{
	cleanup_close int fd = archive_layout_open(&image->layout, "index.json", err);
	const char *tag = image->job->reference;
	int chosen;

	TRY(fd);
	TRY(archive_layout_read(fd, "index.json", NULL, NULL, &spec_image_index_schema,
				&image->index, err));
	chosen = spec_image_choose(image->index.manifests.item, image->index.manifests.n, tag,
				   ARCHITECTURE, err);
	TRY(chosen);
	TRY(archive_layout_read_blob(&image->layout, image->index.manifests.item[chosen].digest,
				     &spec_image_manifest_schema, &image->manifest, err));
	for (int depth = 0; image->manifest.manifests.n; depth++) {
		cleanup_free char *digest = NULL;

		if (depth == INDEX_DEPTH_MAX)
			return error_set(err, EINVAL, "index.json of the image: nested too deep");
		chosen = spec_image_choose(image->manifest.manifests.item,
					   image->manifest.manifests.n, NULL, ARCHITECTURE, err);
		TRY(chosen);
		digest = steal_ptr(&image->manifest.manifests.item[chosen].digest);
		json_release(&spec_image_manifest_schema, &image->manifest);
		TRY(archive_layout_read_blob(&image->layout, digest, &spec_image_manifest_schema,
					     &image->manifest, err));
	}
	return 0;
}

/* --- layers ------------------------------------------------------------------------------------ */

/* What a layer must be: its file, and the digests that are known of it. */
struct wanted {
	int fd;
	const char *digest;  /* of the blob; NULL: not known */
	const char *diff_id; /* of the archive in it; NULL: not known */
};

static int check_digests(const struct archive_unpack *unpack, const struct wanted *wanted,
			 struct error *err)
{
	const struct archive_stream_digests *is = &unpack->digests;

	if (wanted->digest && strcmp(is->stored, wanted->digest) != 0)
		return error_set(err, EBADMSG, "its digest is %s, not %s", is->stored,
				 wanted->digest);
	if (wanted->diff_id && strcmp(is->plain, wanted->diff_id) != 0)
		return error_set(err, EBADMSG, "the digest of its content is %s, not %s", is->plain,
				 wanted->diff_id);
	return 0;
}

/* The new diff goes in front of those below it. */
static int push_diff(struct image *image, int fd, struct error *err)
{
	if (!list_add(&image->diffs)) {
		close(fd);
		return error_errno(err, ENOMEM, "unpack the image");
	}
	memmove(image->diffs.item + 1, image->diffs.item,
		(image->diffs.n - 1) * sizeof *image->diffs.item);
	image->diffs.item[0] = fd;
	return 0;
}

static int unpack_layer(struct image *image, size_t i, const struct wanted *wanted,
			struct error *err)
{
	struct archive_unpack unpack = {
		.job = image->job,
		.source = wanted->fd,
		.lower = image->diffs.item,
		.n_lower = image->diffs.n,
		.whiteouts = true,
	};
	int root = archive_report_make_layer(image->job, i, err);

	TRY(root);
	unpack.root = root;
	if (archive_unpack(&unpack, err) < 0 || check_digests(&unpack, wanted, err) < 0 ||
	    archive_report_layer(image->job, root, &unpack, unpack.digests.plain, &image->report,
				 err) < 0) {
		close(root);
		return error_prefix(err, "layer %zu: ", i + 1);
	}
	return push_diff(image, root, err);
}

static const char *diff_id(const struct image *image, size_t i)
{
	return image->config.rootfs && i < image->config.rootfs->diff_ids.n ?
		       image->config.rootfs->diff_ids.item[i] :
		       NULL;
}

static int check_count(const struct image *image, size_t n, struct error *err)
{
	size_t ids = image->config.rootfs ? image->config.rootfs->diff_ids.n : 0;

	if (n == 0 || n > LAYER_CHAIN_MAX)
		return error_set(err, EINVAL, "the image has %zu layers: wants 1 to %d", n,
				 LAYER_CHAIN_MAX);
	if (ids != n)
		return error_set(err, EINVAL, "the image has %zu layers, its config names %zu", n,
				 ids);
	return 0;
}

static int unpack_oci(struct image *image, struct error *err)
{
	const struct spec_image_manifest *manifest = &image->manifest;

	TRY(find_manifest(image, err));
	if (!manifest->config)
		return error_set(err, EINVAL, "the image's manifest names no config");
	TRY(archive_layout_read_blob(&image->layout, manifest->config->digest,
				     &spec_image_config_schema, &image->config, err));
	TRY(check_count(image, manifest->layers.n, err));
	for (size_t i = 0; i < manifest->layers.n; i++) {
		const char *digest = manifest->layers.item[i].digest;
		cleanup_close int fd = archive_layout_open_blob(&image->layout, digest, err);
		const struct wanted wanted = { fd, digest, diff_id(image, i) };

		TRY(fd);
		TRY(unpack_layer(image, i, &wanted, err));
	}
	return 0;
}

/* docker save names a config by its digest, in one of two ways. */
static void config_digest(const char *name, char ret[ARCHIVE_DIGEST_SIZE])
{
	const char *last = strrchr(name, '/');

	last = last ? last + 1 : name;
	snprintf(ret, ARCHIVE_DIGEST_SIZE, "sha256:%.64s", last);
}

static int read_saved_config(struct image *image, const char *name, struct error *err)
{
	cleanup_close int fd = archive_layout_open(&image->layout, name, err);
	char digest[ARCHIVE_DIGEST_SIZE];

	TRY(fd);
	config_digest(name, digest);
	return archive_layout_read(fd, name, digest, NULL, &spec_image_config_schema,
				   &image->config, err);
}

static int unpack_saved(struct image *image, struct error *err)
{
	cleanup_close int fd = archive_layout_open(&image->layout, "manifest.json", err);
	const struct spec_image_saved *saved;
	int chosen;

	TRY(fd);
	TRY(archive_layout_read(fd, "manifest.json", NULL,
				"{\"images\":", &spec_image_archive_schema, &image->saved, err));
	chosen = spec_image_choose_saved(&image->saved, image->job->reference, err);
	TRY(chosen);
	saved = &image->saved.images.item[chosen];
	TRY(read_saved_config(image, saved->config, err));
	TRY(check_count(image, saved->layers.n, err));
	for (size_t i = 0; i < saved->layers.n; i++) {
		const char *name = saved->layers.item[i];
		cleanup_close int layer = archive_layout_open(&image->layout, name, err);
		const struct wanted wanted = { layer, NULL, diff_id(image, i) };

		TRY(layer);
		TRY(unpack_layer(image, i, &wanted, err));
	}
	return 0;
}

/* --- what it runs ------------------------------------------------------------------------------ */

static int take_process(struct image *image, struct error *err)
{
	struct spec_image_process *from = image->config.config;
	struct spec_template_process *to = calloc(1, sizeof *to);

	image->report.process = to;
	image->report.architecture = steal_ptr(&image->config.architecture);
	if (!to)
		return error_errno(err, ENOMEM, "describe the image");
	if (!from)
		return 0;
	to->user = steal_ptr(&from->user);
	to->cwd = steal_ptr(&from->working_dir);
	to->stop_signal = steal_ptr(&from->stop_signal);
	to->env.item = steal_ptr(&from->env.item);
	to->env.n = from->env.n;
	from->env.n = 0;
	for (size_t i = 0; i < from->entrypoint.n + from->cmd.n; i++) {
		char **part = i < from->entrypoint.n ? &from->entrypoint.item[i] :
						       &from->cmd.item[i - from->entrypoint.n];
		char **item = list_add(&to->args);

		if (!item)
			return error_errno(err, ENOMEM, "describe the image");
		*item = steal_ptr(part);
	}
	return 0;
}

int archive_image_job(struct archive_job *job, struct error *err)
{
	cleanup_image struct image image = { .job = job, .layout = { -1 } };

	TRY(open_layout(&image, err));
	if (archive_layout_has(&image.layout, "index.json"))
		TRY(unpack_oci(&image, err));
	else if (archive_layout_has(&image.layout, "manifest.json"))
		TRY(unpack_saved(&image, err));
	else
		return error_set(err, EINVAL,
				 "it is no image: it has neither index.json nor "
				 "manifest.json");
	TRY(take_process(&image, err));
	return archive_report_write(job, &image.report, err);
}
