/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/seccomp_plan.h"

#include <errno.h>
#include <inttypes.h>
#include <linux/seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/list.h"
#include "base/str.h"

#define RULES_MAX 4096
#define NAMES_MAX 16384

#ifndef SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV /* 5.19 */
#define SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV (1UL << 5)
#endif

#if defined __x86_64__ && defined __ILP32__
#define NATIVE "SCMP_ARCH_X32"
#elif defined __x86_64__
#define NATIVE "SCMP_ARCH_X86_64"
#elif defined __i386__
#define NATIVE "SCMP_ARCH_X86"
#elif defined __aarch64__
#define NATIVE "SCMP_ARCH_AARCH64"
#elif defined __arm__
#define NATIVE "SCMP_ARCH_ARM"
#elif defined __powerpc64__ && defined __LITTLE_ENDIAN__
#define NATIVE "SCMP_ARCH_PPC64LE"
#elif defined __s390x__
#define NATIVE "SCMP_ARCH_S390X"
#elif defined __riscv && __riscv_xlen == 64
#define NATIVE "SCMP_ARCH_RISCV64"
#elif defined __loongarch64
#define NATIVE "SCMP_ARCH_LOONGARCH64"
#else
#error "name this architecture in the runtime-spec's words"
#endif

static const struct seccomp_action {
	uint32_t value;
	bool returns_errno; /* ERRNO, and TRACE, whose tracer gets it as a message */
	bool refuses;	    /* the call does not happen: an unknown one should say ENOSYS */
} actions[] = {
	[SPEC_SECCOMP_KILL] = { .value = SECCOMP_RET_KILL_THREAD, .refuses = true },
	[SPEC_SECCOMP_KILL_PROCESS] = { .value = SECCOMP_RET_KILL_PROCESS, .refuses = true },
	[SPEC_SECCOMP_KILL_THREAD] = { .value = SECCOMP_RET_KILL_THREAD, .refuses = true },
	[SPEC_SECCOMP_TRAP] = { .value = SECCOMP_RET_TRAP, .refuses = true },
	[SPEC_SECCOMP_ERRNO] = { .value = SECCOMP_RET_ERRNO,
				 .returns_errno = true,
				 .refuses = true },
	[SPEC_SECCOMP_TRACE] = { .value = SECCOMP_RET_TRACE, .returns_errno = true },
	[SPEC_SECCOMP_ALLOW] = { .value = SECCOMP_RET_ALLOW },
	[SPEC_SECCOMP_LOG] = { .value = SECCOMP_RET_LOG },
	[SPEC_SECCOMP_NOTIFY] = { .value = SECCOMP_RET_USER_NOTIF },
};

static const struct seccomp_flag {
	const char *name;
	unsigned value;
} flags[] = {
	{ "SECCOMP_FILTER_FLAG_TSYNC", SECCOMP_FILTER_FLAG_TSYNC },
	{ "SECCOMP_FILTER_FLAG_LOG", SECCOMP_FILTER_FLAG_LOG },
	{ "SECCOMP_FILTER_FLAG_SPEC_ALLOW", SECCOMP_FILTER_FLAG_SPEC_ALLOW },
	{ "SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV", SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV },
};

/* The action with its errno; 1 when the action is not for an errno that was given. */
static int encode_action(const struct optional_int *action, const struct optional_int *errno_ret,
			 uint32_t *ret)
{
	const struct seccomp_action *a = &actions[action->value];
	uint32_t data = errno_ret->set ? (uint32_t)errno_ret->value : EPERM;

	if (errno_ret->set && !a->returns_errno)
		return 1;
	*ret = a->value | (a->returns_errno ? data & SECCOMP_RET_DATA : 0);
	return 0;
}

static int build_default(const struct spec_seccomp *seccomp, struct seccomp_plan *plan,
			 struct error *err)
{
	if (seccomp->default_action.value == SPEC_SECCOMP_NOTIFY)
		return error_set(err, EINVAL,
				 "linux.seccomp.defaultAction: SCMP_ACT_NOTIFY would stop what "
				 "hands the listener over");
	if (encode_action(&seccomp->default_action, &seccomp->default_errno_ret,
			  &plan->default_action))
		return error_set(err, EINVAL,
				 "linux.seccomp.defaultErrnoRet: is for SCMP_ACT_ERRNO and "
				 "SCMP_ACT_TRACE only");
	plan->enosys = actions[seccomp->default_action.value].refuses &&
		       plan->default_action != (SECCOMP_RET_ERRNO | ENOSYS);
	return 0;
}

/* The listener is sent with sendmsg(2) when the filter is already loaded. */
static int check_notify(const struct spec_seccomp_rule *rule, size_t i, struct error *err)
{
	for (size_t k = 0; k < rule->names.n; k++)
		if (!strcmp(rule->names.item[k], "sendmsg"))
			return error_set(err, EINVAL,
					 "linux.seccomp.syscalls[%zu]: SCMP_ACT_NOTIFY on sendmsg "
					 "would stop what hands the listener over",
					 i);
	return 0;
}

static int build_rule(const struct spec_seccomp_rule *rule, size_t i, struct seccomp_plan *plan,
		      struct error *err)
{
	struct seccomp_rule *added = list_add(&plan->rules);

	if (!added)
		return error_errno(err, ENOMEM, "plan seccomp");
	added->rule = rule;
	if (encode_action(&rule->action, &rule->errno_ret, &added->action))
		return error_set(err, EINVAL,
				 "linux.seccomp.syscalls[%zu].errnoRet: is for SCMP_ACT_ERRNO and "
				 "SCMP_ACT_TRACE only",
				 i);
	if (rule->action.value != SPEC_SECCOMP_NOTIFY)
		return 0;
	plan->notify = true;
	return check_notify(rule, i, err);
}

