/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/fd.h"
#include "base/file.h"

static char dir[] = "/tmp/ctr-test-file-XXXXXX";
static int dir_fd = -1;

static void make_dir(void)
{
	cr_assert_not_null(mkdtemp(dir));
	dir_fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	cr_assert_geq(dir_fd, 0);
}

static void remove_dir(void)
{
	char command[100];

	snprintf(command, sizeof command, "rm -rf %s", dir);
	cr_assert_eq(system(command), 0);
	close(dir_fd);
}

TestSuite(file, .init = make_dir, .fini = remove_dir);

static int count_entries(void)
{
	DIR *d = opendir(dir);
	int n = 0;

	while (readdir(d))
		n++;
	closedir(d);
	return n - 2;
}

static void expect_content(const char *name, const char *text)
{
	cleanup_free char *got = NULL;
	struct error err;

	cr_assert_eq(fd_read_file(dir_fd, name, 1000, &got, NULL, &err), 0);
	cr_expect_str_eq(got, text);
}

Test(file, replace_creates_and_replaces_with_the_given_mode)
{
	struct error err;
	struct stat st;

	umask(077);
	cr_assert_eq(file_replace(dir_fd, "f", "one", 3, 0644, &err), 0);
	expect_content("f", "one");
	fstatat(dir_fd, "f", &st, 0);
	cr_expect_eq(st.st_mode & 07777, 0644);
	cr_assert_eq(file_replace_durable(dir_fd, "f", "twotwo", 6, 0600, &err), 0);
	expect_content("f", "twotwo");
	fstatat(dir_fd, "f", &st, 0);
	cr_expect_eq(st.st_mode & 07777, 0600);
	cr_expect_eq(count_entries(), 1);
}

