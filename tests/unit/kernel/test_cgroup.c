/* SPDX-License-Identifier: Apache-2.0 */
/* Everything happens below a cgroup of the test's own, which it removes. */
#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kernel/cgroup.h"
#include "kernel/procfs.h"
#include "kernel/syscalls.h"

static char room[PATH_MAX];
static const char *mount;
static char top[64];

static void setup(void)
{
	struct error err = { 0 };
	int fd;

	mount = cgroup_find_mount(room);
	snprintf(top, sizeof top, "/ctr-test-%d", getpid());
	fd = mount ? cgroup_create(mount, top, NULL, &err) : -ENOENT;
	if (fd == -ENOENT || fd == -EACCES || fd == -EPERM || fd == -EROFS)
		cr_skip_test("needs a writable cgroup v2 mount: %s", err.text);
	cr_assert_geq(fd, 0, "%s", err.text);
	close(fd);
}

static void teardown(void)
{
	struct error err = { 0 };

	if (mount)
		cr_expect_eq(cgroup_destroy(mount, top, 5000, &err), 0, "%s", err.text);
}

TestSuite(cgroup, .init = setup, .fini = teardown);

static const char *below(const char *name)
{
	static char path[4096];

	snprintf(path, sizeof path, "%s/%s", top, name);
	return path;
}

static bool exists(const char *path)
{
	struct error err = { 0 };
	int fd = cgroup_open(mount, path, &err);

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

static int create(const char *path)
{
	struct error err = { 0 };
	int fd = cgroup_create(mount, path, NULL, &err);

	cr_assert_geq(fd, 0, "%s", err.text);
	return fd;
}

/* A child that is born in the cgroup and sleeps. */
static pid_t sleeper(int cgroup_fd)
{
	struct clone_args args = {
		.flags = CLONE_INTO_CGROUP,
		.exit_signal = SIGCHLD,
		.cgroup = (uint64_t)cgroup_fd,
	};
	pid_t pid = (pid_t)sys_clone3(&args);

	if (pid == 0) {
		pause();
		_exit(0);
	}
	cr_assert_gt(pid, 0);
	return pid;
}

Test(cgroup, parents_are_made_and_stay)
{
	struct error err = { 0 };
	int fd = create(below("a/b/c"));

	cr_expect(fcntl(fd, F_GETFD) & FD_CLOEXEC);
	close(fd);
	cr_expect(exists(below("a/b/c")));
	cr_expect_eq(cgroup_destroy(mount, below("a/b/c"), 1000, &err), 0);
	cr_expect_not(exists(below("a/b/c")));
	cr_expect(exists(below("a/b")));
}

Test(cgroup, an_empty_existing_one_is_taken)
{
	close(create(below("a")));
	close(create(below("a")));
}

Test(cgroup, one_with_processes_is_refused)
{
	struct error err = { 0 };
	int fd = create(below("a"));

	sleeper(fd);
	sleeper(fd);
	cr_expect_eq(cgroup_create(mount, below("a"), NULL, &err), -EBUSY);
	cr_expect_not_null(strstr(err.text, "container's cgroup is not empty: 2 process(es) found"),
			   "%s", err.text);
	close(fd);
}

Test(cgroup, one_with_children_is_refused)
{
	struct error err = { 0 };

	close(create(below("a/b")));
	cr_expect_eq(cgroup_create(mount, below("a"), NULL, &err), -EBUSY);
	cr_expect_not_null(strstr(err.text, "container's cgroup is not empty"), "%s", err.text);
	cr_expect_not_null(strstr(err.text, "child cgroup b"), "%s", err.text);
}

Test(cgroup, a_frozen_one_is_refused)
{
	struct error err = { 0 };
	int fd = create(below("a"));

	cr_assert_eq(cgroup_freeze(fd, true, 1000, &err), 0, "%s", err.text);
	cr_expect_eq(cgroup_create(mount, below("a"), NULL, &err), -EBUSY);
	cr_expect_not_null(strstr(err.text, "frozen"), "%s", err.text);
	close(fd);
}

Test(cgroup, paths_that_leave_the_mount_are_refused)
{
	static const char *const paths[] = { "..", "/..", "/../x", "a/../b", "/./a", "a/.." };
	struct error err = { 0 };
	int fd = create(below("a"));

	for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
		cr_expect_eq(cgroup_create(mount, paths[i], NULL, &err), -EINVAL, "%s", paths[i]);
		cr_expect_eq(cgroup_open(mount, paths[i], &err), -EINVAL, "%s", paths[i]);
		cr_expect_eq(cgroup_open_child(fd, paths[i], true, &err), -EINVAL, "%s", paths[i]);
	}
	cr_expect_eq(cgroup_create(mount, "/", NULL, &err), -EINVAL);
	cr_expect_eq(cgroup_create(mount, "", NULL, &err), -EINVAL);
	cr_expect_eq(cgroup_destroy(mount, "/", 0, &err), -EINVAL);
	close(fd);
}

