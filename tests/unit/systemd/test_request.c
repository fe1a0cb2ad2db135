/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "systemd/request.h"

Test(systemd_request, what_is_sent_is_what_arrives)
{
	struct systemd_property properties[] = {
		{ "MemoryMax", "uint64 5", {} },
		{ "AllowedCPUs", "@ay [0x03]", { true, 244 } },
	};
	struct systemd_request sent = {
		.action = { true, SYSTEMD_START },
		.user = true,
		.unit = "ctr-a\\x2bb.scope",
		.pid = { true, 42 },
		.properties = { properties, 2 },
	};
	struct systemd_request got = {};
	struct error err = {};
	char *text;

	cr_assert_eq(json_encode(&systemd_request_schema, &sent, JSON_COMPACT, &text, &err), 0);
	cr_assert_eq(json_decode(&systemd_request_schema, text, strlen(text), &got, &err), 0, "%s",
		     err.text);
	cr_assert_eq(got.action.value, SYSTEMD_START);
	cr_assert(got.user);
	cr_assert_str_eq(got.unit, sent.unit);
	cr_assert_eq(got.pid.value, 42);
	cr_assert_eq(got.properties.n, 2);
	cr_assert_str_eq(got.properties.item[0].value, "uint64 5");
	cr_assert_not(got.properties.item[0].since.set);
	cr_assert_eq(got.properties.item[1].since.value, 244);
	json_release(&systemd_request_schema, &got);
	free(text);
}

Test(systemd_request, every_action_has_its_word)
{
	static const char *const words[] = { "start", "set", "stop", "forget" };

	for (int i = 0; i < 4; i++) {
		struct systemd_request got = {};
		struct error err = {};
		char text[64];

		snprintf(text, sizeof text, "{\"action\":\"%s\",\"unit\":\"a.scope\"}", words[i]);
		cr_expect_eq(json_decode(&systemd_request_schema, text, strlen(text), &got, &err),
			     0, "%s", err.text);
		cr_expect_eq(got.action.value, i);
		json_release(&systemd_request_schema, &got);
	}
}

Test(systemd_request, a_request_without_its_unit_or_with_another_action_is_refused)
{
	static const char *const wrong[] = {
		"{\"action\":\"stop\"}",
		"{\"unit\":\"a.scope\"}",
		"{\"action\":\"reboot\",\"unit\":\"a.scope\"}",
		"{\"action\":\"start\",\"unit\":\"a.scope\",\"pid\":0}",
	};

	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		struct systemd_request got = {};
		struct error err = {};

		cr_expect_eq(json_decode(&systemd_request_schema, wrong[i], strlen(wrong[i]), &got,
					 &err),
			     -EINVAL, "%s", wrong[i]);
		json_release(&systemd_request_schema, &got);
	}
}
