/* SPDX-License-Identifier: Apache-2.0 */
#include <sys/mount.h>

#include "fixture.h"
#include "plan/mount_option.h"

static void apply(const char *words, uint64_t *set, uint64_t *clear)
{
	char *copy = strdup(words), *rest = copy;

	for (char *word; (word = strsep(&rest, ","));) {
		cr_assert_not_null(mount_option_find(word), "%s", word);
		mount_option_apply(mount_option_find(word), set, clear);
	}
	free(copy);
}

Test(mount_option, the_later_of_two_contradicting_words_wins)
{
	static const struct {
		const char *words;
		uint64_t set, clear;
	} rows[] = {
		{ "ro", MOUNT_ATTR_RDONLY, 0 },
		{ "rw", 0, MOUNT_ATTR_RDONLY },
		{ "ro,rw", 0, MOUNT_ATTR_RDONLY },
		{ "suid,nosuid", MOUNT_ATTR_NOSUID, 0 },
		{ "noatime", MOUNT_ATTR_NOATIME, MOUNT_ATTR__ATIME },
		{ "noatime,strictatime", MOUNT_ATTR_STRICTATIME, MOUNT_ATTR__ATIME },
		{ "strictatime,atime", MOUNT_ATTR_RELATIME, MOUNT_ATTR__ATIME },
		{ "noatime,ro", MOUNT_ATTR_NOATIME | MOUNT_ATTR_RDONLY, MOUNT_ATTR__ATIME },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		uint64_t set = 0, clear = 0;

		apply(rows[i].words, &set, &clear);
		cr_expect_eq(set, rows[i].set, "%s", rows[i].words);
		cr_expect_eq(clear, rows[i].clear, "%s", rows[i].words);
	}
}

Test(mount_option, every_word_of_the_specification_is_known)
{
	/* clang-format off */
	static const char *const words[] = {
		"async", "atime", "bind", "defaults", "dev", "diratime", "dirsync", "exec",
		"iversion", "lazytime", "loud", "mand", "noatime", "nodev", "nodiratime",
		"noexec", "noiversion", "nolazytime", "nomand", "norelatime", "nostrictatime",
		"nosuid", "nosymfollow", "private", "ratime", "rbind", "rdev", "rdiratime",
		"relatime", "remount", "rexec", "rnoatime", "rnodev", "rnodiratime", "rnoexec",
		"rnorelatime", "rnostrictatime", "rnosuid", "rnosymfollow", "ro", "rprivate",
		"rrelatime", "rro", "rrw", "rshared", "rslave", "rstrictatime", "rsuid",
		"rsymfollow", "runbindable", "rw", "shared", "silent", "slave", "strictatime",
		"suid", "symfollow", "sync", "tmpcopyup", "unbindable",
	};
	/* clang-format on */

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		cr_expect_not_null(mount_option_find(words[i]), "%s", words[i]);
	cr_expect_null(mount_option_find("blue"));
	cr_expect_null(mount_option_find("RO"));
	cr_expect_null(mount_option_find(""));
}

Test(mount_option, the_names_for_features_are_those_of_the_table)
{
	size_t n = 0;

	for (; mount_plan_option_names[n]; n++)
		cr_expect_str_eq(mount_option_find(mount_plan_option_names[n])->name,
				 mount_plan_option_names[n]);
	cr_expect_gt(n, 60);
}

Test(mount_option, masks_are_printed_as_words_that_mean_them)
{
	struct error err = {};
	struct str text = {};
	char *words = NULL;

	mount_option_print(MOUNT_OPTION_ATTRIBUTE, MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOATIME,
			   MOUNT_ATTR__ATIME | MOUNT_ATTR_NOEXEC, &text);
	mount_option_print(MOUNT_OPTION_RECURSIVE, 0, MOUNT_ATTR__ATIME | MOUNT_ATTR_RDONLY, &text);
	cr_assert_eq(str_steal(&text, &words, &err), 0);
	cr_expect_str_eq(words, " ro exec noatime rrw rrelatime");
	free(words);
	cr_expect_str_eq(mount_option_propagation(MS_SLAVE | MS_REC), "rslave");
	cr_expect_str_eq(mount_option_propagation(0), "?");
}
