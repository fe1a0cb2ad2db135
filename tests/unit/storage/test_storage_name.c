/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <string.h>

#include "storage/storage.h"

Test(storage_name, takes_what_can_be_a_hostname)
{
	static const char *const good[] = {
		"a", "web-1", "debian.12", "x_y",
		"0123456789012345678901234567890123456789012345678901234567890"
		"12"
	};
	struct error err = { 0 };

	for (size_t i = 0; i < sizeof good / sizeof *good; i++)
		cr_expect_eq(storage_check_name("template", good[i], &err), 0, "%s", good[i]);
}

Test(storage_name, refuses_what_could_be_a_path_or_an_option)
{
	static const char *const bad[] = { "",
					   ".",
					   "..",
					   "-a",
					   "a/b",
					   "../a",
					   "A",
					   "a b",
					   "a\nb",
					   "_a",
					   ".a",
					   "\xc3\xa4",
					   "01234567890123456789012345678901234567890123456789"
					   "01234567890123" };
	struct error err = { 0 };

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		cr_expect_lt(storage_check_name("template", bad[i], &err), 0, "%s", bad[i]);
	cr_expect_lt(storage_check_name("template", NULL, &err), 0);
	cr_expect(strstr(err.text, "template"));
}

Test(storage_name, an_id_is_sixteen_small_hex_digits)
{
	cr_expect(storage_is_id("0123456789abcdef"));
	cr_expect_not(storage_is_id("0123456789abcde"));
	cr_expect_not(storage_is_id("0123456789abcdef0"));
	cr_expect_not(storage_is_id("0123456789ABCDEF"));
	cr_expect_not(storage_is_id("../../../../etc/"));
	cr_expect_not(storage_is_id(NULL));
}

#define DIGITS "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

Test(storage_name, a_digest_is_sha256_of_small_digits)
{
	cr_expect(storage_is_digest("sha256:" DIGITS));
	cr_expect_not(storage_is_digest("sha256:" DIGITS "0"));
	cr_expect_not(storage_is_digest("sha256:../../x"));
	cr_expect_not(storage_is_digest("sha512:" DIGITS));
	cr_expect_not(storage_is_digest(DIGITS));
	cr_expect_not(storage_is_digest("sha256:"));
	cr_expect_not(storage_is_digest(NULL));
}

Test(storage_name, a_layers_id_begins_its_digest)
{
	char id[STORAGE_ID_SIZE];

	storage_digest_id("sha256:" DIGITS, id);
	cr_expect_str_eq(id, "0123456789abcdef");
}
