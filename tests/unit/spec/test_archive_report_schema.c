/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <errno.h>

#include "spec/archive_report.h"
#include "tests/unit/spec/data.h"

static struct spec_archive_report report;
static struct error err;

static void release(void)
{
	json_release(&spec_archive_report_schema, &report);
}

TestSuite(archive_report_schema, .fini = release);

Test(archive_report_schema, a_whole_document_survives_a_round_trip)
{
	static const char whole[] =
		"{\"layers\":[{\"digest\":\"d\",\"diffId\":\"e\",\"entries\":1,\"size\":2,"
		"\"leftOut\":3}],\"digest\":\"d\",\"architecture\":\"arm64\","
		"\"process\":{\"args\":[\"sh\"]}}";
	cleanup_free char *text = NULL;

	data_decode(&spec_archive_report_schema, whole, &report);
	cr_assert_eq(json_encode(&spec_archive_report_schema, &report, JSON_COMPACT, &text, &err),
		     0);
	cr_expect_str_eq(text, whole);
}

Test(archive_report_schema, a_layer_without_a_digest_is_refused)
{
	static const char text[] = "{\"layers\":[{\"entries\":1}],\"digest\":\"d\"}";

	cr_expect_eq(json_decode(&spec_archive_report_schema, text, strlen(text), &report, &err),
		     -EINVAL);
	cr_expect_str_eq(err.text, "layers[0].digest: is required");
}