Test(cgroup, names_with_dots_are_names)
{
	close(create(below("..a/.b/c..")));
	cr_expect(exists(below("..a/.b/c..")));
}

Test(cgroup, what_is_not_cgroup2_is_refused)
{
	struct error err = { 0 };

	cr_expect_eq(cgroup_create("/tmp", "/ctr-test", NULL, &err), -ENOTSUP);
	cr_expect_str_eq(err.text, "/tmp is not a cgroup v2 mount");
}

Test(cgroup, a_failure_leaves_nothing_behind)
{
	struct error err = { 0 };
	char path[4096];

	/* The controller is missing below `top`, which enables none. */
	snprintf(path, sizeof path, "%s/a/b/c", top);
	cr_expect_lt(cgroup_create(mount, path, "nosuch", &err), 0);
	cr_expect_not_null(strstr(err.text, "enable controller nosuch in cgroup /"), "%s",
			   err.text);
	memset(path, 0, sizeof path);
	snprintf(path, sizeof path, "%s/a/b/%0300d", top, 1);
	cr_expect_eq(cgroup_create(mount, path, NULL, &err), -ENAMETOOLONG, "%s", err.text);
	cr_expect_not(exists(below("a")));
}

Test(cgroup, a_failure_keeps_what_existed)
{
	struct error err = { 0 };
	char path[4096];

	close(create(below("a")));
	snprintf(path, sizeof path, "%s/a/b/%0300d", top, 1);
	cr_expect_eq(cgroup_create(mount, path, NULL, &err), -ENAMETOOLONG);
	cr_expect(exists(below("a")));
	cr_expect_not(exists(below("a/b")));
}

Test(cgroup, controllers_are_enabled_on_the_way_down)
{
	struct error err = { 0 };
	int root = cgroup_open(mount, "/", &err), fd;
	char *enabled = NULL, *offered = NULL;
	char word[64] = "";

	cr_assert_geq(root, 0);
	cr_assert_eq(cgroup_read(root, "cgroup.subtree_control", &enabled, &err), 0);
	close(root);
	if (sscanf(enabled, "%63s", word) != 1)
		cr_skip_test("needs a controller that the root cgroup has enabled");
	fd = cgroup_create(mount, below("a/b"), word, &err);
	cr_assert_geq(fd, 0, "%s", err.text);
	cr_assert_eq(cgroup_read(fd, "cgroup.controllers", &offered, &err), 0);
	cr_expect_not_null(strstr(offered, word));
	free(enabled);
	free(offered);
	close(fd);
}

Test(cgroup, opening_a_missing_one_says_enoent)
{
	struct error err = { 0 };

	cr_expect_eq(cgroup_open(mount, below("missing"), &err), -ENOENT);
}

Test(cgroup, children_are_opened_or_made_as_asked)
{
	struct error err = { 0 };
	int fd = create(below("a")), child;

	cr_expect_eq(cgroup_open_child(fd, "x/y", false, &err), -ENOENT);
	child = cgroup_open_child(fd, "/x/y", true, &err);
	cr_expect_geq(child, 0, "%s", err.text);
	close(child);
	cr_expect(exists(below("a/x/y")));
	child = cgroup_open_child(fd, "/", false, &err);
	cr_expect_geq(child, 0, "%s", err.text);
	close(child);
	close(fd);
}

Test(cgroup, files_are_written_and_read_by_name_only)
{
	struct error err = { 0 };
	int fd = create(below("a"));
	char *text = NULL;

	cr_expect_eq(cgroup_write(fd, "cgroup.max.depth", "7", &err), 0, "%s", err.text);
	cr_assert_eq(cgroup_read(fd, "cgroup.max.depth", &text, &err), 0);
	cr_expect_str_eq(text, "7\n");
	free(text);
	cr_expect_eq(cgroup_write(fd, "../cgroup.max.depth", "7", &err), -EINVAL);
	cr_expect_eq(cgroup_read(fd, "../cgroup.procs", &text, &err), -EINVAL);
	cr_expect_eq(cgroup_write(fd, "no.such", "7", &err), -ENOENT);
	close(fd);
}

