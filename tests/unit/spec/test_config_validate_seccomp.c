/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <errno.h>

#include "spec/config_validate.h"
#include "tests/unit/spec/data.h"

#define DOCUMENT(seccomp) \
	"{\"ociVersion\":\"1.2.0\",\"root\":{\"path\":\"r\"},\"linux\":{\"seccomp\":" seccomp "}}"

static struct spec_config config;
static struct error err;

static void release(void)
{
	json_release(&spec_config_schema, &config);
}

TestSuite(config_validate_seccomp, .fini = release);

static void expect(const char *text, const char *expected)
{
	int r;

	data_decode(&spec_config_schema, text, &config);
	r = spec_config_validate_seccomp(config.linux_->seccomp, &err);
	cr_expect_eq(r, expected ? -EINVAL : 0, "%s: %s", text, err.text);
	if (expected)
		cr_expect_str_eq(err.text, expected);
	release();
}

Test(config_validate_seccomp, an_errno_goes_with_errno_and_trace)
{
	expect(DOCUMENT("{\"defaultAction\":\"SCMP_ACT_TRACE\",\"defaultErrnoRet\":1}"), NULL);
	expect(DOCUMENT("{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"defaultErrnoRet\":0}"), NULL);
	expect(DOCUMENT("{\"defaultAction\":\"SCMP_ACT_TRAP\",\"defaultErrnoRet\":1}"),
	       "defaultErrnoRet: is only for SCMP_ACT_ERRNO and SCMP_ACT_TRACE (remove it)");
}

Test(config_validate_seccomp, a_second_value_of_zero_is_fine_for_every_operator)
{
	expect(DOCUMENT("{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"syscalls\":[{\"names\":[\"a\"],"
			"\"action\":\"SCMP_ACT_ERRNO\",\"args\":[{\"index\":0,\"value\":1,"
			"\"valueTwo\":0,\"op\":\"SCMP_CMP_EQ\"}]}]}"),
	       NULL);
}

Test(config_validate_seccomp, notify_needs_an_agent)
{
	expect(DOCUMENT("{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"syscalls\":[{\"names\":[\"a\"],"
			"\"action\":\"SCMP_ACT_NOTIFY\"}]}"),
	       "listenerPath: is required by SCMP_ACT_NOTIFY");
	expect(DOCUMENT("{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"listenerPath\":\"/a\","
			"\"listenerMetadata\":\"m\",\"syscalls\":[{\"names\":[\"a\"],"
			"\"action\":\"SCMP_ACT_NOTIFY\"}]}"),
	       NULL);
}

Test(config_validate_seccomp, a_listener_without_notify_is_fine)
{
	expect(DOCUMENT("{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"listenerPath\":\"/a\"}"), NULL);
}
