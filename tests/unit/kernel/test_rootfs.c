/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "kernel/rootfs.h"

/* <top>/root is the root filesystem, <top>/outside is what must never be touched. */
static char top[] = "/tmp/ctr-rootfs-XXXXXX";
static int top_fd, root;
static struct error err;

static void make_tree(void)
{
	cr_assert_not_null(mkdtemp(top));
	top_fd = open(top, O_RDONLY | O_DIRECTORY);
	mkdirat(top_fd, "root", 0755);
	mkdirat(top_fd, "outside", 0755);
	root = openat(top_fd, "root", O_PATH | O_DIRECTORY);
	err = (struct error){};
}

static void remove_tree(void)
{
	file_remove_tree(AT_FDCWD, top, &err);
}

TestSuite(rootfs, .init = make_tree, .fini = remove_tree);

static bool exists(const char *path)
{
	struct stat st;

	return fstatat(top_fd, path, &st, AT_SYMLINK_NOFOLLOW) == 0;
}

static void link_to_outside(const char *name)
{
	char text[64];

	snprintf(text, sizeof text, "%s/outside", top);
	cr_assert_eq(symlinkat(text, root, name), 0);
}

Test(rootfs, missing_parents_are_made)
{
	cr_assert_geq(rootfs_make_directory(root, "/a/b/c", 0755, &err), 0, "%s", err.text);
	cr_assert(exists("root/a/b/c"));
}

Test(rootfs, a_file_is_made_with_its_parents)
{
	cr_assert_geq(rootfs_make_file(root, "/etc/conf.d/x", 0644, &err), 0, "%s", err.text);
	cr_assert(exists("root/etc/conf.d/x"));
}

Test(rootfs, an_existing_file_stays)
{
	int fd = openat(root, "f", O_CREAT | O_WRONLY, 0644);

	cr_assert_eq(write(fd, "old", 3), 3);
	cr_assert_geq(rootfs_make_file(root, "/f", 0644, &err), 0);
	cr_assert_eq(lseek(fd, 0, SEEK_END), 3);
}

Test(rootfs, an_absolute_link_resolves_inside)
{
	mkdirat(root, "run", 0755);
	mkdirat(root, "var", 0755);
	symlinkat("/run", root, "var/run");
	cr_assert_geq(rootfs_make_directory(root, "/var/run/lock", 0755, &err), 0, "%s", err.text);
	cr_assert(exists("root/run/lock"));
}

Test(rootfs, a_link_to_the_host_makes_its_target_inside)
{
	char inside[64];

	link_to_outside("d");
	cr_assert_geq(rootfs_make_directory(root, "/d/new", 0755, &err), 0, "%s", err.text);
	cr_assert_not(exists("outside/new"));
	snprintf(inside, sizeof inside, "root%s/outside/new", top);
	cr_assert(exists(inside));
}

Test(rootfs, a_dangling_link_makes_its_target_inside)
{
	char inside[80];

	link_to_outside("f");
	unlinkat(top_fd, "outside", AT_REMOVEDIR);
	cr_assert_geq(rootfs_make_directory(root, "/f", 0755, &err), 0, "%s", err.text);
	snprintf(inside, sizeof inside, "root%s/outside", top);
	cr_assert(exists(inside));
	cr_assert_not(exists("outside"));
}

Test(rootfs, dots_do_not_leave_the_root)
{
	cr_assert_geq(rootfs_make_directory(root, "/../../../x/../y", 0755, &err), 0, "%s",
		      err.text);
	cr_assert(exists("root/y"));
	cr_assert_not(exists("y"));
}

Test(rootfs, a_loop_of_links_is_an_error)
{
	symlinkat("b", root, "a");
	symlinkat("a", root, "b");
	cr_assert_eq(rootfs_make_directory(root, "/a/x", 0755, &err), -ELOOP);
}

Test(rootfs, links_that_grow_for_ever_are_an_error)
{
	symlinkat("l/x", root, "l");
	cr_assert_lt(rootfs_make_directory(root, "/l", 0755, &err), 0);
}

Test(rootfs, a_last_component_that_is_a_link_is_refused_on_demand)
{
	symlinkat("elsewhere", root, "proc");
	cr_assert_eq(rootfs_open_nofollow(root, "/proc", O_PATH, &err), -ELOOP);
}

Test(rootfs, magic_links_are_refused)
{
	symlinkat("/proc/self/fd/0", root, "stdin");
	cr_assert_lt(rootfs_open(root, "/stdin", O_PATH, &err), 0);
}

Test(rootfs, a_long_component_is_an_error)
{
	char path[400];

	memset(path, 'a', sizeof path);
	path[0] = '/';
	path[sizeof path - 1] = 0;
	cr_assert_eq(rootfs_make_directory(root, path, 0755, &err), -ENAMETOOLONG);
}

Test(rootfs, the_parent_of_a_name_is_made_and_dots_are_no_names)
{
	const char *name;

	cr_assert_geq(rootfs_open_parent(root, "/dev/net/tun", &name, &err), 0);
	cr_assert_str_eq(name, "tun");
	cr_assert(exists("root/dev/net"));
	cr_assert_eq(rootfs_open_parent(root, "/dev/..", &name, &err), -EINVAL);
	cr_assert_eq(rootfs_open_parent(root, "/dev/", &name, &err), -EINVAL);
}

Test(rootfs, an_exact_path_has_no_link_on_the_way)
{
	int fd;

	mkdirat(root, "real", 0755);
	mkdirat(root, "real/below", 0755);
	symlinkat("real", root, "link");
	fd = rootfs_open_exact(root, "/real/below", O_PATH, &err);
	cr_assert_geq(fd, 0, "%s", err.text);
	close(fd);
	cr_assert_eq(rootfs_open_exact(root, "/link/below", O_PATH, &err), -ELOOP);
	cr_assert_eq(rootfs_open_exact(root, "/link", O_PATH, &err), -ELOOP);
	cr_assert_eq(rootfs_open_exact(root, "/none", O_PATH, &err), -ENOENT);
}
