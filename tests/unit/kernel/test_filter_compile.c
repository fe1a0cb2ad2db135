/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Programs are compared with what their rules say: a small interpreter runs them on
 * arguments around the rules' values.
 */
#include <criterion/criterion.h>
#include <errno.h>
#include <stdlib.h>

#include "tests/unit/kernel/filter_machine.h"

/* On i386 a 64-bit value stands for the 32-bit number that it extends, if it does. */
static uint64_t narrow(uint64_t value, bool i386)
{
	return i386 && (int64_t)value == (int32_t)value ? (uint32_t)value : value;
}

static bool holds(const struct filter_condition *c, uint64_t argument, bool i386)
{
	uint64_t value = narrow(c->value, i386);

	switch (c->op) {
	case FILTER_NE:
		return argument != value;
	case FILTER_LT:
		return argument < value;
	case FILTER_LE:
		return argument <= value;
	case FILTER_EQ:
		return argument == value;
	case FILTER_GE:
		return argument >= value;
	case FILTER_GT:
		return argument > value;
	default:
		return (argument & c->value) == narrow(c->value_two & c->value, i386);
	}
}

static int32_t rank(uint32_t action)
{
	return (int32_t)(action & SECCOMP_RET_ACTION_FULL);
}

/* The most restrictive rule that matches; of those without conditions only the first may. */
static uint32_t expect(const struct rule *rules, size_t n, const struct seccomp_data *data,
		       uint32_t default_action)
{
	bool i386 = data->arch == AUDIT_ARCH_I386, found = false, fixed = false;
	uint32_t answer = default_action;

	for (size_t i = 0; i < n; i++) {
		bool all = rules[i].n || !fixed;

		if (data->nr != (i386 ? rules[i].i386 : rules[i].native) ||
		    (!rules[i].n && rules[i].action == default_action))
			continue;
		fixed |= !rules[i].n;
		for (size_t k = 0; k < rules[i].n; k++)
			all &= holds(&rules[i].conditions[k],
				     data->args[rules[i].conditions[k].index], i386);
		if (!all || (found && rank(rules[i].action) >= rank(answer)))
			continue;
		answer = rules[i].action;
		found = true;
	}
	return answer;
}

/* --- rule sets by chance ----------------------------------------------------------- */

static uint64_t pick_value(unsigned *seed)
{
	static const uint64_t values[] = {
		0,
		1,
		2,
		5,
		0x7fffffff,
		0x80000000,
		0xffffffff,
		0x100000000,
		0x100000001,
		0x1ffffffff,
		0x200000000,
		0x500000005,
		0x7fffffffffffffff,
		0x8000000000000000,
		0xffffffff00000000,
		0xffffffff80000000,
		0xffffffffffffffff,
	};

	if (rand_r(seed) % 8)
		return values[(size_t)rand_r(seed) % (sizeof values / sizeof *values)];
	return (uint64_t)rand_r(seed) << 33 ^ (uint64_t)rand_r(seed);
}

static struct rule pick_rule(unsigned *seed, bool wide)
{
	static const struct rule calls[] = {
		{ CALL(personality, SECCOMP_RET_ALLOW) },
		{ CALL(ioctl, SECCOMP_RET_ERRNO | 7) },
		{ CALL(prctl, SECCOMP_RET_TRACE | 3) },
	};
	struct rule rule = calls[rand_r(seed) % 3];
	unsigned first = (unsigned)rand_r(seed) % 4;

	if (rand_r(seed) % 3 == 0)
		rule.action = calls[rand_r(seed) % 3].action;
	rule.n = rand_r(seed) % 9 ? 1 + (size_t)rand_r(seed) % 4 : 0;
	for (size_t i = 0; i < rule.n; i++) {
		struct filter_condition *c = &rule.conditions[i];

		c->index = (first + (unsigned)i) % 4;
		c->op = rand_r(seed) % (FILTER_MASKED_EQ + 1);
		c->value = pick_value(seed) & (wide ? UINT64_MAX : UINT32_MAX);
		c->value_two = c->op == FILTER_MASKED_EQ ? pick_value(seed) : 0;
	}
	return rule;
}

