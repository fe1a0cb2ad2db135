/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <string.h>

#include "base/json.h"
#include "base/list.h"

struct pair {
	long a, b;
};

struct names {
	LIST_OF(char *) names;
};
static SCHEMA(names, STRINGS(names, names, "names"));

Test(list, elements_keep_their_values_while_the_list_grows)
{
	LIST_OF(struct pair) list = {};

	for (long i = 0; i < 1000; i++)
		list_add(&list)->a = i;
	cr_assert_eq(list.n, 1000);
	for (long i = 0; i < 1000; i++)
		cr_assert_eq(list.item[i].a, i);
	free(list.item);
}

Test(list, a_new_element_is_zeroed)
{
	LIST_OF(struct pair) list = {};
	struct pair *p = list_add(&list);

	cr_assert(p == list.item && p->a == 0 && p->b == 0);
	free(list.item);
}

Test(list, a_decoded_list_can_grow_from_any_length)
{
	struct error err;

	for (int n = 1; n < 20; n++) {
		struct names doc = {};
		char text[200] = "{\"names\":[\"a\"";

		for (int i = 1; i < n; i++)
			strcat(text, ",\"a\"");
		strcat(text, "]}");
		cr_assert_eq(json_decode(&names_schema, text, strlen(text), &doc, &err), 0);
		for (int i = 0; i < 20; i++)
			*list_add(&doc.names) = strdup("b");
		cr_assert_eq(doc.names.n, (size_t)n + 20);
		cr_assert_str_eq(doc.names.item[n - 1], "a");
		cr_assert_str_eq(doc.names.item[n], "b");
		json_release(&names_schema, &doc);
	}
}