static int build_rules(const struct spec_seccomp *seccomp, struct seccomp_plan *plan,
		       struct error *err)
{
	size_t names = 0;

	if (seccomp->syscalls.n > RULES_MAX)
		return error_set(err, EINVAL, "linux.seccomp.syscalls: over %d rules", RULES_MAX);
	for (size_t i = 0; i < seccomp->syscalls.n; i++) {
		names += seccomp->syscalls.item[i].names.n;
		if (names > NAMES_MAX)
			return error_set(err, EINVAL, "linux.seccomp.syscalls: over %d names",
					 NAMES_MAX);
		TRY(build_rule(&seccomp->syscalls.item[i], i, plan, err));
	}
	return 0;
}

static int add_architecture(struct seccomp_plan *plan, int arch, struct error *err)
{
	int *added;

	for (size_t i = 0; i < plan->architectures.n; i++)
		if (plan->architectures.item[i] == arch)
			return 0;
	added = list_add(&plan->architectures);
	if (!added)
		return error_errno(err, ENOMEM, "plan seccomp");
	*added = arch;
	return 0;
}

static int build_architectures(const struct spec_seccomp *seccomp, struct seccomp_plan *plan,
			       struct error *err)
{
	for (int i = 0; spec_config_seccomp_arch_names[i]; i++)
		if (!strcmp(spec_config_seccomp_arch_names[i], NATIVE))
			TRY(add_architecture(plan, i, err));
	for (size_t i = 0; i < seccomp->architectures.n; i++)
		TRY(add_architecture(plan, seccomp->architectures.item[i], err));
	return 0;
}

static unsigned flag_value(const char *name)
{
	for (size_t i = 0; i < sizeof flags / sizeof *flags; i++)
		if (!strcmp(flags[i].name, name))
			return flags[i].value;
	return 0;
}

/*
 * Without a word, no speculation barriers: they cost each process dearly and the kernel
 * itself has left them since 5.16. init has one thread, so TSYNC, which the kernel does
 * not take beside a listener, would change nothing there; nor does WAIT_KILLABLE_RECV
 * without one.
 */
static void build_flags(const struct spec_seccomp *seccomp, struct seccomp_plan *plan)
{
	if (!seccomp->flags.n)
		plan->load_flags = SECCOMP_FILTER_FLAG_SPEC_ALLOW;
	for (size_t i = 0; i < seccomp->flags.n; i++)
		plan->load_flags |=
			flag_value(spec_config_seccomp_flag_names[seccomp->flags.item[i]]);
	if (!plan->notify) {
		plan->load_flags &= ~(unsigned)SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV;
		return;
	}
	plan->load_flags &= ~(unsigned)SECCOMP_FILTER_FLAG_TSYNC;
	plan->load_flags |= SECCOMP_FILTER_FLAG_NEW_LISTENER;
}

/* Is the name made of what names of system calls are made of? No other exists anywhere. */
static bool is_word(const char *name)
{
	return !name[strspn(name,
			    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")];
}

/* Names that cannot be a system call's are left out: the filter ignores them as well. */
static void print_rule(const struct seccomp_rule *planned, struct str *key)
{
	const struct spec_seccomp_rule *rule = planned->rule;

	str_addf(key, "\n%" PRIx32, planned->action);
	for (size_t i = 0; i < rule->names.n; i++) {
		if (!is_word(rule->names.item[i]))
			continue;
		str_add_n(key, " ", 1);
		str_add(key, rule->names.item[i]);
	}
	for (size_t i = 0; i < rule->args.n; i++) {
		const struct spec_seccomp_arg *arg = &rule->args.item[i];

		str_addf(key, " [%d %d %" PRIx64 " %" PRIx64 "]", (int)arg->index.value,
			 (int)arg->op.value, arg->value.value, arg->value_two.value);
	}
}

static int build_key(struct seccomp_plan *plan, struct error *err)
{
	cleanup_str struct str key = {};

	str_addf(&key, "%" PRIx32 " %s", plan->default_action, plan->enosys ? "enosys" : "plain");
	for (size_t i = 0; i < plan->architectures.n; i++) {
		str_add_n(&key, " ", 1);
		str_add(&key, spec_config_seccomp_arch_names[plan->architectures.item[i]]);
	}
	for (size_t i = 0; i < plan->rules.n; i++)
		print_rule(&plan->rules.item[i], &key);
	return str_steal(&key, &plan->key, err);
}

int seccomp_plan_build(const struct spec_config *config, struct seccomp_plan *ret,
		       struct error *err)
{
	const struct spec_seccomp *seccomp = config->linux_ ? config->linux_->seccomp : NULL;

	ret->present = seccomp != NULL;
	if (!seccomp)
		return 0;
	TRY(build_default(seccomp, ret, err));
	TRY(build_rules(seccomp, ret, err));
	if (ret->notify && (!seccomp->listener_path || !*seccomp->listener_path))
		return error_set(err, EINVAL,
				 "linux.seccomp.listenerPath: is needed by SCMP_ACT_NOTIFY");
	if (ret->notify) {
		ret->listener_path = seccomp->listener_path;
		ret->listener_metadata = seccomp->listener_metadata;
	}
	TRY(build_architectures(seccomp, ret, err));
	build_flags(seccomp, ret);
	return build_key(ret, err);
}

void seccomp_plan_release(struct seccomp_plan *plan)
{
	free(plan->architectures.item);
	free(plan->rules.item);
	free(plan->key);
	*plan = (struct seccomp_plan){};
}