Test(file, replace_takes_paths_and_replaces_a_link_not_its_target)
{
	struct error err;
	char path[100];
	struct stat st;

	cr_assert_eq(file_replace(dir_fd, "target", "old", 3, 0600, &err), 0);
	cr_assert_eq(symlinkat("target", dir_fd, "link"), 0);
	snprintf(path, sizeof path, "%s/link", dir);
	cr_assert_eq(file_replace_durable(AT_FDCWD, path, "new", 3, 0600, &err), 0);
	expect_content("target", "old");
	expect_content("link", "new");
	cr_expect(fstatat(dir_fd, "link", &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(st.st_mode));
}

Test(file, a_failed_replace_leaves_nothing_behind)
{
	struct error err;

	cr_assert_eq(mkdirat(dir_fd, "d", 0700), 0);
	cr_expect_eq(file_replace(dir_fd, "d", "x", 1, 0600, &err), -EISDIR);
	cr_expect_str_eq(err.text, "replace d: Is a directory");
	cr_expect_eq(file_replace(dir_fd, "absent/f", "x", 1, 0600, &err), -ENOENT);
	cr_expect_eq(count_entries(), 1);
}

Test(file, a_lock_keeps_others_out_until_its_descriptor_is_closed)
{
	cleanup_close int other = open(dir, O_RDONLY | O_DIRECTORY);
	struct error err;
	int mine = open(dir, O_RDONLY | O_DIRECTORY);

	cr_assert_eq(file_lock(mine, dir, 1, 0, &err), 0);
	cr_expect_eq(file_lock(other, "web1", 1, 30, &err), -EWOULDBLOCK);
	cr_expect_str_eq(err.text, "lock web1: in use by another process");
	cr_expect_eq(file_lock(other, "web1", 0, 0, &err), -EWOULDBLOCK);
	close(mine);
	cr_expect_eq(file_lock(other, "web1", 0, 0, &err), 0);
	mine = open(dir, O_RDONLY | O_DIRECTORY);
	cr_expect_eq(file_lock(mine, "web1", 0, 0, &err), 0);
	close(mine);
}

Test(file, a_lock_is_taken_when_it_becomes_free_in_time)
{
	cleanup_close int mine = -1;
	struct error err;
	int ready[2], status;
	char c;
	pid_t child;

	cr_assert_eq(pipe(ready), 0);
	child = fork();
	if (child == 0) {
		int fd = open(dir, O_RDONLY | O_DIRECTORY);

		if (flock(fd, LOCK_EX) < 0 || write(ready[1], "x", 1) != 1)
			_exit(1);
		usleep(50000);
		_exit(0);
	}
	cr_assert_eq(read(ready[0], &c, 1), 1);
	mine = open(dir, O_RDONLY | O_DIRECTORY);
	cr_expect_eq(file_lock(mine, dir, 1, 5000, &err), 0);
	cr_assert_eq(waitpid(child, &status, 0), child);
	cr_expect_eq(status, 0);
}

Test(file, a_tree_is_removed_without_following_links)
{
	char command[400];
	struct error err;

	snprintf(command, sizeof command,
		 "cd %s && mkdir -p keep t/a/b t/c && echo x >keep/f && ln -s ../keep t/link && "
		 "ln -s %s/keep t/a/b/link && mkfifo t/fifo && chmod 0 t/c && echo y >t/a/f && "
		 "ln -s keep toplink && for i in $(seq 300); do echo >t/a/b/$i; done",
		 dir, dir);
	cr_assert_eq(system(command), 0);
	cr_assert_eq(file_remove_tree(dir_fd, "t", &err), 0, "%s", err.text);
	cr_assert_eq(file_remove_tree(dir_fd, "toplink", &err), 0);
	expect_content("keep/f", "x\n");
	cr_expect_eq(count_entries(), 1);
}

Test(file, an_absent_tree_is_fine_and_names_of_no_entry_are_refused)
{
	struct error err;

	cr_expect_eq(file_remove_tree(dir_fd, "absent", &err), 0);
	cr_expect_eq(file_remove_tree(dir_fd, "absent/absent", &err), 0);
	cr_expect_eq(file_remove_tree(dir_fd, "", &err), -EINVAL);
	cr_expect_eq(file_remove_tree(dir_fd, ".", &err), -EINVAL);
	cr_expect_eq(file_remove_tree(dir_fd, "..", &err), -EINVAL);
	cr_expect_eq(file_remove_tree(dir_fd, "a/..", &err), -EINVAL);
	cr_expect_eq(file_remove_tree(dir_fd, "a/", &err), -EINVAL);
}

static int make_chain(int depth)
{
	int fd = dup(dir_fd);

	for (int i = 0; i < depth; i++) {
		int below;

		if (mkdirat(fd, "d", 0700) < 0)
			return -1;
		below = openat(fd, "d", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		close(fd);
		fd = below;
	}
	return close(fd);
}

Test(file, a_deep_tree_is_removed_and_a_deeper_one_refused)
{
	struct rlimit files = { 2048, 2048 };
	struct error err = {};

	setrlimit(RLIMIT_NOFILE, &files);
	cr_assert_eq(make_chain(512), 0);
	cr_expect_eq(file_remove_tree(dir_fd, "d", &err), 0, "%s", err.text);
	cr_assert_eq(make_chain(513), 0);
	cr_expect_eq(file_remove_tree(dir_fd, "d", &err), -ELOOP);
	cr_expect_str_eq(err.text, "remove d: remove d: more than 512 directories deep");
}

static int remove_around_mount(void)
{
	struct error err = {};
	char path[100];

	if (unshare(CLONE_NEWNS) < 0 || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
		return 77;
	dir_fd = open(dir, O_RDONLY | O_DIRECTORY); /* the first one is of the old namespace */
	snprintf(path, sizeof path, "%s/t/mounted", dir);
	if (mkdirat(dir_fd, "t", 0700) < 0 || mkdir(path, 0700) < 0 ||
	    mount("none", path, "tmpfs", 0, NULL) < 0)
		return 77;
	strcat(path, "/f");
	if (close(open(path, O_CREAT | O_WRONLY, 0600)) < 0)
		return 1;
	if (file_remove_tree(dir_fd, "t", &err) != -EBUSY ||
	    strcmp(err.text, "remove t: remove mounted: something is mounted on it"))
		return 2;
	return access(path, F_OK) < 0 ? 3 : 0;
}

Test(file, a_mount_in_the_tree_is_not_entered)
{
	pid_t child = fork();
	int status;

	if (child == 0)
		_exit(remove_around_mount());
	cr_assert_eq(waitpid(child, &status, 0), child);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 77)
		cr_skip("needs the right to mount");
	cr_expect_eq(status, 0, "step %d", WEXITSTATUS(status));
}
