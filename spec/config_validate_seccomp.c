/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>

#include "spec/config_validate.h"

static bool has_errno(const struct optional_int *action)
{
	return action->value == SPEC_SECCOMP_ERRNO || action->value == SPEC_SECCOMP_TRACE;
}

/* config-linux.md#seccomp: an errno belongs to the actions that return one. */
static int check_errno(const struct spec_seccomp *seccomp, struct error *err)
{
	static const char remedy[] = "is only for SCMP_ACT_ERRNO and SCMP_ACT_TRACE (remove it)";

	if (seccomp->default_errno_ret.set && !has_errno(&seccomp->default_action))
		return error_set(err, EINVAL, "defaultErrnoRet: %s", remedy);
	for (size_t i = 0; i < seccomp->syscalls.n; i++)
		if (seccomp->syscalls.item[i].errno_ret.set &&
		    !has_errno(&seccomp->syscalls.item[i].action))
			return error_set(err, EINVAL, "syscalls[%zu].errnoRet: %s", i, remedy);
	return 0;
}

/* config-linux.md#seccomp: a rule names at least one system call. */
static int check_names(const struct spec_seccomp *seccomp, struct error *err)
{
	for (size_t i = 0; i < seccomp->syscalls.n; i++) {
		const struct spec_seccomp_rule *rule = &seccomp->syscalls.item[i];

		if (rule->names.n == 0)
			return error_set(err, EINVAL, "syscalls[%zu].names: is required", i);
		for (size_t k = 0; k < rule->names.n; k++)
			if (!*rule->names.item[k])
				return error_set(err, EINVAL, "syscalls[%zu].names[%zu]: is empty",
						 i, k);
	}
	return 0;
}

/* config-linux.md#seccomp: valueTwo is the value under the mask of MASKED_EQ. */
static int check_args(const struct spec_seccomp *seccomp, struct error *err)
{
	for (size_t i = 0; i < seccomp->syscalls.n; i++) {
		const struct spec_seccomp_rule *rule = &seccomp->syscalls.item[i];

		for (size_t k = 0; k < rule->args.n; k++)
			if (rule->args.item[k].value_two.value != 0 &&
			    rule->args.item[k].op.value != SPEC_SECCOMP_MASKED_EQ)
				return error_set(
					err, EINVAL,
					"syscalls[%zu].args[%zu].valueTwo: is only for SCMP_CMP_MASKED_EQ",
					i, k);
	}
	return 0;
}

static bool notifies(const struct spec_seccomp *seccomp)
{
	if (seccomp->default_action.value == SPEC_SECCOMP_NOTIFY)
		return true;
	for (size_t i = 0; i < seccomp->syscalls.n; i++)
		if (seccomp->syscalls.item[i].action.value == SPEC_SECCOMP_NOTIFY)
			return true;
	return false;
}

/* config-linux.md#seccomp: without an agent every notified call would hang. */
static int check_listener(const struct spec_seccomp *seccomp, struct error *err)
{
	bool has_path = seccomp->listener_path && *seccomp->listener_path;

	if (!has_path && notifies(seccomp))
		return error_set(err, EINVAL, "listenerPath: is required by SCMP_ACT_NOTIFY");
	if (!has_path && seccomp->listener_metadata && *seccomp->listener_metadata)
		return error_set(err, EINVAL, "listenerMetadata: needs listenerPath");
	return 0;
}

int spec_config_validate_seccomp(const struct spec_seccomp *seccomp, struct error *err)
{
	static int (*const checks[])(const struct spec_seccomp *, struct error *) = {
		check_errno,
		check_names,
		check_args,
		check_listener,
	};

	for (size_t i = 0; i < sizeof checks / sizeof *checks; i++)
		TRY(checks[i](seccomp, err));
	return 0;
}
