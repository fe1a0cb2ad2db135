/* SPDX-License-Identifier: Apache-2.0 */
/* Each test changes the process's capabilities: Criterion runs it in a process of its own. */
#include <criterion/criterion.h>
#include <errno.h>
#include <linux/capability.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "kernel/capability.h"

#define BIT(capability) (UINT64_C(1) << (capability))

static void need_root(void)
{
	if (geteuid() != 0)
		cr_skip_test("needs root: capabilities to give away");
}

/* A line of /proc/self/status: what the kernel has, read by another way than the code's. */
static uint64_t status(const char *key)
{
	FILE *file = fopen("/proc/self/status", "re");
	unsigned long long value = 0;
	char line[256];
	int found = 0;

	cr_assert_not_null(file);
	while (fgets(line, sizeof line, file))
		if (strncmp(line, key, strlen(key)) == 0)
			found = sscanf(line + strlen(key), ":\t%llx", &value);
	fclose(file);
	cr_assert_eq(found, 1);
	return value;
}

Test(capability, the_last_one_is_the_kernels)
{
	FILE *file = fopen("/proc/sys/kernel/cap_last_cap", "re");
	int last = 0;

	cr_assert_not_null(file);
	cr_assert_eq(fscanf(file, "%d", &last), 1);
	fclose(file);
	cr_expect_eq(capability_last(), last);
}

Test(capability, the_bounding_set_keeps_what_is_asked_for)
{
	struct error err = { 0 };
	uint64_t before = status("CapBnd");

	need_root();
	cr_assert_eq(capability_limit_bounding(BIT(CAP_CHOWN) | BIT(CAP_KILL), &err), 0, "%s",
		     err.text);
	cr_expect_eq(status("CapBnd"), before & (BIT(CAP_CHOWN) | BIT(CAP_KILL)));
	cr_expect_eq(capability_limit_bounding(BIT(CAP_KILL), &err), 0);
	cr_expect_eq(status("CapBnd"), before & BIT(CAP_KILL));
}

Test(capability, absent_bounding_capabilities_need_no_privilege)
{
	struct error err = { 0 };

	need_root();
	cr_assert_eq(capability_limit_bounding(BIT(CAP_KILL), &err), 0);
	cr_assert_eq(capability_apply(0, 0, 0, 0, &err), 0, "%s", err.text);
	cr_expect_eq(capability_limit_bounding(BIT(CAP_KILL), &err), 0);
	cr_expect_eq(capability_limit_bounding(0, &err), -EPERM);
	cr_expect_not_null(strstr(err.text, "cap_kill"), "%s", err.text);
}

Test(capability, all_four_sets_are_exactly_as_asked)
{
	uint64_t permitted = BIT(CAP_CHOWN) | BIT(CAP_KILL) | BIT(CAP_NET_BIND_SERVICE);
	struct error err = { 0 };

	need_root();
	cr_assert_eq(capability_apply(BIT(CAP_CHOWN), permitted, BIT(CAP_KILL) | BIT(CAP_CHOWN),
				      BIT(CAP_KILL), &err),
		     0, "%s", err.text);
	cr_expect_eq(status("CapEff"), BIT(CAP_CHOWN));
	cr_expect_eq(status("CapPrm"), permitted);
	cr_expect_eq(status("CapInh"), BIT(CAP_KILL) | BIT(CAP_CHOWN));
	cr_expect_eq(status("CapAmb"), BIT(CAP_KILL));
	cr_expect(capability_have(CAP_CHOWN));
	cr_expect_not(capability_have(CAP_KILL));
}

Test(capability, ambient_ones_of_before_are_gone)
{
	uint64_t both = BIT(CAP_CHOWN) | BIT(CAP_KILL);
	struct error err = { 0 };

	need_root();
	cr_assert_eq(capability_apply(both, both, both, both, &err), 0);
	cr_assert_eq(capability_apply(both, both, both, BIT(CAP_CHOWN), &err), 0);
	cr_expect_eq(status("CapAmb"), BIT(CAP_CHOWN));
}

Test(capability, more_than_the_process_has_is_refused_by_name)
{
	struct error err = { 0 };

	need_root();
	cr_assert_eq(capability_apply(BIT(CAP_CHOWN), BIT(CAP_CHOWN), 0, 0, &err), 0);
	cr_expect_eq(capability_apply(BIT(CAP_SYS_ADMIN), BIT(CAP_SYS_ADMIN), 0, 0, &err), -EPERM);
	cr_expect_not_null(strstr(err.text, "cap_sys_admin"), "%s", err.text);
}

Test(capability, ambient_without_inheritable_is_refused)
{
	struct error err = { 0 };

	need_root();
	cr_expect_eq(capability_apply(BIT(CAP_CHOWN), BIT(CAP_CHOWN), 0, BIT(CAP_CHOWN), &err),
		     -EPERM);
	cr_expect_not_null(strstr(err.text, "ambient"), "%s", err.text);
}

Test(capability, permitted_ones_survive_leaving_root_and_can_be_raised)
{
	struct error err = { 0 };
	uint64_t before = status("CapPrm");

	need_root();
	cr_assert_eq(capability_keep_on_setuid(true, &err), 0);
	cr_assert_eq(setresuid(65534, 65534, 65534), 0);
	cr_expect_eq(status("CapPrm"), before);
	cr_expect_eq(status("CapEff"), 0);
	cr_assert_eq(capability_raise_effective(&err), 0, "%s", err.text);
	cr_expect_eq(status("CapEff"), before);
	cr_assert_eq(capability_keep_on_setuid(false, &err), 0);
	cr_expect_eq(prctl(PR_GET_KEEPCAPS, 0, 0, 0, 0), 0);
}
