/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <errno.h>
#include <string.h>

#include "tenant/tenant_config.h"

static struct spec_seccomp seccomp;

static void begin(void)
{
	struct error err = {};

	seccomp = (struct spec_seccomp){};
	cr_assert_eq(tenant_config_seccomp(&seccomp, &err), 0, "%s", err.text);
}

static const struct spec_seccomp_rule *rule_of(const char *name, size_t nth)
{
	for (size_t i = 0; i < seccomp.syscalls.n; i++)
		for (size_t k = 0; k < seccomp.syscalls.item[i].names.n; k++)
			if (strcmp(seccomp.syscalls.item[i].names.item[k], name) == 0 && nth-- == 0)
				return &seccomp.syscalls.item[i];
	return NULL;
}

TestSuite(tenant_seccomp, .init = begin);

Test(tenant_seccomp, calls_about_the_whole_host_are_not_permitted)
{
	static const char *const names[] = { "kexec_load", "init_module", "bpf",
					     "open_by_handle_at" };

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		const struct spec_seccomp_rule *rule = rule_of(names[i], 0);

		cr_assert(rule, "%s", names[i]);
		cr_assert_eq(rule->errno_ret.value, EPERM);
		cr_assert_eq(rule->args.n, 0);
	}
}

Test(tenant_seccomp, keyrings_seem_not_to_exist)
{
	cr_assert_eq(rule_of("keyctl", 0)->errno_ret.value, ENOSYS);
}

Test(tenant_seccomp, the_audit_socket_looks_like_a_missing_family)
{
	const struct spec_seccomp_rule *rule = rule_of("socket", 2);

	cr_assert_eq(rule->errno_ret.value, EAFNOSUPPORT);
	cr_assert_eq(rule->args.n, 2);
	cr_assert_eq(rule->args.item[0].value_two.value, 16);
	cr_assert_eq(rule->args.item[1].index.value, 2);
	cr_assert_eq(rule->args.item[1].value_two.value, 9);
}

Test(tenant_seccomp, arguments_are_compared_in_their_lower_half)
{
	const struct spec_seccomp_rule *rule = rule_of("ioctl", 0);

	cr_assert_eq(rule->args.item[0].op.value, SPEC_SECCOMP_MASKED_EQ);
	cr_assert_eq(rule->args.item[0].value.value, UINT32_MAX);
}

Test(tenant_seccomp, the_rest_is_allowed)
{
	cr_assert_eq(seccomp.default_action.value, SPEC_SECCOMP_ALLOW);
	cr_assert_null(rule_of("mount", 0));
	cr_assert_null(rule_of("clone3", 0));
}
