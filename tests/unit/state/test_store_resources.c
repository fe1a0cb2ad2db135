/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "state/store_resources.h"

Test(store_resources, the_last_save_is_what_is_loaded)
{
	char path[] = "/tmp/ctr-resources.XXXXXX", *text = NULL;
	struct error err = {};
	size_t len = 0;
	int fd;

	cr_assert_not_null(mkdtemp(path));
	fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	cr_expect_eq(store_resources_load(fd, &text, &len, &err), -ENOENT);
	cr_assert_eq(store_resources_save(fd, "{\"a\":1}", 7, &err), 0, "%s", err.text);
	cr_assert_eq(store_resources_save(fd, "{}", 2, &err), 0, "%s", err.text);
	cr_assert_eq(store_resources_load(fd, &text, &len, &err), 0, "%s", err.text);
	cr_expect_eq(len, 2u);
	cr_expect_str_eq(text, "{}");
	free(text);
	cr_assert_eq(unlinkat(fd, "resources.json", 0), 0);
	close(fd);
	cr_expect_eq(rmdir(path), 0, "a temporary file is left");
}
