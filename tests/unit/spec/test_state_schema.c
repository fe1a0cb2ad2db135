/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <errno.h>

#include "spec/state.h"
#include "tests/unit/spec/data.h"

static struct spec_state state;
static struct error err;

static void release(void)
{
	json_release(&spec_state_schema, &state);
}

TestSuite(state_schema, .fini = release);

Test(state_schema, a_stopped_container_has_pid_0)
{
	cleanup_free char *text = NULL;

	data_decode(&spec_state_schema,
		    "{\"ociVersion\":\"1.3.0\",\"id\":\"a\",\"pid\":0,\"status\":\"stopped\","
		    "\"bundle\":\"/b\"}",
		    &state);
	cr_assert_eq(json_encode(&spec_state_schema, &state, JSON_COMPACT, &text, &err), 0);
	cr_expect_str_eq(text,
			 "{\"ociVersion\":\"1.3.0\",\"id\":\"a\",\"pid\":0,\"status\":\"stopped\","
			 "\"bundle\":\"/b\"}");
}

Test(state_schema, what_engines_read_beyond_the_spec_survives_a_round_trip)
{
	cleanup_free char *text = NULL;

	data_decode(&spec_state_schema,
		    "{\"ociVersion\":\"1.3.0\",\"id\":\"a\",\"pid\":7,\"status\":\"paused\","
		    "\"bundle\":\"/b\",\"rootfs\":\"/b/r\",\"created\":\"2024-01-01T00:00:00Z\","
		    "\"owner\":\"root\",\"annotations\":{\"k\":\"v\"}}",
		    &state);
	text = data_round_trip(&spec_state_schema, &state);
	cr_expect_not_null(strstr(text, "\"created\": \"2024-01-01T00:00:00Z\""));
	cr_expect_not_null(strstr(text, "\"owner\": \"root\""));
	cr_expect_not_null(strstr(text, "\"k\": \"v\""));
}

Test(state_schema, the_required_properties_are_the_spec_s)
{
	static const char *const documents[][2] = {
		{ "{}", "ociVersion: is required" },
		{ "{\"ociVersion\":\"1\"}", "id: is required" },
		{ "{\"ociVersion\":\"1\",\"id\":\"a\"}", "status: is required" },
		{ "{\"ociVersion\":\"1\",\"id\":\"a\",\"status\":\"created\"}",
		  "bundle: is required" },
	};

	for (size_t i = 0; i < sizeof documents / sizeof *documents; i++) {
		cr_expect_eq(json_decode(&spec_state_schema, documents[i][0],
					 strlen(documents[i][0]), &state, &err),
			     -EINVAL);
		cr_expect_str_eq(err.text, documents[i][1]);
		release();
	}
}

static void expect_good(const char *path)
{
	cleanup_free char *text = data_read(path);

	data_decode(&spec_state_schema, text, &state);
	free(data_round_trip(&spec_state_schema, &state));
	release();
}

static void expect_bad(const char *path)
{
	cleanup_free char *text = data_read(path);

	cr_expect_eq(json_decode(&spec_state_schema, text, strlen(text), &state, &err), -EINVAL,
		     "%s", path);
	release();
}

Test(state_schema, the_spec_s_examples_are_accepted_and_refused_as_labelled)
{
	cr_expect_gt(data_each("spec-examples/state/good", expect_good), 0);
	cr_expect_gt(data_each("spec-examples/state/bad", expect_bad), 0);
}
