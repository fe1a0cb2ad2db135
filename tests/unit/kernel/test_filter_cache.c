/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "kernel/filter.h"

/* A directory of the test's own. */
static int open_cache(char path[64])
{
	int fd;

	strcpy(path, "/tmp/test_filter_cache.XXXXXX");
	cr_assert_not_null(mkdtemp(path));
	fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	cr_assert_geq(fd, 0);
	return fd;
}

static void remove_cache(int fd, const char *path)
{
	struct error err = { 0 };

	close(fd);
	cr_assert_eq(file_remove_tree(AT_FDCWD, path, &err), 0, "%s", err.text);
}

static struct sock_filter code[] = {
	BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0),
	BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
};
static const struct filter_program stored = { .filter = code, .len = 2 };

static int count_files(int dir_fd, char last[NAME_MAX + 1])
{
	DIR *dir = fdopendir(openat(dir_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
	struct dirent *entry;
	int n = 0;

	while ((entry = readdir(dir))) {
		if (entry->d_name[0] == '.')
			continue;
		snprintf(last, NAME_MAX + 1, "%s", entry->d_name);
		n++;
	}
	closedir(dir);
	return n;
}

static int find(int dir_fd, const char *key)
{
	struct filter_program program = { 0 };
	int found = filter_cache_find(dir_fd, key, &program);

	free(program.filter);
	return found;
}

Test(filter_cache, what_was_stored_is_found_again)
{
	char path[64];
	int fd = open_cache(path);
	struct filter_program program = { 0 };

	filter_cache_store(fd, "profile", &stored);
	cr_assert_eq(filter_cache_find(fd, "profile", &program), 1);
	cr_expect_eq(program.len, 2);
	cr_expect_arr_eq(program.filter, code, sizeof code);
	cr_expect_eq(find(fd, "other profile"), 0);
	free(program.filter);
	remove_cache(fd, path);
}

Test(filter_cache, entries_are_for_their_owner_only)
{
	char path[64], name[NAME_MAX + 1];
	int fd = open_cache(path);
	struct stat st;

	filter_cache_store(fd, "profile", &stored);
	cr_assert_eq(count_files(fd, name), 1);
	cr_assert_eq(fstatat(fd, name, &st, 0), 0);
	cr_expect_eq(st.st_mode & 07777, 0600);
	cr_assert_eq(fchmodat(fd, name, 0620, 0), 0);
	cr_expect_eq(find(fd, "profile"), 0, "writable by the group");
	cr_assert_eq(fchmodat(fd, name, 0600, 0), 0);
	cr_expect_eq(find(fd, "profile"), 1);
	if (geteuid() == 0) {
		cr_assert_eq(fchownat(fd, name, 1000, 1000, 0), 0);
		cr_expect_eq(find(fd, "profile"), 0, "of another owner");
	}
	remove_cache(fd, path);
}

Test(filter_cache, another_key_of_the_same_hash_is_no_hit)
{
	char path[64], other_path[64], name[NAME_MAX + 1], other[NAME_MAX + 1];
	int fd = open_cache(path), other_fd = open_cache(other_path);

	filter_cache_store(fd, "profile", &stored);
	filter_cache_store(other_fd, "another", &stored);
	cr_assert_eq(count_files(fd, name), 1);
	cr_assert_eq(count_files(other_fd, other), 1);
	/* As if the hashes were equal: the other's content under this one's name. */
	cr_assert_eq(renameat(other_fd, other, fd, name), 0);
	cr_expect_eq(find(fd, "profile"), 0);
	remove_cache(fd, path);
	remove_cache(other_fd, other_path);
}

Test(filter_cache, no_damaged_entry_is_taken)
{
	char path[64], name[NAME_MAX + 1], data[4096];
	int fd = open_cache(path), file;
	ssize_t len;

	filter_cache_store(fd, "profile", &stored);
	cr_assert_eq(count_files(fd, name), 1);
	file = openat(fd, name, O_RDWR | O_CLOEXEC);
	len = pread(file, data, sizeof data, 0);
	cr_assert_gt(len, 16);
	for (ssize_t i = 0; i < len; i++) {
		char flipped = (char)(data[i] ^ 1);

		cr_assert_eq(pwrite(file, &flipped, 1, i), 1);
		cr_expect_eq(find(fd, "profile"), 0, "byte %zd", i);
		cr_assert_eq(pwrite(file, &data[i], 1, i), 1);
	}
	cr_expect_eq(find(fd, "profile"), 1);
	for (ssize_t i = 0; i < len; i++) {
		cr_assert_eq(ftruncate(file, len - 1 - i), 0);
		cr_expect_eq(find(fd, "profile"), 0, "%zd bytes", len - 1 - i);
	}
	close(file);
	remove_cache(fd, path);
}

Test(filter_cache, links_and_pipes_are_not_followed)
{
	char path[64], name[NAME_MAX + 1];
	int fd = open_cache(path);

	filter_cache_store(fd, "profile", &stored);
	cr_assert_eq(count_files(fd, name), 1);
	cr_assert_eq(renameat(fd, name, fd, "elsewhere"), 0);
	cr_assert_eq(symlinkat("elsewhere", fd, name), 0);
	cr_expect_eq(find(fd, "profile"), 0);
	cr_assert_eq(unlinkat(fd, name, 0), 0);
	cr_assert_eq(mkfifoat(fd, name, 0600), 0);
	cr_expect_eq(find(fd, "profile"), 0);
	remove_cache(fd, path);
}

Test(filter_cache, the_oldest_entries_go)
{
	const struct timespec ancient[2] = { { .tv_sec = 1 }, { .tv_sec = 1 } };
	char path[64], name[NAME_MAX + 1], key[32];
	int fd = open_cache(path);

	filter_cache_store(fd, "oldest", &stored);
	cr_assert_eq(count_files(fd, name), 1);
	cr_assert_eq(utimensat(fd, name, ancient, 0), 0);
	for (int i = 0; i < 63; i++) {
		snprintf(key, sizeof key, "profile %d", i);
		filter_cache_store(fd, key, &stored);
	}
	cr_expect_eq(find(fd, "oldest"), 1);
	filter_cache_store(fd, "newest", &stored);
	cr_expect_eq(count_files(fd, name), 64);
	cr_expect_eq(find(fd, "oldest"), 0);
	cr_expect_eq(find(fd, "newest"), 1);
	remove_cache(fd, path);
}

Test(filter_cache, a_directory_that_cannot_be_used_is_no_error)
{
	filter_cache_store(-1, "profile", &stored);
	cr_expect_eq(find(-1, "profile"), 0);
}
