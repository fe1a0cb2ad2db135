/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <errno.h>

#include "spec/config.h"
#include "tests/unit/spec/data.h"

static struct spec_process process;
static struct error err;

static void release(void)
{
	json_release(&spec_process_schema, &process);
}

TestSuite(process_schema, .fini = release);

static void expect_error(const char *text, const char *expected)
{
	cr_expect_eq(json_decode(&spec_process_schema, text, strlen(text), &process, &err),
		     -EINVAL);
	cr_expect_str_eq(err.text, expected);
	release();
}

Test(process_schema, a_process_is_a_document_of_its_own)
{
	data_decode(
		&spec_process_schema,
		"{\"cwd\":\"/\",\"args\":[\"sh\"],\"user\":{\"uid\":7,\"additionalGids\":[1,2]}}",
		&process);
	cr_expect_str_eq(process.args.item[0], "sh");
	cr_expect_eq(process.user->uid.value, 7);
	cr_expect_not(process.user->gid.set);
	cr_expect_not(process.user->umask.set);
	free(data_round_trip(&spec_process_schema, &process));
}

Test(process_schema, every_property_survives_a_round_trip)
{
	cleanup_free char *text = data_read("config/valid/every-property.json");
	cleanup_free char *out = NULL;
	struct spec_config config = {};

	data_decode(&spec_config_schema, text, &config);
	out = data_round_trip(&spec_process_schema, config.process);
	cr_expect_not_null(strstr(out, "\"additionalGids\""));
	cr_expect_not_null(strstr(out, "18446744073709551615"));
	json_release(&spec_config_schema, &config);
}

Test(process_schema, paths_in_errors_begin_at_the_process)
{
	expect_error("{}", "cwd: is required");
	expect_error("{\"cwd\":\"/\",\"user\":{\"gid\":4294967295}}",
		     "user.gid: 4294967295 is out of range (0 to 4294967294)");
	expect_error("{\"cwd\":\"/\",\"ioPriority\":{}}", "ioPriority.class: is required");
}