Test(cgroup, processes_are_listed_with_those_below)
{
	struct error err = { 0 };
	int fd = create(below("a")), child = cgroup_open_child(fd, "b/c", true, &err);
	pid_t pids[2] = { sleeper(fd), sleeper(child) };
	unsigned long n = 0;
	int *list = NULL;

	cr_assert_eq(cgroup_processes(fd, &list, &n, &err), 0, "%s", err.text);
	cr_assert_eq(n, 2);
	cr_expect((list[0] == pids[0] && list[1] == pids[1]) ||
		  (list[0] == pids[1] && list[1] == pids[0]));
	free(list);
	close(child);
	close(fd);
}

Test(cgroup, freezing_waits_for_the_kernels_word)
{
	struct error err = { 0 };
	int fd = create(below("a"));

	sleeper(fd);
	cr_expect_eq(cgroup_is_frozen(fd, &err), 0);
	cr_assert_eq(cgroup_freeze(fd, true, 2000, &err), 0, "%s", err.text);
	cr_expect_eq(cgroup_is_frozen(fd, &err), 1);
	cr_assert_eq(cgroup_freeze(fd, false, 2000, &err), 0, "%s", err.text);
	cr_expect_eq(cgroup_is_frozen(fd, &err), 0);
	close(fd);
}

Test(cgroup, thawing_below_a_frozen_parent_times_out)
{
	struct error err = { 0 };
	int fd = create(below("a")), child = cgroup_open_child(fd, "b", true, &err);

	sleeper(child);
	cr_assert_eq(cgroup_freeze(fd, true, 2000, &err), 0);
	cr_expect_eq(cgroup_freeze(child, false, 20, &err), -ETIMEDOUT);
	cr_expect_not_null(strstr(err.text, "parent"), "%s", err.text);
	close(child);
	close(fd);
}

Test(cgroup, waiting_for_the_end_has_a_deadline)
{
	struct error err = { 0 };
	int fd = create(below("a"));

	cr_expect_eq(cgroup_wait_empty(fd, 0, &err), 0);
	sleeper(fd);
	cr_expect_eq(cgroup_wait_empty(fd, 20, &err), -ETIMEDOUT);
	cr_assert_eq(cgroup_kill(fd, &err), 0);
	cr_expect_eq(cgroup_wait_empty(fd, 2000, &err), 0, "%s", err.text);
	close(fd);
}

Test(cgroup, a_removed_one_counts_as_empty)
{
	struct error err = { 0 };
	int fd = create(below("a"));

	cr_assert_eq(cgroup_destroy(mount, below("a"), 1000, &err), 0);
	cr_expect_eq(cgroup_wait_empty(fd, 0, &err), 0, "%s", err.text);
	close(fd);
}

Test(cgroup, destroying_takes_frozen_processes_and_children_along)
{
	struct error err = { 0 };
	int fd = create(below("a")), child = cgroup_open_child(fd, "b/c", true, &err);

	for (int i = 0; i < 20; i++)
		sleeper(i % 2 ? fd : child);
	cr_assert_eq(cgroup_freeze(fd, true, 2000, &err), 0, "%s", err.text);
	close(child);
	close(fd);
	cr_expect_eq(cgroup_destroy(mount, below("a"), 5000, &err), 0, "%s", err.text);
	cr_expect_not(exists(below("a")));
	for (int i = 0; i < 20; i++)
		cr_expect_gt(wait(NULL), 0);
}

Test(cgroup, destroying_works_a_hundred_levels_deep)
{
	struct error err = { 0 };
	int fd = create(below("a"));

	/* Long names: together they are far beyond PATH_MAX. */
	for (int i = 0; i < 100; i++) {
		char name[128];
		int child;

		snprintf(name, sizeof name, "%0100d", i);
		child = cgroup_open_child(fd, name, true, &err);
		cr_assert_geq(child, 0, "%s", err.text);
		close(cgroup_open_child(fd, "sibling", true, &err));
		close(fd);
		fd = child;
	}
	sleeper(fd);
	close(fd);
	cr_expect_eq(cgroup_destroy(mount, below("a"), 5000, &err), 0, "%s", err.text);
	cr_expect_not(exists(below("a")));
}

Test(cgroup, destroying_what_is_absent_is_fine)
{
	struct error err = { 0 };

	cr_expect_eq(cgroup_destroy(mount, below("missing"), 0, &err), 0);
	cr_expect_eq(cgroup_destroy(mount, below("missing/too"), 0, &err), 0);
}

Test(cgroup, a_process_knows_its_cgroup)
{
	struct error err = { 0 };
	int fd = create(below("a")), proc = procfs_open(&err);
	pid_t pid = sleeper(fd);
	char *path = NULL;

	cr_assert_geq(proc, 0, "%s", err.text);
	cr_assert_eq(cgroup_of_process(proc, pid, &path, &err), 0, "%s", err.text);
	cr_expect_str_eq(path, below("a"));
	free(path);
	close(proc);
	close(fd);
}
