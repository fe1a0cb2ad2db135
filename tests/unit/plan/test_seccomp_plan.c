/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <errno.h>
#include <linux/seccomp.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "plan/seccomp_plan.h"

#define DENY  "\"defaultAction\":\"SCMP_ACT_ERRNO\""
#define ALLOW "\"defaultAction\":\"SCMP_ACT_ALLOW\""
#define READ  "{\"names\":[\"read\"],\"action\":\"SCMP_ACT_ALLOW\"}"

struct planned {
	struct spec_config config; /* borrowed from by the plan */
	struct seccomp_plan plan;
	struct error err;
	int result;
};

/* `seccomp` is the inside of linux.seccomp. */
static void build(struct planned *p, const char *seccomp)
{
	char text[4096];
	int len = snprintf(
		text, sizeof text,
		"{\"ociVersion\":\"1.2.0\",\"root\":{\"path\":\"r\"},\"linux\":{\"seccomp\":{%s}}}",
		seccomp);

	*p = (struct planned){};
	cr_assert_lt((size_t)len, sizeof text);
	cr_assert_eq(json_decode(&spec_config_schema, text, len, &p->config, &p->err), 0, "%s",
		     p->err.text);
	p->result = seccomp_plan_build(&p->config, &p->plan, &p->err);
}

static void release(struct planned *p)
{
	seccomp_plan_release(&p->plan);
	json_release(&spec_config_schema, &p->config);
}

static void expect_error(const char *seccomp, const char *message)
{
	struct planned p;

	build(&p, seccomp);
	cr_assert_eq(p.result, -EINVAL, "%s", seccomp);
	cr_assert_str_eq(p.err.text, message);
	release(&p);
}

/* Do two profiles make the same filter? */
static bool same_key(const char *one, const char *other)
{
	struct planned a, b;
	bool same;

	build(&a, one);
	build(&b, other);
	cr_assert_eq(a.result, 0, "%s", a.err.text);
	cr_assert_eq(b.result, 0, "%s", b.err.text);
	same = !strcmp(a.plan.key, b.plan.key);
	release(&a);
	release(&b);
	return same;
}

Test(seccomp_plan, no_profile_is_no_filter)
{
	const struct spec_config config = {};
	struct seccomp_plan plan = {};
	struct error err = {};

	cr_assert_eq(seccomp_plan_build(&config, &plan, &err), 0);
	cr_assert_not(plan.present);
	cr_assert_null(plan.key);
}

Test(seccomp_plan, each_action_has_its_number_and_its_answer_for_unknown_calls)
{
	static const struct {
		const char *action;
		uint32_t value;
		bool enosys;
	} cases[] = {
		{ "SCMP_ACT_KILL\"", SECCOMP_RET_KILL_THREAD, true },
		{ "SCMP_ACT_KILL_THREAD\"", SECCOMP_RET_KILL_THREAD, true },
		{ "SCMP_ACT_KILL_PROCESS\"", SECCOMP_RET_KILL_PROCESS, true },
		{ "SCMP_ACT_TRAP\"", SECCOMP_RET_TRAP, true },
		{ "SCMP_ACT_ERRNO\"", SECCOMP_RET_ERRNO | EPERM, true },
		{ "SCMP_ACT_ERRNO\",\"defaultErrnoRet\":5", SECCOMP_RET_ERRNO | 5, true },
		{ "SCMP_ACT_ERRNO\",\"defaultErrnoRet\":0", SECCOMP_RET_ERRNO, true },
		{ "SCMP_ACT_ERRNO\",\"defaultErrnoRet\":38", SECCOMP_RET_ERRNO | ENOSYS, false },
		{ "SCMP_ACT_TRACE\"", SECCOMP_RET_TRACE | EPERM, false },
		{ "SCMP_ACT_TRACE\",\"defaultErrnoRet\":7", SECCOMP_RET_TRACE | 7, false },
		{ "SCMP_ACT_ALLOW\"", SECCOMP_RET_ALLOW, false },
		{ "SCMP_ACT_LOG\"", SECCOMP_RET_LOG, false },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct planned p;
		char text[128];

		snprintf(text, sizeof text, "\"defaultAction\":\"%s", cases[i].action);
		build(&p, text);
		cr_assert_eq(p.result, 0, "%s: %s", text, p.err.text);
		cr_assert(p.plan.present);
		cr_assert_eq(p.plan.default_action, cases[i].value, "%s", text);
		cr_assert_eq(p.plan.enosys, cases[i].enosys, "%s", text);
		release(&p);
	}
}

