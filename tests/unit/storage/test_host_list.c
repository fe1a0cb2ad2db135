/* SPDX-License-Identifier: Apache-2.0 */
#include "storage/host_list.h"

#include <criterion/criterion.h>
#include <string.h>

static struct error err;

static enum tree_choice choose(const char *path, mode_t mode)
{
	const struct stat st = { .st_mode = mode };

	return host_list_choose(NULL, path, &st);
}

Test(host_list, software_that_anyone_may_read_is_taken)
{
	cr_expect_eq(choose("usr", S_IFDIR | 0755), TREE_TAKE);
	cr_expect_eq(choose("usr/bin/sudo", S_IFREG | 04755), TREE_TAKE);
	cr_expect_eq(choose("usr/lib/x.so", S_IFLNK | 0777), TREE_TAKE);
	cr_expect_eq(choose("bin", S_IFLNK | 0777), TREE_TAKE);
	cr_expect_eq(choose("etc/os-release", S_IFREG | 0644), TREE_TAKE);
	cr_expect_eq(choose("var/lib/dpkg/status", S_IFREG | 0644), TREE_TAKE);
}

Test(host_list, what_not_everyone_may_read_is_not)
{
	cr_expect_eq(choose("etc/sudoers", S_IFREG | 0440), TREE_LEAVE_OUT);
	cr_expect_eq(choose("usr/lib/secret", S_IFREG | 0640), TREE_LEAVE_OUT);
	cr_expect_eq(choose("etc/polkit-1/rules.d", S_IFDIR | 0700), TREE_TAKE_EMPTY);
	cr_expect_eq(choose("etc/x", S_IFDIR | 0711), TREE_TAKE_EMPTY);
	cr_expect_eq(choose("usr/fifo", S_IFIFO | 0644), TREE_LEAVE_OUT);
}

Test(host_list, what_makes_the_machine_is_not_even_where_anyone_may_read_it)
{
	static const char *const own[] = { "etc/machine-id",  "etc/hostname",
					   "etc/passwd",      "etc/passwd-",
					   "etc/shadow",      "etc/gshadow-",
					   "etc/fstab",	      "etc/ssh/ssh_host_ed25519_key.pub",
					   "etc/resolv.conf", "etc/subuid" };

	for (size_t i = 0; i < sizeof own / sizeof *own; i++)
		cr_expect_eq(choose(own[i], S_IFREG | 0644), TREE_LEAVE_OUT, "%s", own[i]);
	cr_expect_eq(choose("etc/ssh/sshd_config", S_IFREG | 0644), TREE_TAKE);
}

Test(host_list, data_is_never_taken_but_its_directories_are_there)
{
	cr_expect_eq(choose("home", S_IFDIR | 0755), TREE_TAKE_EMPTY);
	cr_expect_eq(choose("root", S_IFDIR | 0700), TREE_TAKE_EMPTY);
	cr_expect_eq(choose("home/u/.ssh/id", S_IFREG | 0644), TREE_LEAVE_OUT);
	cr_expect_eq(choose("var", S_IFDIR | 0755), TREE_TAKE);
	cr_expect_eq(choose("var/lib", S_IFDIR | 0755), TREE_TAKE);
	cr_expect_eq(choose("var/lib/postgresql", S_IFDIR | 0755), TREE_TAKE_EMPTY);
	cr_expect_eq(choose("var/lib/dpkg", S_IFDIR | 0755), TREE_TAKE);
	cr_expect_eq(choose("var/log/syslog", S_IFREG | 0644), TREE_LEAVE_OUT);
	cr_expect_eq(choose("var/run", S_IFLNK | 0777), TREE_TAKE);
}

Test(host_list, what_is_not_named_is_not_taken)
{
	cr_expect_eq(choose("data", S_IFDIR | 0755), TREE_LEAVE_OUT);
	cr_expect_eq(choose("initrd.img", S_IFLNK | 0777), TREE_LEAVE_OUT);
	cr_expect_eq(choose("usrlocal", S_IFDIR | 0755), TREE_LEAVE_OUT);
	cr_expect_eq(choose("swapfile", S_IFREG | 0644), TREE_LEAVE_OUT);
}

Test(host_list, an_owner_that_no_server_has_stays_out)
{
	const struct stat st = { .st_mode = S_IFREG | 0644, .st_uid = 65536 };

	cr_expect_eq(host_list_choose(NULL, "usr/x", &st), TREE_LEAVE_OUT);
}

Test(host_list, accounts_are_those_of_the_system_and_locked)
{
	struct host_accounts accounts = { 0 };

	cr_assert_eq(host_list_accounts("root:x:0:0:root:/root:/bin/bash\n"
					"daemon:HASH:1:1::/:/bin/false\n"
					"alice:x:1000:1000:Alice:/home/alice:/bin/sh\n"
					"nobody:x:65534:65534:::\nbroken\n+::::::\n",
					"root:x:0:\nsudo:x:27:alice,daemon\nalice:x:1000:\n"
					"nogroup:x:65534:",
					&accounts, &err),
		     0);
	cr_expect_str_eq(accounts.passwd, "root:x:0:0:root:/root:/bin/bash\n"
					  "daemon:x:1:1::/:/bin/false\nnobody:x:65534:65534:::\n");
	cr_expect_str_eq(accounts.shadow, "root:*:19000:0:99999:7:::\n"
					  "daemon:*:19000:0:99999:7:::\n"
					  "nobody:*:19000:0:99999:7:::\n");
	cr_expect_str_eq(accounts.group, "root:x:0:\nsudo:x:27:daemon\nnogroup:x:65534:\n");
	cr_expect_str_eq(accounts.gshadow, "root:*::\nsudo:*::daemon\nnogroup:*::\n");
	host_list_release(&accounts);
}
