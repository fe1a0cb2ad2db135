/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <errno.h>
#include <stdlib.h>

#include "criu/request.h"

static void fill(struct criu_request *request)
{
	struct error err = { 0 };

	request->operation = (struct optional_int){ true, CRIU_RESTORE };
	request->images_fd = (struct optional_int){ true, 5 };
	request->work_fd = (struct optional_int){ true, 6 };
	request->work = strdup("/w");
	request->log = strdup("restore.log");
	request->cgroups = (struct optional_int){ true, CRIU_CGROUPS_IGNORE };
	cr_assert_eq(criu_request_set(request, CRIU_TCP_CLOSE, &err), 0);
	cr_assert_eq(criu_request_set(request, CRIU_NO_NEW_PRIVILEGES, &err), 0);
	cr_assert_eq(criu_request_add_external(request, "net[1]:x", &err), 0);
	cr_assert_eq(criu_request_add_tree(request, "mounts.3", 9, &err), 0);
	cr_assert_eq(criu_request_add_inherited(request, "pipe:[1]", 0, &err), 0);
	cr_assert_eq(criu_request_add_join(request, "ipc", "/proc/7/ns/ipc", &err), 0);
}

Test(request, what_is_encoded_is_decoded_the_same)
{
	struct criu_request request = { 0 }, again = { 0 };
	struct error err = { 0 };
	char *text = NULL, *second = NULL;

	fill(&request);
	cr_assert_eq(json_encode(&criu_request_schema, &request, JSON_COMPACT, &text, &err), 0);
	cr_assert_eq(json_decode(&criu_request_schema, text, strlen(text), &again, &err), 0, "%s",
		     err.text);
	cr_assert_eq(json_encode(&criu_request_schema, &again, JSON_COMPACT, &second, &err), 0);
	cr_expect_str_eq(second, text);
	cr_expect_eq(again.flags.n, 2);
	cr_expect_eq(again.flags.item[1], CRIU_NO_NEW_PRIVILEGES);
	cr_expect_str_eq(again.trees.item[0].key, "mounts.3");
	cr_expect_str_eq(again.joins.item[0].path, "/proc/7/ns/ipc");
	free(text);
	free(second);
	criu_request_release(&request);
	criu_request_release(&again);
}

Test(request, one_without_directories_is_none)
{
	static const char text[] = "{\"operation\":\"dump\",\"log\":\"x\",\"work\":\"/\"}";
	struct criu_request request = { 0 };
	struct error err = { 0 };

	cr_expect_eq(json_decode(&criu_request_schema, text, strlen(text), &request, &err),
		     -EINVAL);
	criu_request_release(&request);
}

Test(request, every_switch_has_a_word)
{
	for (int flag = 0; flag < CRIU_FLAG_COUNT; flag++) {
		struct criu_request request = { 0 };
		struct error err = { 0 };
		char *text = NULL;

		cr_assert_eq(criu_request_set(&request, (enum criu_flag)flag, &err), 0);
		cr_assert_eq(json_encode(&criu_request_schema, &request, JSON_COMPACT, &text, &err),
			     0);
		cr_expect(strstr(text, "\"flags\":[\""), "%s", text);
		free(text);
		criu_request_release(&request);
	}
}
