/* SPDX-License-Identifier: Apache-2.0 */
#include "storage/storage_mounts.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "storage/template.h"

static void close_file(FILE *file)
{
	fclose(file);
}
DEFINE_CLEANUP(FILE *, close_file)

/* Field 5 of a line of mountinfo (proc(5)) is where it is mounted. */
static int busy(char *line, const char *layer, struct error *err)
{
	char *rest = line, *word = NULL;

	for (int i = 0; i < 5 && rest; i++)
		word = strsep(&rest, " ");
	return error_set(err, EBUSY, "layer %s is mounted on %.300s: unmount it first", layer,
			 word ? word : "a directory");
}

/* A layer's id is random enough to be known by its name, as a mount's root or in its options. */
int storage_mounts_check(const struct storage *storage, const char *layer, struct error *err)
{
	cleanup_with(close_file) FILE *file = fopen("/proc/self/mountinfo", "re");
	cleanup_free char *line = NULL;
	char wanted[STORAGE_PATH_MAX];
	size_t room = 0;

	(void)storage;
	TRY(storage_path(wanted, err, "/layers/%s/", layer));
	if (!file)
		return error_errno(err, errno, "open /proc/self/mountinfo");
	while (getline(&line, &room, file) >= 0)
		if (strstr(line, wanted))
			return busy(line, layer, err);
	return 0;
}