/* A call whose arguments are at, or next to, what the rules compare with. */
static struct seccomp_data pick_call(unsigned *seed, const struct rule *rules, size_t n)
{
	const struct rule *rule = &rules[(size_t)rand_r(seed) % n];
	struct seccomp_data data = { .arch = AUDIT_ARCH_X86_64, .nr = rule->native };

	if (rand_r(seed) % 2) {
		data.arch = AUDIT_ARCH_I386;
		data.nr = rule->i386;
	}
	for (size_t i = 0; i < 4; i++) {
		const struct rule *other = &rules[(size_t)rand_r(seed) % n];
		const struct filter_condition *c =
			&other->conditions[other->n ? (size_t)rand_r(seed) % other->n : 0];

		data.args[i] = rand_r(seed) % 3 ? c->value + (uint64_t)(rand_r(seed) % 3) - 1 :
						  pick_value(seed);
		if (c->op == FILTER_MASKED_EQ && rand_r(seed) % 2)
			data.args[i] = c->value_two;
		if (data.arch == AUDIT_ARCH_I386)
			data.args[i] = (uint32_t)data.args[i];
	}
	return data;
}

Test(filter_compile, programs_answer_as_their_rules_say)
{
	for (unsigned set = 0; set < 800; set++) {
		unsigned seed = set;
		struct rule rules[8];
		size_t n = 1 + (size_t)rand_r(&seed) % 8;
		struct filter_program program;

		for (size_t i = 0; i < n; i++)
			rules[i] = pick_rule(&seed, set % 2);
		program = build(rules, n);
		for (int i = 0; i < 200; i++) {
			struct seccomp_data data = pick_call(&seed, rules, n);

			cr_assert_eq(run(&program, &data), expect(rules, n, &data, DENY),
				     "set %u, call %d: nr %d %llx %llx %llx %llx", set, i, data.nr,
				     data.args[0], data.args[1], data.args[2], data.args[3]);
		}
		free(program.filter);
	}
}

/* --- rules that libseccomp 2.5.4 merges into wider ones ------------------------------ */

Test(filter_compile, ranges_of_one_argument_leave_the_gap_between_them)
{
	const struct rule rules[] = {
		{ CALL(personality, SECCOMP_RET_ALLOW), 1, { { 1, FILTER_GT, 0x200000000, 0 } } },
		{ CALL(personality, SECCOMP_RET_ALLOW), 1, { { 1, FILTER_LE, 0x100000001, 0 } } },
	};
	struct filter_program program = build(rules, 2);

	cr_expect_eq(ask_native(&program, SYS_personality, 0, 0x100000001), SECCOMP_RET_ALLOW);
	cr_expect_eq(ask_native(&program, SYS_personality, 0, 0x100000002), DENY);
	cr_expect_eq(ask_native(&program, SYS_personality, 0, 0x200000001), SECCOMP_RET_ALLOW);
	free(program.filter);
}

Test(filter_compile, rules_on_two_arguments_do_not_lend_each_other_conditions)
{
	const struct rule rules[] = {
		{ CALL(personality, SECCOMP_RET_ALLOW),
		  2,
		  { { 0, FILTER_GT, 0, 0 }, { 1, FILTER_LE, 1, 0 } } },
		{ CALL(personality, SECCOMP_RET_ALLOW), 1, { { 1, FILTER_GT, 0x738a8a61, 0 } } },
		{ CALL(personality, SECCOMP_RET_ALLOW),
		  2,
		  { { 0, FILTER_GE, 0, 0 }, { 1, FILTER_EQ, 1, 0 } } },
	};
	struct filter_program program = build(rules, 3);

	cr_expect_eq(ask_native(&program, SYS_personality, 0, 0), DENY);
	cr_expect_eq(ask_native(&program, SYS_personality, 1, 0), SECCOMP_RET_ALLOW);
	cr_expect_eq(ask_native(&program, SYS_personality, 0, 1), SECCOMP_RET_ALLOW);
	free(program.filter);
}

/* --- what rules mean ----------------------------------------------------------------- */

