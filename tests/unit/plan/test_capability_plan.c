/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <errno.h>
#include <linux/capability.h>
#include <stdlib.h>

#include "plan/process_plan.h"

#define BIT(capability) (1ULL << (capability))

#define NAMES(...)                                                      \
	{                                                               \
		.item = (char *[]){ __VA_ARGS__ },                      \
		.n = sizeof((char *[]){ __VA_ARGS__ }) / sizeof(char *) \
	}

static const struct host host = { .cap_last = CAP_LAST_CAP };

Test(capability_plan, names_stand_at_the_kernels_numbers)
{
	int n = 0;

	while (capability_plan_names[n])
		n++;
	cr_assert_eq(n, 41);
	cr_assert_str_eq(capability_plan_names[CAP_CHOWN], "CAP_CHOWN");
	cr_assert_str_eq(capability_plan_names[CAP_NET_BIND_SERVICE], "CAP_NET_BIND_SERVICE");
	cr_assert_str_eq(capability_plan_names[CAP_SYS_ADMIN], "CAP_SYS_ADMIN");
	cr_assert_str_eq(capability_plan_names[CAP_AUDIT_WRITE], "CAP_AUDIT_WRITE");
	cr_assert_str_eq(capability_plan_names[CAP_SYSLOG], "CAP_SYSLOG");
	cr_assert_str_eq(capability_plan_names[CAP_CHECKPOINT_RESTORE], "CAP_CHECKPOINT_RESTORE");
}

Test(capability_plan, any_case_is_known_with_or_without_the_prefix)
{
	cr_assert_eq(capability_plan_number("CAP_KILL"), CAP_KILL);
	cr_assert_eq(capability_plan_number("cap_kill"), CAP_KILL);
	cr_assert_eq(capability_plan_number("Kill"), CAP_KILL);
	cr_assert_eq(capability_plan_number("CAP_CAP_KILL"), -1);
	cr_assert_eq(capability_plan_number("CAP_"), -1);
	cr_assert_eq(capability_plan_number(""), -1);
}

Test(capability_plan, no_object_means_no_capability)
{
	struct process_plan plan = { .capabilities = { .bounding = 1 } };
	struct error err = {};

	cr_assert_eq(capability_plan_build(NULL, &host, &plan, &err), 0);
	cr_assert_eq(plan.capabilities.bounding | plan.capabilities.effective |
			     plan.capabilities.permitted | plan.capabilities.inheritable |
			     plan.capabilities.ambient,
		     0);
}

Test(capability_plan, each_set_is_its_own)
{
	struct spec_capabilities wanted = { .bounding = NAMES("CAP_CHOWN", "CAP_KILL"),
					    .permitted = NAMES("CAP_KILL", "CAP_SETUID"),
					    .effective = NAMES("CAP_KILL"),
					    .inheritable = NAMES("CAP_SETUID"),
					    .ambient = NAMES("CAP_SETUID") };
	struct process_plan plan = {};
	struct error err = {};

	cr_assert_eq(capability_plan_build(&wanted, &host, &plan, &err), 0, "%s", err.text);
	cr_assert_eq(plan.capabilities.bounding, BIT(CAP_CHOWN) | BIT(CAP_KILL));
	cr_assert_eq(plan.capabilities.permitted, BIT(CAP_KILL) | BIT(CAP_SETUID));
	cr_assert_eq(plan.capabilities.effective, BIT(CAP_KILL));
	cr_assert_eq(plan.capabilities.inheritable, BIT(CAP_SETUID));
	cr_assert_eq(plan.capabilities.ambient, BIT(CAP_SETUID));
	cr_assert_eq(plan.unknown_capabilities.n, 0);
}

Test(capability_plan, ambient_without_inheritable_is_left_out)
{
	struct spec_capabilities wanted = { .permitted = NAMES("CAP_KILL", "CAP_CHOWN"),
					    .inheritable = NAMES("CAP_CHOWN", "CAP_SETUID"),
					    .ambient =
						    NAMES("CAP_KILL", "CAP_CHOWN", "CAP_SETUID") };
	struct process_plan plan = {};
	struct error err = {};

	cr_assert_eq(capability_plan_build(&wanted, &host, &plan, &err), 0, "%s", err.text);
	cr_assert_eq(plan.capabilities.ambient, BIT(CAP_CHOWN));
}

Test(capability_plan, unknown_names_are_collected_once)
{
	struct spec_capabilities wanted = { .bounding = NAMES("CAP_BLUE", "CAP_KILL", "CAP_RED"),
					    .permitted = NAMES("CAP_BLUE") };
	struct process_plan plan = {};
	struct error err = {};

	cr_assert_eq(capability_plan_build(&wanted, &host, &plan, &err), 0, "%s", err.text);
	cr_assert_eq(plan.unknown_capabilities.n, 2);
	cr_assert_str_eq(plan.unknown_capabilities.item[0], "CAP_BLUE");
	cr_assert_str_eq(plan.unknown_capabilities.item[1], "CAP_RED");
	cr_assert_eq(plan.capabilities.bounding, BIT(CAP_KILL));
	free(plan.unknown_capabilities.item);
}

Test(capability_plan, what_the_kernel_does_not_have_is_unknown)
{
	const struct host old = { .cap_last = CAP_AUDIT_READ };
	struct spec_capabilities wanted = { .bounding = NAMES("CAP_BPF", "CAP_AUDIT_READ") };
	struct process_plan plan = {};
	struct error err = {};

	cr_assert_eq(capability_plan_build(&wanted, &old, &plan, &err), 0, "%s", err.text);
	cr_assert_eq(plan.capabilities.bounding, BIT(CAP_AUDIT_READ));
	cr_assert_eq(plan.unknown_capabilities.n, 1);
	cr_assert_str_eq(plan.unknown_capabilities.item[0], "CAP_BPF");
	free(plan.unknown_capabilities.item);
}

Test(capability_plan, effective_needs_permitted)
{
	struct spec_capabilities wanted = { .permitted = NAMES("CAP_CHOWN"),
					    .effective = NAMES("CAP_CHOWN", "CAP_KILL") };
	struct process_plan plan = {};
	struct error err = {};

	cr_assert_eq(capability_plan_build(&wanted, &host, &plan, &err), -EINVAL);
	cr_assert_str_eq(err.text, "process.capabilities.effective: CAP_KILL is not permitted");
}
