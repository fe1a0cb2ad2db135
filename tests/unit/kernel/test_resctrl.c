/* SPDX-License-Identifier: Apache-2.0 */
/* On a directory that looks like a tree; what the filesystem itself does is rdt.test's. */
#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"
#include "kernel/resctrl.h"

static char path[] = "/tmp/ctr-resctrl-XXXXXX";
static struct error err;
static int tree;

static void write_file(const char *name, const char *text)
{
	int fd = openat(tree, name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	cr_assert_geq(fd, 0, "%s", name);
	cr_assert_eq(fd_write_all(fd, name, text, strlen(text), &err), 0);
	close(fd);
}

static void expect_file(const char *name, const char *wanted)
{
	char *text = NULL;

	cr_assert_eq(fd_read_file(tree, name, 4096, &text, NULL, &err), 0, "%s", err.text);
	cr_expect_str_eq(text, wanted);
	free(text);
}

static void begin(void)
{
	cr_assert_not_null(mkdtemp(path));
	tree = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	cr_assert_eq(mkdirat(tree, "info", 0700), 0);
	cr_assert_eq(mkdirat(tree, "gold", 0700), 0);
	write_file("schemata", "");
	write_file("tasks", "");
	write_file("gold/schemata", "");
	write_file("gold/tasks", "");
	write_file("info/last_cmd_status", "ok\n");
}

static void end(void)
{
	static const char *const files[] = { "info/last_cmd_status", "gold/schemata", "gold/tasks",
					     "schemata", "tasks" };

	for (size_t i = 0; i < sizeof files / sizeof *files; i++)
		unlinkat(tree, files[i], 0);
	unlinkat(tree, "gold", AT_REMOVEDIR);
	unlinkat(tree, "info", AT_REMOVEDIR);
	close(tree);
	rmdir(path);
}

TestSuite(resctrl, .init = begin, .fini = end);

Test(resctrl, schemata_match_by_numbers)
{
	static const char text[] = "    MB:0= 20;1= 70\n    L3:0=007ff;1=0001f\nL3CODE:0=1\n";
	static const struct {
		const char *line;
		bool matches;
	} rows[] = {
		{ "L3:0=7ff;1=1f", true },  { "L3:1=1F", true },   { "MB:0=20;1=70", true },
		{ "L3:0=7ff;1=1e", false }, { "L3:2=1", false },   { "L2:0=1", false },
		{ "L3CODE:0=1", true },	    { "L3:0", false },	   { "L3", false },
		{ "MB:0=20;1=71", false },  { "L3:x=7ff", false },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		cr_expect_eq(resctrl_matches(text, rows[i].line), rows[i].matches, "%s",
			     rows[i].line);
}

Test(resctrl, groups_are_made_found_and_removed)
{
	cr_expect_eq(resctrl_exists(tree, ""), 1);
	cr_expect_eq(resctrl_exists(tree, "new"), 0);
	cr_assert_eq(resctrl_make(tree, "new", &err), 0, "%s", err.text);
	cr_expect_eq(resctrl_exists(tree, "new"), 1);
	cr_expect_eq(resctrl_make(tree, "new", &err), -EEXIST);
	cr_expect_eq(resctrl_remove(tree, "new", &err), 0);
	cr_expect_eq(resctrl_remove(tree, "new", &err), 0);
}

Test(resctrl, lines_and_processes_go_into_the_groups_files)
{
	cr_assert_eq(resctrl_write_schema(tree, "gold", "L3:0=f", &err), 0, "%s", err.text);
	expect_file("gold/schemata", "L3:0=f\n");
	cr_expect_eq(resctrl_check_schema(tree, "gold", "L3:0=0f", &err), 0);
	cr_expect_eq(resctrl_check_schema(tree, "gold", "L3:0=1", &err), -EINVAL);
	cr_expect_str_eq(err.text, "the resctrl group gold is there, and has not \"L3:0=1\"");
	cr_assert_eq(resctrl_add_process(tree, "", 42, &err), 0, "%s", err.text);
	expect_file("tasks", "42");
}

Test(resctrl, a_failure_has_the_kernels_words)
{
	write_file("info/last_cmd_status", "Non-consecutive 1-bits in the mask 5\n");
	cr_expect_eq(resctrl_write_schema(tree, "silver", "L3:0=5", &err), -ENOENT);
	unlinkat(tree, "gold/schemata", 0);
	cr_expect_eq(resctrl_write_schema(tree, "gold", "L3:0=5", &err), -ENOENT);
	cr_expect_not_null(strstr(err.text, "Non-consecutive 1-bits in the mask 5: "), "%s",
			   err.text);
	cr_expect_not_null(strstr(err.text, "\"L3:0=5\" for the resctrl group gold"), "%s",
			   err.text);
}
