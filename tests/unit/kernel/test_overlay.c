/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "kernel/idmap.h"
#include "kernel/mount.h"
#include "kernel/overlay.h"
#include "kernel/procfs.h"

/* A store with two lower layers, an upper and a work directory, all root's. */
struct store {
	char path[64];
	int tree, proc_fd;
	int lower[2];
	struct overlay overlay;
};

static struct error err;

static void make_file(const struct store *s, const char *name)
{
	char path[128];
	FILE *file;

	snprintf(path, sizeof path, "%s/%s", s->path, name);
	file = fopen(path, "we");
	cr_assert_not_null(file, "%s", path);
	fputs(name, file);
	fclose(file);
}

static struct stat look(const struct store *s, const char *name)
{
	char path[128];
	struct stat st = {};

	snprintf(path, sizeof path, "%s/%s", s->path, name);
	lstat(path, &st);
	return st;
}

static bool takes_detached(void)
{
	unsigned major = 0, minor = 0;
	struct utsname name;

	uname(&name);
	sscanf(name.release, "%u.%u", &major, &minor);
	return major > 6 || (major == 6 && minor >= 15);
}

/* Anything but an overlay: the unit tests' own directory may be in a container. */
static void begin(struct store *s, bool detached, bool mapped)
{
	static const char *const directories[] = { "a", "b", "upper", "work" };

	*s = (struct store){ .path = "/tmp/ctr-overlay.XXXXXX", .proc_fd = procfs_open(&err) };
	cr_assert_not_null(mkdtemp(s->path));
	cr_assert_eq(mount("tmpfs", s->path, "tmpfs", 0, "mode=755"), 0);
	for (size_t i = 0; i < 4; i++) {
		char path[128];

		snprintf(path, sizeof path, "%s/%s", s->path, directories[i]);
		cr_assert_eq(mkdir(path, 0755), 0);
	}
	make_file(s, "a/both");
	make_file(s, "b/both");
	make_file(s, "b/low");
	s->tree = mount_clone_path(s->path, 0, 0, &err);
	cr_assert_geq(s->tree, 0, "%s", err.text);
	cr_assert_eq(mount_set_attributes(s->tree, 0, 0, 0, MS_PRIVATE, &err), 0);
	if (mapped) {
		int map = idmap_namespace(s->proc_fd, "0 100000 65536\n", "0 200000 65536\n", &err);

		cr_assert_geq(map, 0, "%s", err.text);
		cr_assert_eq(mount_set_idmap(s->tree, 0, map, &err), 0, "%s", err.text);
		close(map);
	}
	s->lower[0] = overlay_open_layer(s->tree, "a", &err);
	s->lower[1] = overlay_open_layer(s->tree, "b", &err);
	s->overlay = (struct overlay){ .lower = s->lower,
				       .n_lower = 2,
				       .upper = overlay_open_layer(s->tree, "upper", &err),
				       .work = overlay_open_layer(s->tree, "work", &err),
				       .trees = &s->tree,
				       .n_trees = 1,
				       .as_owner = mapped,
				       .uid = 100000,
				       .gid = 200000,
				       .detached = detached };
}

static void end(struct store *s)
{
	close(s->tree);
	close(s->lower[0]);
	close(s->lower[1]);
	close(s->overlay.upper);
	close(s->overlay.work);
	close(s->proc_fd);
	umount2(s->path, MNT_DETACH);
	rmdir(s->path);
}

static void expect_text(int root, const char *name, const char *text)
{
	char found[32] = "";
	int fd = openat(root, name, O_RDONLY | O_CLOEXEC);

	cr_assert_geq(fd, 0, "%s: %s", name, strerror(errno));
	cr_expect_geq(read(fd, found, sizeof found - 1), 0);
	cr_expect_str_eq(found, text);
	close(fd);
}

/* In a mount namespace of the test's own, which nothing but its own tmpfs may appear in. */
static bool isolate(void)
{
	if (geteuid() || unshare(CLONE_NEWNS) < 0)
		return false;
	return mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0;
}

static int count_mounts(void)
{
	FILE *file = fopen("/proc/self/mountinfo", "re");
	int n = 0;

	for (int c; (c = fgetc(file)) != EOF;)
		n += c == '\n';
	fclose(file);
	return n;
}