Test(filter_compile, conditions_on_several_arguments_must_all_hold)
{
	const struct rule rule = { CALL(personality, SECCOMP_RET_ALLOW),
				   2,
				   { { 0, FILTER_EQ, 2, 0 }, { 1, FILTER_EQ, 3, 0 } } };
	struct filter_program program = build(&rule, 1);

	cr_expect_eq(ask_native(&program, SYS_personality, 2, 3), SECCOMP_RET_ALLOW);
	cr_expect_eq(ask_native(&program, SYS_personality, 2, 1), DENY);
	cr_expect_eq(ask_native(&program, SYS_personality, 16, 3), DENY);
	free(program.filter);
}

Test(filter_compile, an_argument_named_twice_makes_each_condition_a_rule)
{
	const struct rule rule = { CALL(personality, SECCOMP_RET_ALLOW),
				   2,
				   { { 0, FILTER_EQ, 0, 0 }, { 0, FILTER_EQ, 8, 0 } } };
	struct filter_program program = build(&rule, 1);

	cr_expect_eq(ask_native(&program, SYS_personality, 0, 0), SECCOMP_RET_ALLOW);
	cr_expect_eq(ask_native(&program, SYS_personality, 8, 0), SECCOMP_RET_ALLOW);
	cr_expect_eq(ask_native(&program, SYS_personality, 4, 0), DENY);
	free(program.filter);
}

Test(filter_compile, the_most_restrictive_matching_rule_wins_in_any_order)
{
	const struct rule allowed = { CALL(ioctl, SECCOMP_RET_ALLOW), 0, { { 0 } } };
	const struct rule tiocsti = { CALL(ioctl, SECCOMP_RET_ERRNO | EPERM),
				      1,
				      { { 1, FILTER_MASKED_EQ, 0xffffffff, 0x5412 } } };
	const struct rule orders[2][2] = { { allowed, tiocsti }, { tiocsti, allowed } };

	for (int i = 0; i < 2; i++) {
		struct filter_program program = build(orders[i], 2);

		cr_expect_eq(ask_native(&program, SYS_ioctl, 0, 0x5413), SECCOMP_RET_ALLOW);
		cr_expect_eq(ask_native(&program, SYS_ioctl, 0, 0x100005412), DENY);
		free(program.filter);
	}
}

Test(filter_compile, of_rules_without_conditions_the_first_counts)
{
	const struct rule rules[] = {
		{ CALL(ioctl, SECCOMP_RET_LOG), 0, { { 0 } } },
		{ CALL(ioctl, SECCOMP_RET_TRAP), 0, { { 0 } } },
		{ CALL(prctl, DENY), 0, { { 0 } } }, /* as the default: no rule at all */
		{ CALL(prctl, SECCOMP_RET_ALLOW), 0, { { 0 } } },
	};
	struct filter_program program = build(rules, 4);

	cr_expect_eq(ask_native(&program, SYS_ioctl, 0, 0), SECCOMP_RET_LOG);
	cr_expect_eq(ask_native(&program, SYS_prctl, 0, 0), SECCOMP_RET_ALLOW);
	free(program.filter);
}

Test(filter_compile, a_negative_value_is_negative_on_i386_too)
{
	const struct rule rule = { CALL(personality, SECCOMP_RET_ALLOW),
				   1,
				   { { 0, FILTER_EQ, UINT64_MAX, 0 } } };
	struct filter_program program = build(&rule, 1);

	cr_expect_eq(ask_native(&program, SYS_personality, UINT64_MAX, 0), SECCOMP_RET_ALLOW);
	cr_expect_eq(ask_native(&program, SYS_personality, UINT32_MAX, 0), DENY);
	cr_expect_eq(ask(&program, AUDIT_ARCH_I386, I386_personality, UINT32_MAX, 0),
		     SECCOMP_RET_ALLOW);
	free(program.filter);
}

Test(filter_compile, a_value_beyond_32_bits_never_matches_on_i386)
{
	const struct rule rule = { CALL(personality, SECCOMP_RET_ALLOW),
				   1,
				   { { 0, FILTER_GE, 0x100000000, 0 } } };
	struct filter_program program = build(&rule, 1);

	cr_expect_eq(ask_native(&program, SYS_personality, 0x100000000, 0), SECCOMP_RET_ALLOW);
	cr_expect_eq(ask(&program, AUDIT_ARCH_I386, I386_personality, 7, 0), DENY);
	free(program.filter);
}
