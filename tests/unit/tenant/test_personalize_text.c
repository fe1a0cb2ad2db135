/* SPDX-License-Identifier: Apache-2.0 */
#include "tenant/personalize_text.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

static struct error err;

#define expect_text(call, expected)                    \
	do {                                           \
		char *text = NULL;                     \
		cr_assert_eq(call, 0, "%s", err.text); \
		cr_assert_str_eq(text, expected);      \
		free(text);                            \
	} while (0)

Test(personalize_text, the_name_has_one_line_in_hosts)
{
	expect_text(
		personalize_text_hosts("127.0.0.1 localhost\n127.0.1.1\told.example old\n::1 x\n",
				       "web1", &text, &err),
		"127.0.0.1 localhost\n::1 x\n127.0.1.1\tweb1\n");
	expect_text(personalize_text_hosts("127.0.1.10 a", "w.example.com", &text, &err),
		    "127.0.1.10 a\n127.0.1.1\tw.example.com w\n");
}

Test(personalize_text, a_guest_without_hosts_gets_them)
{
	expect_text(personalize_text_hosts(NULL, "web1", &text, &err),
		    "127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\n"
		    "127.0.1.1\tweb1\n");
}

Test(personalize_text, a_user_is_found_by_the_whole_name)
{
	static const char passwd[] = "rooter:x:1:1::/r:\nbad:x:no:0::/\nshort:x:1\n"
				     "root:x:0:7:r:/root:/bin/sh";
	struct personalize_user user;

	cr_assert(personalize_text_find_user(passwd, "root", &user));
	cr_assert_eq(user.uid, 0);
	cr_assert_eq(user.gid, 7);
	cr_assert_str_eq(user.home, "/root");
	cr_assert_not(personalize_text_find_user(passwd, "bad", &user));
	cr_assert_not(personalize_text_find_user(passwd, "short", &user));
	cr_assert_not(personalize_text_find_user(passwd, "roo", &user));
	cr_assert_not(personalize_text_find_user(NULL, "root", &user));
}

Test(personalize_text, a_new_user_gets_the_lowest_id_that_both_files_leave)
{
	uint32_t id;

	cr_assert_eq(personalize_text_free_id("a:x:1000:1000::/:\n", "a:x:1000:\nb:x:1001:\n", &id,
					      &err),
		     0);
	cr_assert_eq(id, 1002);
	expect_text(personalize_text_add_user("a:x:0:0::/:/s", "bob", 1002, "/bin/sh", &text, &err),
		    "a:x:0:0::/:/s\nbob:x:1002:1002::/home/bob:/bin/sh\n");
	expect_text(personalize_text_add_group(NULL, "bob", 1002, &text, &err), "bob:x:1002:\n");
}

Test(personalize_text, a_password_takes_the_place_of_the_old_one)
{
	static const char shadow[] = "daemon:*:1:0\nroot:!:19000:0:99999:7:::\nx:y\n";

	expect_text(personalize_text_shadow(shadow, "root", "$6$a$b", &text, &err),
		    "daemon:*:1:0\nroot:$6$a$b:19000:0:99999:7:::\nx:y\n");
	expect_text(personalize_text_shadow(shadow, "x", "$6$a$b", &text, &err),
		    "daemon:*:1:0\nroot:!:19000:0:99999:7:::\nx:$6$a$b\n");
	expect_text(personalize_text_shadow(shadow, "bob", "$6$a$b", &text, &err),
		    "daemon:*:1:0\nroot:!:19000:0:99999:7:::\nx:y\nbob:$6$a$b:::::::\n");
	expect_text(personalize_text_shadow(NULL, "bob", "!", &text, &err), "bob:!:::::::\n");
}

Test(personalize_text, names_and_hashes_cannot_forge_lines)
{
	static const char *const bad_users[] = {
		"", "Root", "a:b", "a\nb", "-a", "1a", "a/b", NULL
	};
	static const char *const bad_hashes[] = { "",	   "secret", "$6$a:b", "$6$a\nroot::0:0",
						  "$6$ b", NULL };

	for (size_t i = 0; bad_users[i]; i++)
		cr_assert_eq(personalize_text_check_user(bad_users[i], &err), -EINVAL, "%s",
			     bad_users[i]);
	cr_assert_eq(personalize_text_check_user("web_admin-1", &err), 0);
	for (size_t i = 0; bad_hashes[i]; i++)
		cr_assert_eq(personalize_text_check_hash(bad_hashes[i], &err), -EINVAL, "%zu", i);
	cr_assert_eq(personalize_text_check_hash("$6$salt$abc./", &err), 0);
	cr_assert_eq(personalize_text_check_hash("!", &err), 0);
}

Test(personalize_text, a_wrong_hash_is_not_printed)
{
	cr_assert_eq(personalize_text_check_hash("hunter2", &err), -EINVAL);
	cr_assert_null(strstr(err.text, "hunter2"));
}
