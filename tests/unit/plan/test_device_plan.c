/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "plan/cgroup_plan.h"

#define LENGTH(array) (sizeof(array) / sizeof *(array))

#define RULE(allow_, type_, major_, minor_, access_)                                    \
	{                                                                               \
		.allow = { true, allow_ }, .type = { true, SPEC_DEVICE_##type_ },       \
		.major = { true, major_ }, .minor = { true, minor_ }, .access = access_ \
	}

/* What the kernel hands to a program, and what the machine holds. */
struct machine {
	const struct bpf_cgroup_dev_ctx *device;
	uint64_t reg[11];
	size_t at;
};

static uint32_t load(const struct machine *m, int offset)
{
	uint32_t value;

	cr_assert(offset >= 0 && offset + sizeof value <= sizeof *m->device);
	memcpy(&value, (const char *)m->device + offset, sizeof value);
	return value;
}

/* One instruction of those that device_plan.c uses; anything else is a failure. */
static void step(struct machine *m, const struct bpf_insn *i)
{
	uint64_t *dst = &m->reg[i->dst_reg];
	uint32_t imm = (uint32_t)i->imm;

	switch (i->code) {
	case BPF_LDX | BPF_MEM | BPF_W:
		cr_assert_eq(i->src_reg, BPF_REG_1);
		*dst = load(m, i->off);
		break;
	case BPF_ALU | BPF_MOV | BPF_X:
		*dst = (uint32_t)m->reg[i->src_reg];
		break;
	case BPF_ALU | BPF_RSH | BPF_K:
		*dst = (uint32_t)*dst >> imm;
		break;
	case BPF_ALU | BPF_AND | BPF_K:
		*dst = (uint32_t)*dst & imm;
		break;
	case BPF_ALU64 | BPF_MOV | BPF_K:
		*dst = (uint64_t)(int64_t)i->imm;
		break;
	case BPF_JMP | BPF_JA:
		m->at += i->off;
		break;
	case BPF_JMP32 | BPF_JNE | BPF_K:
		m->at += (uint32_t)*dst != imm ? i->off : 0;
		break;
	case BPF_JMP32 | BPF_JSET | BPF_K:
		m->at += (uint32_t)*dst & imm ? i->off : 0;
		break;
	default:
		cr_assert_fail("instruction %zu: code %#x", m->at, i->code);
	}
	m->at++;
}

static bool run(const struct device_program *program, const struct bpf_cgroup_dev_ctx *device)
{
	struct machine m = { .device = device };

	for (;;) {
		cr_assert_lt(m.at, program->n, "the program is left at its end");
		if (program->item[m.at].code == (BPF_JMP | BPF_EXIT))
			return m.reg[0];
		step(&m, &program->item[m.at]);
	}
}

static bool is_allowed(const struct device_program *program, int type, uint32_t major,
		       uint32_t minor, unsigned access)
{
	struct bpf_cgroup_dev_ctx device = { access << 16 | (unsigned)type, major, minor };

	return run(program, &device);
}

static struct device_program build(const struct spec_device_rule *rules, size_t n)
{
	struct device_program program = {};
	struct error err = {};

	cr_assert_eq(device_plan_program(rules, n, &program, &err), 0, "%s", err.text);
	return program;
}

/* The meaning, told the other way round: bit by bit, from the first rule on. */
static bool is_bit_allowed(const struct spec_device_rule *rules, size_t n, int type, uint32_t major,
			   uint32_t minor, unsigned bit)
{
	char letter = bit == BPF_DEVCG_ACC_MKNOD ? 'm' : bit == BPF_DEVCG_ACC_READ ? 'r' : 'w';
	bool allowed = false;

	for (size_t i = 0; i < n; i++) {
		const struct spec_device_rule *r = &rules[i];
		bool block = r->type.value == SPEC_DEVICE_BLOCK;

		if (r->type.set && r->type.value != SPEC_DEVICE_ALL &&
		    block != (type == BPF_DEVCG_DEV_BLOCK))
			continue;
		if (r->major.set && r->major.value != -1 && r->major.value != major)
			continue;
		if (r->minor.set && r->minor.value != -1 && r->minor.value != minor)
			continue;
		if (r->access && *r->access && !strchr(r->access, letter))
			continue;
		allowed = r->allow.set && r->allow.value;
	}
	return allowed;
}

static bool is_expected(const struct spec_device_rule *rules, size_t n, int type, uint32_t major,
			uint32_t minor, unsigned access)
{
	for (unsigned bit = 1; bit <= 4; bit *= 2)
		if ((access & bit) && !is_bit_allowed(rules, n, type, major, minor, bit))
			return false;
	return true;
}

static struct spec_device_rule random_rule(unsigned *seed)
{
	static char *const accesses[] = { NULL, "",   "r",  "w",   "m",	  "rw",
					  "rm", "mw", "wr", "rwm", "rwm", "mwr" };
	static const int types[] = { SPEC_DEVICE_ALL, SPEC_DEVICE_CHAR, SPEC_DEVICE_BLOCK,
				     SPEC_DEVICE_UNBUFFERED };

	return (struct spec_device_rule){
		.allow = { rand_r(seed) % 8 != 0, rand_r(seed) % 2 },
		.type = { rand_r(seed) % 4 != 0, types[rand_r(seed) % 4] },
		.major = { rand_r(seed) % 4 != 0, rand_r(seed) % 4 - 1 },
		.minor = { rand_r(seed) % 4 != 0, rand_r(seed) % 4 - 1 },
		.access = accesses[rand_r(seed) % LENGTH(accesses)],
	};
}

static void compare_everywhere(const struct spec_device_rule *rules, size_t n)
{
	struct device_program program = build(rules, n);

	for (unsigned probe = 0; probe < 2 * 4 * 4 * 8; probe++) {
		int type = probe % 2 ? BPF_DEVCG_DEV_BLOCK : BPF_DEVCG_DEV_CHAR;
		uint32_t major = probe / 2 % 4, minor = probe / 8 % 4;
		unsigned access = probe / 32;

		if (access)
			cr_assert_eq(is_allowed(&program, type, major, minor, access),
				     is_expected(rules, n, type, major, minor, access));
	}
	free(program.item);
}

/* What the verifier refuses: jumps out of the program and code that nothing reaches. */
static void check_reachable(const struct device_program *program)
{
	bool *reached = calloc(program->n + 1, sizeof *reached);

	reached[0] = true;
	for (size_t i = 0; i < program->n; i++) {
		const struct bpf_insn *insn = &program->item[i];
		bool jump = BPF_CLASS(insn->code) == BPF_JMP32 || insn->code == (BPF_JMP | BPF_JA);

		cr_assert(reached[i], "instruction %zu of %zu is never reached", i, program->n);
		if (jump) {
			cr_assert_geq(insn->off, 0);
			cr_assert_lt(i + 1 + insn->off, program->n);
			reached[i + 1 + insn->off] = true;
		}
		if (insn->code != (BPF_JMP | BPF_EXIT) && insn->code != (BPF_JMP | BPF_JA))
			reached[i + 1] = true;
	}
	cr_assert_not(reached[program->n], "the program is left at its end");
	free(reached);
}

Test(device_plan, no_rules_deny_everything)
{
	struct device_program program = build(NULL, 0);

	cr_assert_not(is_allowed(&program, BPF_DEVCG_DEV_CHAR, 1, 3, BPF_DEVCG_ACC_READ));
	cr_assert_not(is_allowed(&program, BPF_DEVCG_DEV_BLOCK, 8, 0, BPF_DEVCG_ACC_MKNOD));
	free(program.item);
}

Test(device_plan, a_denial_after_allowing_all_holds)
{
	const struct spec_device_rule rules[] = { RULE(true, ALL, -1, -1, "rwm"),
						  RULE(false, CHAR, 1, 11, "w") };
	struct device_program program = build(rules, 2);

	cr_assert(is_allowed(&program, BPF_DEVCG_DEV_CHAR, 1, 11, BPF_DEVCG_ACC_READ));
	cr_assert_not(is_allowed(&program, BPF_DEVCG_DEV_CHAR, 1, 11,
				 BPF_DEVCG_ACC_READ | BPF_DEVCG_ACC_WRITE));
	cr_assert(is_allowed(&program, BPF_DEVCG_DEV_BLOCK, 1, 11, 7));
	free(program.item);
}

Test(device_plan, two_rules_together_allow_reading_and_writing)
{
	const struct spec_device_rule rules[] = { RULE(true, CHAR, 1, 5, "r"),
						  RULE(true, CHAR, 1, -1, "w") };
	struct device_program program = build(rules, 2);

	cr_assert(is_allowed(&program, BPF_DEVCG_DEV_CHAR, 1, 5,
			     BPF_DEVCG_ACC_READ | BPF_DEVCG_ACC_WRITE));
	cr_assert_not(is_allowed(&program, BPF_DEVCG_DEV_CHAR, 1, 6,
				 BPF_DEVCG_ACC_READ | BPF_DEVCG_ACC_WRITE));
	free(program.item);
}

Test(device_plan, what_a_rule_for_everything_hides_is_left_out)
{
	const struct spec_device_rule rules[] = { RULE(true, CHAR, 1, 3, "rwm"),
						  RULE(true, BLOCK, 8, 0, "rwm"),
						  RULE(false, ALL, -1, -1, NULL) };
	struct device_program hidden = build(rules, 3), alone = build(rules + 2, 1);

	cr_assert_eq(hidden.n, alone.n);
	check_reachable(&hidden);
	cr_assert_not(is_allowed(&hidden, BPF_DEVCG_DEV_CHAR, 1, 3, BPF_DEVCG_ACC_READ));
	free(hidden.item);
	free(alone.item);
}

Test(device_plan, numbers_above_31_bits_are_compared_whole)
{
	const struct spec_device_rule rules[] = { RULE(true, CHAR, UINT32_MAX, 0x80000000LL, "r") };
	struct device_program program = build(rules, 1);

	cr_assert(is_allowed(&program, BPF_DEVCG_DEV_CHAR, UINT32_MAX, 0x80000000U,
			     BPF_DEVCG_ACC_READ));
	cr_assert_not(is_allowed(&program, BPF_DEVCG_DEV_CHAR, UINT32_MAX, 0, BPF_DEVCG_ACC_READ));
	free(program.item);
}

Test(device_plan, random_rules_mean_what_they_say)
{
	unsigned seed = 20;

	for (int round = 0; round < 4000; round++) {
		struct spec_device_rule rules[9];
		size_t n = rand_r(&seed) % 10;
		struct device_program program;

		for (size_t i = 0; i < n; i++)
			rules[i] = random_rule(&seed);
		compare_everywhere(rules, n);
		program = build(rules, n);
		check_reachable(&program);
		free(program.item);
	}
}

Test(device_plan, an_unknown_access_names_its_place)
{
	const struct spec_device_rule rules[] = { RULE(true, CHAR, 1, 3, "r"),
						  RULE(true, CHAR, 1, 3, "rx"),
						  RULE(false, ALL, -1, -1, "rwm") };
	struct device_program program = {};
	struct error err = {};

	cr_assert_eq(device_plan_program(rules, 3, &program, &err), -EINVAL);
	cr_assert_str_eq(err.text, "linux.resources.devices[1].access: 'rx' is not of r, w and m");
	free(program.item);
}

Test(device_plan, a_pipe_is_no_device)
{
	const struct spec_device_rule rules[] = { RULE(true, FIFO, 1, 3, "r") };
	struct device_program program = {};
	struct error err = {};

	cr_assert_eq(device_plan_program(rules, 1, &program, &err), -EINVAL);
	cr_assert_str_eq(err.text, "linux.resources.devices[0].type: wants a, c, u or b");
	free(program.item);
}

Test(device_plan, too_many_rules_are_refused)
{
	struct spec_device_rule *rules = calloc(1000, sizeof *rules);
	struct device_program program = {};
	struct error err = {};

	for (size_t i = 0; i < 1000; i++)
		rules[i] = (struct spec_device_rule)RULE(true, CHAR, 1, (int64_t)i, "rw");
	cr_assert_eq(device_plan_program(rules, 1000, &program, &err), -E2BIG);
	free(program.item);
	free(rules);
}
