/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <errno.h>
#include <stdlib.h>

#include "criu/descriptors.h"

Test(descriptors, the_document_is_an_array_as_runc_writes_it)
{
	char *items[] = { (char *)"/dev/null", (char *)"pipe:[7]", (char *)"a \"b\"" };
	struct criu_descriptors list = { .items = { items, 3 } };
	struct error err = { 0 };
	char *text = NULL;

	cr_assert_eq(criu_descriptors_encode(&list, &text, &err), 0);
	cr_expect_str_eq(text, "[\"/dev/null\",\"pipe:[7]\",\"a \\\"b\\\"\"]");
	free(text);
}

Test(descriptors, an_empty_list_is_an_empty_array)
{
	struct criu_descriptors list = { 0 };
	struct error err = { 0 };
	char *text = NULL;

	cr_assert_eq(criu_descriptors_encode(&list, &text, &err), 0);
	cr_expect_str_eq(text, "[]");
	free(text);
}

Test(descriptors, what_is_written_is_read)
{
	struct criu_descriptors list = { 0 };
	struct error err = { 0 };

	cr_assert_eq(criu_descriptors_decode("[\"/dev/null\", \"pipe:[7]\"]\n", &list, &err), 0);
	cr_assert_eq(list.items.n, 2);
	cr_expect_str_eq(list.items.item[1], "pipe:[7]");
	criu_descriptors_release(&list);
}

Test(descriptors, anything_else_is_refused_by_the_name_of_the_file)
{
	static const char *const texts[] = { "", "7", "[7]", "[\"a\"", "[\"a\"],\"b\":[", "{}" };

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		struct criu_descriptors list = { 0 };
		struct error err = { 0 };

		cr_expect_eq(criu_descriptors_decode(texts[i], &list, &err), -EINVAL, "%s",
			     texts[i]);
		cr_expect(strstr(err.text, "descriptors.json"), "%s", err.text);
		criu_descriptors_release(&list);
	}
}

Test(descriptors, only_pipes_and_files_from_outside_are_replaced)
{
	cr_expect(criu_descriptors_is_inherited("pipe:[7]"));
	cr_expect(criu_descriptors_is_inherited("file[16:4]"));
	cr_expect_not(criu_descriptors_is_inherited("/dev/pts/0"));
	cr_expect_not(criu_descriptors_is_inherited("socket:[7]"));
	cr_expect_not(criu_descriptors_is_inherited("extRootNetNS"));
	cr_expect_not(criu_descriptors_is_inherited(""));
}
