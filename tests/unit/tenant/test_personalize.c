/* SPDX-License-Identifier: Apache-2.0 */
/* Guests made of a few files in a directory of the test's own. */
#include "tenant/personalize.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/file.h"

static char path[] = "/tmp/ctr-personalize.XXXXXX";
static int root_fd;
static struct error err;

static void put(const char *name, const char *text)
{
	cr_assert_eq(file_replace(root_fd, name, text, strlen(text), 0644, &err), 0, "%s",
		     err.text);
}

static void make_guest(void)
{
	static const char *const directories[] = {
		"etc", "etc/ssh", "var", "var/lib", "var/lib/systemd", "root", "var/log", "bin"
	};

	cr_assert(mkdtemp(path));
	root_fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	for (size_t i = 0; i < sizeof directories / sizeof *directories; i++)
		mkdirat(root_fd, directories[i], 0755);
	put("etc/passwd", "root:x:0:0:root:/root:/bin/bash\n");
	put("etc/machine-id", "0123456789abcdef0123456789abcdef\n");
	put("etc/ssh/ssh_host_rsa_key", "secret");
	put("etc/ssh/sshd_config", "");
	put("var/log/syslog", "secret");
}

static void remove_guest(void)
{
	close(root_fd);
	file_remove_tree(AT_FDCWD, path, &err);
}

static void expect_file(const char *name, const char *text)
{
	char *found = NULL;

	cr_assert_eq(fd_read_file(root_fd, name, 4096, &found, NULL, &err), 0, "%s", err.text);
	cr_assert_str_eq(found, text);
	free(found);
}

static bool exists(const char *name)
{
	return faccessat(root_fd, name, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

static void apply(const struct personalize *p)
{
	cr_assert_eq(personalize_apply(root_fd, p, &err), 0, "%s", err.text);
}

TestSuite(personalize, .init = make_guest, .fini = remove_guest);

Test(personalize, a_guest_gets_its_name_and_loses_its_identity)
{
	apply(&(struct personalize){ .hostname = "web1" });
	expect_file("etc/hostname", "web1\n");
	expect_file("etc/machine-id", "");
	cr_assert_not(exists("etc/ssh/ssh_host_rsa_key"));
	cr_assert(exists("etc/ssh/sshd_config"));
	cr_assert(exists("var/log/syslog"));
	cr_assert_not(exists("var/lib/cloud"));
}

Test(personalize, keep_identity_keeps_it)
{
	apply(&(struct personalize){ .hostname = "web1", .keep_identity = true });
	cr_assert(exists("etc/ssh/ssh_host_rsa_key"));
	expect_file("etc/machine-id", "0123456789abcdef0123456789abcdef\n");
}

Test(personalize, publishing_leaves_no_secrets)
{
	cr_assert_eq(personalize_scrub(root_fd, true, &err), 0, "%s", err.text);
	cr_assert_not(exists("var/log/syslog"));
	cr_assert_not(exists("etc/ssh/ssh_host_rsa_key"));
}

Test(personalize, a_user_is_made_with_a_home_and_keys)
{
	const struct personalize_account account = { "bob", "$6$a$b", "ssh-ed25519 AAAA bob\n" };
	struct stat st;

	if (geteuid() != 0)
		cr_skip("chown needs root");
	apply(&(struct personalize){ .accounts = &account, .n_accounts = 1 });
	expect_file("etc/shadow", "bob:$6$a$b:::::::\n");
	expect_file("home/bob/.ssh/authorized_keys", "ssh-ed25519 AAAA bob\n");
	cr_assert_eq(fstatat(root_fd, "home/bob/.ssh/authorized_keys", &st, 0), 0);
	cr_assert_eq(st.st_uid, 1000);
	cr_assert_eq(st.st_mode & 07777, 0600);
	cr_assert_eq(fstatat(root_fd, "etc/shadow", &st, 0), 0);
	cr_assert_eq(st.st_mode & 07777, 0600);
}

Test(personalize, links_that_lead_out_of_the_guest_do_not)
{
	const struct personalize_account account = { "root", "$6$a$b", "keys\n" };
	char outside[] = "/tmp/ctr-outside.XXXXXX", *found = NULL;
	int outside_fd;

	cr_assert(mkdtemp(outside));
	outside_fd = open(outside, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	cr_assert_eq(symlinkat(outside, root_fd, "root/.ssh"), 0);
	cr_assert_eq(symlinkat("/etc/hostname", root_fd, "etc/hostname"), 0);
	apply(&(struct personalize){ .hostname = "web1", .accounts = &account, .n_accounts = 1 });
	cr_assert_neq(fd_read_file(outside_fd, "authorized_keys", 100, &found, NULL, &err), 0);
	/* The link's target was made inside the guest. */
	cr_assert(exists("etc/hostname"));
	expect_file("etc/hostname", "web1\n");
	close(outside_fd);
	rmdir(outside);
}

Test(personalize, cloud_init_gets_its_seed)
{
	apply(&(struct personalize){
		.hostname = "web1", .uuid = "u-1", .user_data = "#cloud-config\na: b\n" });
	expect_file("var/lib/cloud/seed/nocloud/meta-data",
		    "instance-id: u-1\nlocal-hostname: web1\n");
	expect_file("var/lib/cloud/seed/nocloud/user-data", "#cloud-config\na: b\n");
}

Test(personalize, a_resolv_conf_that_is_a_link_stays)
{
	apply(&(struct personalize){ .resolv_conf = "nameserver 1.1.1.1\n" });
	expect_file("etc/resolv.conf", "nameserver 1.1.1.1\n");
	unlinkat(root_fd, "etc/resolv.conf", 0);
	cr_assert_eq(symlinkat("../run/resolve", root_fd, "etc/resolv.conf"), 0);
	apply(&(struct personalize){ .resolv_conf = "nameserver 1.1.1.1\n" });
	cr_assert(exists("etc/resolv.conf"));
	cr_assert_not(exists("run/resolve"));
}

Test(personalize, a_hostile_uid_gets_nothing)
{
	const struct personalize_account account = { "evil", NULL, "keys\n" };

	put("etc/passwd", "evil:x:70000:0::/root:/bin/sh\n");
	cr_assert_eq(personalize_apply(
			     root_fd,
			     &(struct personalize){ .accounts = &account, .n_accounts = 1 }, &err),
		     -EINVAL);
	cr_assert_not(exists("root/.ssh"));
}

Test(personalize, a_damaged_line_of_a_user_is_refused_and_nothing_written)
{
	const struct personalize_account account = { .user = "alice", .authorized_keys = "k\n" };
	const struct personalize p = { .accounts = &account, .n_accounts = 1 };

	put("etc/passwd", "alice:x:::\n");
	cr_assert_eq(personalize_apply(root_fd, &p, &err), -EINVAL);
	cr_assert(strstr(err.text, "damaged line for alice"), "%s", err.text);
	expect_file("etc/passwd", "alice:x:::\n");
	cr_assert_not(exists("etc/group"));
}