Test(seccomp_plan, rules_keep_their_order)
{
	struct planned p;

	build(&p, ALLOW ",\"syscalls\":[{\"names\":[\"mount\"],\"action\":\"SCMP_ACT_ERRNO\","
			"\"errnoRet\":13}," READ "]");
	cr_assert_eq(p.result, 0, "%s", p.err.text);
	cr_assert_eq(p.plan.rules.n, 2);
	cr_assert_eq(p.plan.rules.item[0].action, SECCOMP_RET_ERRNO | EACCES);
	cr_assert_str_eq(p.plan.rules.item[0].rule->names.item[0], "mount");
	cr_assert_eq(p.plan.rules.item[1].action, SECCOMP_RET_ALLOW);
	release(&p);
}

Test(seccomp_plan, the_native_architecture_is_first_and_none_is_twice)
{
	struct planned p;
	const char *native;

	build(&p, DENY);
	cr_assert_eq(p.plan.architectures.n, 1);
	native = spec_config_seccomp_arch_names[p.plan.architectures.item[0]];
#ifdef __x86_64__
	cr_assert_str_eq(native, "SCMP_ARCH_X86_64");
#endif
	release(&p);
	build(&p, DENY ",\"architectures\":[\"SCMP_ARCH_M68K\",\"SCMP_ARCH_X86_64\",\"SCMP_ARCH_"
		       "AARCH64\",\"SCMP_ARCH_RISCV64\",\"SCMP_ARCH_S390X\",\"SCMP_ARCH_M68K\"]");
	cr_assert_eq(p.plan.architectures.n, 5);
	cr_assert_str_eq(spec_config_seccomp_arch_names[p.plan.architectures.item[0]], native);
	cr_assert_str_eq(spec_config_seccomp_arch_names[p.plan.architectures.item[1]],
			 "SCMP_ARCH_M68K");
	release(&p);
}

Test(seccomp_plan, without_flags_speculation_is_allowed)
{
	struct planned p;

	build(&p, DENY);
	cr_assert_eq(p.plan.load_flags, SECCOMP_FILTER_FLAG_SPEC_ALLOW);
	release(&p);
	build(&p, DENY ",\"flags\":[\"SECCOMP_FILTER_FLAG_LOG\",\"SECCOMP_FILTER_FLAG_TSYNC\"]");
	cr_assert_eq(p.plan.load_flags, SECCOMP_FILTER_FLAG_LOG | SECCOMP_FILTER_FLAG_TSYNC);
	release(&p);
}

#define NOTIFY(name) "\"syscalls\":[{\"names\":[\"" name "\"],\"action\":\"SCMP_ACT_NOTIFY\"}]"

Test(seccomp_plan, notify_brings_a_listener)
{
	struct planned p;

	build(&p, ALLOW ",\"listenerPath\":\"/run/agent\",\"listenerMetadata\":\"m\"," NOTIFY(
			  "mkdir") ",\"flags\":[\"SECCOMP_FILTER_FLAG_TSYNC\","
				   "\"SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV\"]");
	cr_assert_eq(p.result, 0, "%s", p.err.text);
	cr_assert(p.plan.notify);
	cr_assert_eq(p.plan.rules.item[0].action, SECCOMP_RET_USER_NOTIF);
	cr_assert_str_eq(p.plan.listener_path, "/run/agent");
	cr_assert_str_eq(p.plan.listener_metadata, "m");
	cr_assert_eq(p.plan.load_flags, SECCOMP_FILTER_FLAG_NEW_LISTENER | 1U << 5);
	release(&p);
}

Test(seccomp_plan, a_listener_without_notify_is_ignored)
{
	struct planned p;

	build(&p, ALLOW ",\"listenerPath\":\"/run/agent\","
			"\"flags\":[\"SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV\"]");
	cr_assert_eq(p.result, 0, "%s", p.err.text);
	cr_assert_not(p.plan.notify);
	cr_assert_null(p.plan.listener_path);
	cr_assert_eq(p.plan.load_flags, 0);
	release(&p);
}

Test(seccomp_plan, notify_may_not_stop_the_handover)
{
	expect_error("\"defaultAction\":\"SCMP_ACT_NOTIFY\",\"listenerPath\":\"/a\"",
		     "linux.seccomp.defaultAction: SCMP_ACT_NOTIFY would stop what hands the "
		     "listener over");
	expect_error(ALLOW ",\"listenerPath\":\"/a\"," NOTIFY("sendmsg"),
		     "linux.seccomp.syscalls[0]: SCMP_ACT_NOTIFY on sendmsg would stop what hands "
		     "the listener over");
	expect_error(ALLOW "," NOTIFY("mkdir"),
		     "linux.seccomp.listenerPath: is needed by SCMP_ACT_NOTIFY");
}

