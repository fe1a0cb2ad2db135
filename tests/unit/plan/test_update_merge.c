/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "plan/update_merge.h"

static struct spec_resources decode(const char *text)
{
	struct spec_resources ret = {};
	struct error err = {};

	cr_assert_eq(json_decode(&spec_resources_schema, text, strlen(text), &ret, &err), 0, "%s",
		     err.text);
	return ret;
}

static void gives(const char *former, const char *request, const char *expected)
{
	struct spec_resources under = decode(former), over = decode(request);
	struct update_plan plan = {};
	struct error err = {};
	char *text;

	cr_assert_eq(update_merge(&under, &over, &plan, &err), 0, "%s", err.text);
	cr_assert_eq(json_encode(&spec_resources_schema, &plan.result, JSON_COMPACT, &text, &err),
		     0);
	cr_expect_str_eq(text, expected);
	free(text);
	update_merge_release(&plan);
	json_release(&spec_resources_schema, &under);
	json_release(&spec_resources_schema, &over);
}

Test(update_merge, nothing_asked_changes_nothing)
{
	gives("{\"memory\":{\"limit\":5},\"pids\":{\"limit\":7},\"blockIO\":{\"weight\":10}}", "{}",
	      "{\"memory\":{\"limit\":5},\"pids\":{\"limit\":7},\"blockIO\":{\"weight\":10}}");
}

Test(update_merge, zeros_are_unset_but_where_they_are_values)
{
	gives("{\"cpu\":{\"shares\":9,\"burst\":8,\"idle\":1}}",
	      "{\"cpu\":{\"shares\":0,\"burst\":0,\"idle\":0}}",
	      "{\"cpu\":{\"shares\":9,\"burst\":0,\"idle\":0}}");
}

Test(update_merge, entries_replace_those_of_the_same_key)
{
	gives("{\"unified\":{\"a.b\":\"1\",\"c.d\":\"2\"}}",
	      "{\"unified\":{\"c.d\":\"3\",\"e.f\":\"4\"}}",
	      "{\"unified\":{\"a.b\":\"1\",\"c.d\":\"3\",\"e.f\":\"4\"}}");
}

Test(update_merge, device_rules_are_replaced_as_a_whole)
{
	gives("{\"devices\":[{\"allow\":true},{\"allow\":false}]}",
	      "{\"devices\":[{\"allow\":false}]}", "{\"devices\":[{\"allow\":false}]}");
}
