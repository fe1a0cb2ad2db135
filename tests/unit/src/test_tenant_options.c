/* SPDX-License-Identifier: Apache-2.0 */
#include "src/tenant_options.h"

#include <criterion/criterion.h>
#include <string.h>

static int64_t cpus(const char *text)
{
	int64_t ret = 0;

	return tenant_cpus_parse(text, &ret) ? ret : 0;
}

Test(tenant_options, processors_are_thousandths)
{
	cr_expect_eq(cpus("2"), 2000);
	cr_expect_eq(cpus("0.5"), 500);
	cr_expect_eq(cpus("1.25"), 1250);
	cr_expect_eq(cpus("10.001"), 10001);
	cr_expect_eq(cpus("-1"), -1);
}

Test(tenant_options, what_is_no_number_of_processors_is_refused)
{
	static const char *const bad[] = { "", "0", "0.0", "x", "1.", ".5", "1.2345", "1.5x",
					   "-2", "+1", " 1", "1e3", "1234567", "1.5.5" };

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		cr_expect_eq(cpus(bad[i]), 0, "%s", bad[i]);
}

Test(tenant_options, limits_that_are_not_given_stay_zero)
{
	struct tenant_limits limits = { .pids = "100" };
	struct tenant_numbers numbers = { 0 };
	struct ctr_error err = { 0 };

	cr_expect_eq(tenant_limits_parse("set", &limits, &numbers, &err), 0);
	cr_expect_eq(numbers.memory, 0);
	cr_expect_eq(numbers.cpu_millis, 0);
	cr_expect_eq(numbers.pids, 100);
}

Test(tenant_options, minus_one_is_no_limit_and_zero_is_none)
{
	struct tenant_limits limits = { .memory = "-1", .cpus = "-1", .pids = "-1" };
	struct tenant_numbers numbers = { 0 };
	struct ctr_error err = { 0 };

	cr_expect_eq(tenant_limits_parse("set", &limits, &numbers, &err), 0);
	cr_expect_eq(numbers.memory, -1);
	cr_expect_eq(numbers.cpu_millis, -1);
	cr_expect_eq(numbers.pids, -1);
	limits.memory = "0";
	cr_expect_lt(tenant_limits_parse("set", &limits, &numbers, &err), 0);
	cr_expect(strstr(err.text, "set: invalid --memory \"0\""));
}

static int binds(const char *text, struct tenant_binds *ret)
{
	char *items[] = { (char *)text, NULL };
	struct command_strings given = { items, 1 };
	struct ctr_error err = { 0 };

	return tenant_binds_parse("deploy", &given, ret, &err);
}

Test(tenant_options, binds_have_two_paths_and_an_option)
{
	struct tenant_binds ret = { 0 };

	cr_expect_eq(binds("/a:/b:ro", &ret), 0);
	cr_assert_eq(ret.n, 1u);
	cr_expect_str_eq(ret.items[0].source, "/a");
	cr_expect_str_eq(ret.items[0].destination, "/b");
	cr_expect(ret.items[0].readonly);
	tenant_binds_release(&ret);
	ret = (struct tenant_binds){ 0 };
	cr_expect_eq(binds("/a:/b", &ret), 0);
	cr_expect_not(ret.items[0].readonly);
	tenant_binds_release(&ret);
}

Test(tenant_options, other_binds_are_refused)
{
	static const char *const bad[] = { "", "/a", "/a:", "a:/b", "/a:b", "/a:/b:x", "/a:/b:ro:x" };

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct tenant_binds ret = { 0 };

		cr_expect_lt(binds(bad[i], &ret), 0, "%s", bad[i]);
		tenant_binds_release(&ret);
	}
}