static void check_plain(bool detached)
{
	struct store s;
	int before, fd, made;

	begin(&s, detached, false);
	before = count_mounts();
	fd = overlay_mount(&s.overlay, s.proc_fd, &err);
	cr_assert_geq(fd, 0, "%s", err.text);
	cr_expect_eq(count_mounts(), before, "nothing is seen of it");
	expect_text(fd, "both", "a/both");
	expect_text(fd, "low", "b/low");
	made = openat(fd, "made", O_CREAT | O_WRONLY | O_CLOEXEC, 0644);
	cr_expect_geq(made, 0, "%s", strerror(errno));
	cr_expect(S_ISREG(look(&s, "upper/made").st_mode));
	cr_expect_eq(unlinkat(fd, "low", 0), 0);
	cr_expect(S_ISCHR(look(&s, "upper/low").st_mode), "a whiteout");
	close(made);
	close(fd);
	end(&s);
}

/* The ids of a process whose root is 100000:200000; capabilities stay. */
static void check_mapped(bool detached)
{
	struct store s;
	struct stat st;
	int fd;

	begin(&s, detached, true);
	fd = overlay_mount(&s.overlay, s.proc_fd, &err);
	cr_assert_geq(fd, 0, "%s", err.text);
	cr_assert_eq(fstatat(fd, "low", &st, 0), 0);
	cr_expect_eq(st.st_uid, 100000);
	cr_expect_eq(st.st_gid, 200000);
	/* Copied up, by the overlay itself, and canonical on disk. */
	cr_expect_eq(fchmodat(fd, "low", 0600, 0), 0, "%s", strerror(errno));
	cr_expect_eq(fchownat(fd, "both", 100033, 200044, 0), 0, "%s", strerror(errno));
	st = look(&s, "upper/low");
	cr_expect(S_ISREG(st.st_mode));
	cr_expect_eq(st.st_uid, 0);
	cr_expect_eq(st.st_gid, 0);
	st = look(&s, "upper/both");
	cr_expect_eq(st.st_uid, 33);
	cr_expect_eq(st.st_gid, 44);
	cr_expect_eq(look(&s, "a/both").st_uid, 0, "the layer is as it was");
	close(fd);
	end(&s);
}

Test(overlay, layers_of_a_detached_mount)
{
	if (!isolate() || !takes_detached())
		cr_skip_test("needs root and Linux 6.15");
	check_plain(true);
	check_mapped(true);
}

Test(overlay, layers_by_a_mount_namespace_for_older_kernels)
{
	if (!isolate())
		cr_skip_test("needs root");
	check_plain(false);
	check_mapped(false);
}

Test(overlay, without_the_owners_ids_it_is_refused_rather_than_read_only)
{
	struct store s;
	int fd;

	if (!isolate())
		cr_skip_test("needs root");
	begin(&s, takes_detached(), true);
	s.overlay.as_owner = false;
	fd = overlay_mount(&s.overlay, s.proc_fd, &err);
	cr_expect_eq(fd, -EROFS, "%s", err.text);
	end(&s);
}

Test(overlay, a_layer_is_reached_through_no_link_and_not_from_outside)
{
	struct store s;

	if (!isolate())
		cr_skip_test("needs root");
	begin(&s, true, false);
	cr_expect_eq(symlinkat("b", s.tree, "link"), 0);
	cr_expect_eq(overlay_open_layer(s.tree, "link", &err), -ELOOP);
	cr_expect_eq(overlay_open_layer(s.tree, "link/x", &err), -ELOOP);
	cr_expect_eq(overlay_open_layer(s.tree, "../tmp", &err), -EXDEV);
	cr_expect_eq(overlay_open_layer(s.tree, "/tmp", &err), -EXDEV);
	cr_expect_eq(overlay_open_layer(s.tree, "b/low", &err), -ENOTDIR);
	cr_expect_eq(overlay_open_layer(s.tree, "none", &err), -ENOENT);
	end(&s);
}

enum { MOST = 128 };

static void check_most(bool detached)
{
	int lower[MOST], fd;
	struct store s;

	begin(&s, detached, false);
	for (int i = 0; i < MOST; i++) {
		char name[16];

		snprintf(name, sizeof name, "layer%d", i);
		cr_assert_eq(mkdirat(s.tree, name, 0755), 0);
		lower[i] = overlay_open_layer(s.tree, name, &err);
		cr_assert_geq(lower[i], 0);
	}
	s.overlay.lower = lower;
	s.overlay.n_lower = MOST;
	fd = overlay_mount(&s.overlay, s.proc_fd, &err);
	cr_expect_geq(fd, 0, "%s", err.text);
	close(fd);
	for (int i = 0; i < MOST; i++)
		close(lower[i]);
	end(&s);
}

Test(overlay, the_most_layers_fit)
{
	if (!isolate())
		cr_skip_test("needs root");
	check_most(false);
	if (takes_detached())
		check_most(true);
}
