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

TestSuite(config_validate_process, .fini = release);

static void expect_error(const char *text, const char *path, const char *expected)
{
	data_decode(&spec_process_schema, text, &process);
	cr_expect_eq(spec_config_validate_process(&process, path, &err), -EINVAL);
	cr_expect_str_eq(err.text, expected);
	release();
}

Test(config_validate_process, a_whole_process_is_accepted)
{
	data_decode(&spec_process_schema,
		    "{\"cwd\":\"/\",\"args\":[\"sh\"],\"env\":[\"A=\"],\"rlimits\":["
		    "{\"type\":\"RLIMIT_NOFILE\",\"soft\":1,\"hard\":1}]}",
		    &process);
	cr_expect_eq(spec_config_validate_process(&process, "process", &err), 0, "%s", err.text);
}

Test(config_validate_process, the_given_path_stands_before_the_property)
{
	expect_error("{\"cwd\":\"/\"}", "process", "process.args: is required");
	expect_error("{\"cwd\":\"/\"}", "exec.process", "exec.process.args: is required");
}

Test(config_validate_process, an_empty_path_adds_nothing)
{
	expect_error("{\"cwd\":\"/\"}", "", "args: is required");
	expect_error("{\"cwd\":\"a\",\"args\":[\"a\"]}", "", "cwd: wants an absolute path");
}

Test(config_validate_process, only_the_first_equals_sign_of_env_counts)
{
	expect_error("{\"cwd\":\"/\",\"args\":[\"a\"],\"env\":[\"A=b=c\",\"=A=b\"]}", "",
		     "env[1]: wants the form NAME=value");
}
