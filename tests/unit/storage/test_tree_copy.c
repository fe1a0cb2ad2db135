/* SPDX-License-Identifier: Apache-2.0 */
#include "storage/tree_copy.h"

#include <errno.h>
#include <sys/xattr.h>

#include "tests/unit/storage/fixture.h"

static int source, target;

static void begin(void)
{
	set_up();
	make_directory("staging/from");
	make_directory("staging/to");
	source = openat(storage.fd, "staging/from", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	target = openat(storage.fd, "staging/to", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

static void end(void)
{
	close(source);
	close(target);
	tear_down();
}

TestSuite(tree_copy, .init = begin, .fini = end);

static struct stat look(const char *path)
{
	struct stat st = { 0 };

	cr_assert_eq(fstatat(storage.fd, path, &st, AT_SYMLINK_NOFOLLOW), 0, "%s", path);
	return st;
}

static void copy(void)
{
	struct tree_copy how = { 0 };

	cr_assert_eq(tree_copy(&how, source, target, &err), 0, "%s", err.text);
}

Test(tree_copy, keeps_modes_times_links_and_attributes)
{
	static const struct timespec times[2] = { { 1, 2 }, { 3, 4 } };
	char value[8] = "";

	write_text("staging/from/file", "data");
	cr_assert_eq(fchmodat(storage.fd, "staging/from/file", 04751, 0), 0);
	cr_assert_eq(linkat(storage.fd, "staging/from/file", storage.fd, "staging/from/second", 0),
		     0);
	cr_assert_eq(symlinkat("../../nowhere", storage.fd, "staging/from/link"), 0);
	make_directory("staging/from/dir");
	write_text("staging/from/dir/in", "");
	cr_assert_eq(setxattr(at("store/staging/from/file"), "user.a", "b", 1, 0), 0);
	cr_assert_eq(utimensat(storage.fd, "staging/from/file", times, 0), 0);
	cr_assert_eq(utimensat(storage.fd, "staging/from/dir", times, 0), 0);
	copy();
	cr_expect_eq(look("staging/to/file").st_mode & 07777, 04751u);
	cr_expect_eq(look("staging/to/file").st_mtim.tv_nsec, 4);
	cr_expect_eq(look("staging/to/dir").st_mtim.tv_nsec, 4);
	cr_expect_eq(look("staging/to/file").st_ino, look("staging/to/second").st_ino);
	cr_expect(S_ISLNK(look("staging/to/link").st_mode));
	cr_expect_eq(getxattr(at("store/staging/to/file"), "user.a", value, sizeof value), 1);
	cr_expect_str_eq(value, "b");
	cr_expect_eq(look("staging/to").st_mode, look("staging/from").st_mode);
}

Test(tree_copy, keeps_holes)
{
	int fd = openat(source, "holes", O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

	cr_assert_eq(pwrite(fd, "x", 1, 8 << 20), 1);
	cr_assert_eq(ftruncate(fd, 16 << 20), 0);
	close(fd);
	copy();
	cr_expect_eq(look("staging/to/holes").st_size, 16 << 20);
	cr_expect_lt(look("staging/to/holes").st_blocks, 2048);
}

Test(tree_copy, follows_no_link)
{
	cr_assert_eq(symlinkat("/etc", storage.fd, "staging/from/etc"), 0);
	copy();
	cr_expect(S_ISLNK(look("staging/to/etc").st_mode));
}

Test(tree_copy, stops_at_its_limits)
{
	struct tree_copy few = { .max_entries = 1 }, small = { .max_bytes = 3 };

	write_text("staging/from/a", "12");
	write_text("staging/from/b", "34");
	cr_expect_eq(tree_copy(&few, source, target, &err), -EFBIG);
	cr_expect(strstr(err.text, "--max-entries"));
	unlinkat(storage.fd, "staging/to/a", 0);
	unlinkat(storage.fd, "staging/to/b", 0);
	cr_expect_eq(tree_copy(&small, source, target, &err), -EFBIG);
	cr_expect(strstr(err.text, "--max-size"));
}

static enum tree_choice choose(const void *data, const char *path, const struct stat *st)
{
	(void)data;
	(void)st;
	return !strcmp(path, "empty")	   ? TREE_TAKE_EMPTY :
	       !strcmp(path, "dir/secret") ? TREE_LEAVE_OUT :
					     TREE_TAKE;
}

Test(tree_copy, takes_what_is_chosen)
{
	struct tree_copy how = { .choose = choose };

	make_directory("staging/from/empty");
	make_directory("staging/from/dir");
	write_text("staging/from/empty/x", "");
	write_text("staging/from/dir/secret", "");
	write_text("staging/from/dir/open", "");
	cr_assert_eq(tree_copy(&how, source, target, &err), 0, "%s", err.text);
	cr_expect(is_there("staging/to/empty"));
	cr_expect_not(is_there("staging/to/empty/x"));
	cr_expect(is_there("staging/to/dir/open"));
	cr_expect_not(is_there("staging/to/dir/secret"));
}
