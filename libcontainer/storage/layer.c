/* SPDX-License-Identifier: Apache-2.0 */
#include "storage/layer.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/fd.h"
#include "base/file.h"

#define LAYER_FILE "layer.json"

static int layer_path(const char *id, const char *name, char ret[STORAGE_PATH_MAX],
		      struct error *err)
{
	if (!storage_is_id(id))
		return error_set(err, EINVAL, "\"%.64s\" is no layer's id", id ? id : "");
	return storage_path(ret, err, "layers/%s/%s", id, name);
}

int layer_open(const struct storage *storage, const char *id, struct error *err)
{
	char path[STORAGE_PATH_MAX];

	TRY(layer_path(id, "diff", path, err));
	return storage_openat(storage, path, O_RDONLY | O_DIRECTORY, err);
}

int layer_load(const struct storage *storage, const char *id, struct spec_layer *ret,
	       struct error *err)
{
	cleanup_layer struct spec_layer layer = { 0 };
	char path[STORAGE_PATH_MAX];
	cleanup_free char *text = NULL;
	cleanup_close int fd = -1;
	size_t len;

	TRY(layer_path(id, LAYER_FILE, path, err));
	fd = storage_openat(storage, path, O_RDONLY, err);
	TRY(fd);
	TRY(fd_read_all(fd, path, JSON_SIZE_MAX, &text, &len, err));
	if (json_decode(&spec_layer_schema, text, len, &layer, err) < 0)
		return error_prefix(err, "%s/%s is damaged: ", storage->path, path);
	if (strcmp(layer.id, id) != 0 || (layer.digest && !storage_is_digest(layer.digest)))
		return error_set(err, EINVAL, "%s/%s is damaged: id or digest", storage->path,
				 path);
	*ret = layer;
	layer = (struct spec_layer){ 0 };
	return 0;
}

int layer_save(int layer_fd, const struct spec_layer *layer, struct error *err)
{
	cleanup_free char *text = NULL;

	TRY(json_encode(&spec_layer_schema, layer, JSON_INDENTED, &text, err));
	return file_replace_durable(layer_fd, LAYER_FILE, text, strlen(text), 0600, err);
}

void layer_release(struct spec_layer *layer)
{
	json_release(&spec_layer_schema, layer);
}
