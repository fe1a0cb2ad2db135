/* SPDX-License-Identifier: Apache-2.0 */
#include "state/store_resources.h"

#include "base/fd.h"
#include "base/file.h"
#include "base/json.h"

#define RESOURCES_FILE "resources.json"

int store_resources_save(int container_fd, const char *text, size_t len, struct error *err)
{
	return file_replace(container_fd, RESOURCES_FILE, text, len, 0600, err);
}

int store_resources_load(int container_fd, char **ret, size_t *ret_len, struct error *err)
{
	return fd_read_file(container_fd, RESOURCES_FILE, JSON_SIZE_MAX, ret, ret_len, err);
}
