/* SPDX-License-Identifier: Apache-2.0 */
#include "storage/trash.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/file.h"

/* trash/OP.N: while the journal of OP is there, replay looks whether this has been moved. */
static int is_wanted(const struct storage *storage, const char *name, struct error *err)
{
	char path[STORAGE_PATH_MAX];

	TRY(storage_path(path, err, "journal/%.*s.json", (int)strcspn(name, "."), name));
	return storage_exists(storage, path, err);
}

int trash_empty(const struct storage *storage, struct error *err)
{
	cleanup_strv struct strv names = { 0 };
	cleanup_close int fd = -1;

	TRY(storage_list(storage, "trash", &names, err));
	fd = storage_openat(storage, "trash", O_RDONLY | O_DIRECTORY, err);
	TRY(fd);
	for (size_t i = 0; i < names.n; i++) {
		int wanted = is_wanted(storage, names.item[i], err);

		TRY(wanted);
		if (!wanted && file_remove_tree(fd, names.item[i], err) < 0)
			return error_prefix(err, "empty the trash of %s: ", storage->path);
	}
	return 0;
}