Test(seccomp_plan, an_errno_needs_an_action_that_has_one)
{
	expect_error(
		ALLOW ",\"defaultErrnoRet\":1",
		"linux.seccomp.defaultErrnoRet: is for SCMP_ACT_ERRNO and SCMP_ACT_TRACE only");
	expect_error(DENY ",\"syscalls\":[" READ
			  ",{\"names\":[\"a\"],\"action\":\"SCMP_ACT_ALLOW\","
			  "\"errnoRet\":1}]",
		     "linux.seccomp.syscalls[1].errnoRet: is for SCMP_ACT_ERRNO and "
		     "SCMP_ACT_TRACE only");
}

Test(seccomp_plan, too_many_rules_or_names_are_refused)
{
	char *names[16385];
	struct spec_seccomp_rule rule = { .action = { true, SPEC_SECCOMP_ALLOW } };
	struct spec_seccomp seccomp = { .default_action = { true, SPEC_SECCOMP_ERRNO } };
	struct spec_linux part = { .seccomp = &seccomp };
	const struct spec_config config = { .linux_ = &part };
	struct seccomp_plan plan = {};
	struct error err = {};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		names[i] = "read";
	rule.names.item = names;
	rule.names.n = sizeof names / sizeof *names;
	seccomp.syscalls.item = &rule;
	seccomp.syscalls.n = 1;
	cr_assert_eq(seccomp_plan_build(&config, &plan, &err), -EINVAL);
	cr_assert_str_eq(err.text, "linux.seccomp.syscalls: over 16384 names");
	seccomp_plan_release(&plan);
	seccomp.syscalls.n = 4097;
	cr_assert_eq(seccomp_plan_build(&config, &plan, &err), -EINVAL);
	cr_assert_str_eq(err.text, "linux.seccomp.syscalls: over 4096 rules");
	seccomp_plan_release(&plan);
}

#define ARG(index, value, two, op)                                                        \
	"{\"names\":[\"read\"],\"action\":\"SCMP_ACT_ALLOW\",\"args\":[{\"index\":" index \
	",\"value\":" value ",\"valueTwo\":" two ",\"op\":\"SCMP_CMP_" op "\"}]}"

Test(seccomp_plan, the_key_tells_filters_apart)
{
	static const char *const all[] = {
		DENY,
		ALLOW,
		DENY ",\"defaultErrnoRet\":2",
		DENY ",\"architectures\":[\"SCMP_ARCH_M68K\"]",
		DENY ",\"syscalls\":[" READ "]",
		DENY ",\"syscalls\":[" READ "," READ "]",
		DENY
		",\"syscalls\":[{\"names\":[\"read\",\"write\"],\"action\":\"SCMP_ACT_ALLOW\"}]",
		DENY ",\"syscalls\":[{\"names\":[\"readwrite\"],\"action\":\"SCMP_ACT_ALLOW\"}]",
		DENY ",\"syscalls\":[{\"names\":[\"read\"],\"action\":\"SCMP_ACT_LOG\"}]",
		DENY ",\"syscalls\":[" ARG("0", "1", "0", "EQ") "]",
		DENY ",\"syscalls\":[" ARG("1", "1", "0", "EQ") "]",
		DENY ",\"syscalls\":[" ARG("0", "2", "0", "EQ") "]",
		DENY ",\"syscalls\":[" ARG("0", "1", "0", "NE") "]",
		DENY ",\"syscalls\":[" ARG("0", "1", "0", "MASKED_EQ") "]",
		DENY ",\"syscalls\":[" ARG("0", "1", "1", "MASKED_EQ") "]",
	};
	size_t n = sizeof all / sizeof *all;

	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < n; k++)
			cr_assert_eq(same_key(all[i], all[k]), i == k, "%s\n%s", all[i], all[k]);
}

Test(seccomp_plan, what_does_not_change_the_filter_is_not_in_the_key)
{
	cr_assert(same_key(DENY ",\"flags\":[\"SECCOMP_FILTER_FLAG_LOG\"]", DENY));
	cr_assert(same_key(DENY ",\"listenerPath\":\"/a\"", DENY));
	cr_assert(same_key(DENY ",\"syscalls\":[{\"names\":[\"read\",\"a b\\n0 write\"],"
				"\"action\":\"SCMP_ACT_ALLOW\"}]",
			   DENY ",\"syscalls\":[" READ "]"));
}
