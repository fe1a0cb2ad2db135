/* SPDX-License-Identifier: Apache-2.0 */
/*
 * For tests of filters: an interpreter of the programs, and rules as the tests write
 * them.
 */
#pragma once

#include <criterion/criterion.h>
#include <linux/audit.h>
#include <linux/seccomp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "kernel/filter.h"

#define DENY	   (SECCOMP_RET_ERRNO | EPERM)
#define NO_SYSCALL (SECCOMP_RET_ERRNO | ENOSYS)
#define X32_BIT	   0x40000000

/* What the kernel would do: the subset of classic BPF that seccomp(2) takes. */
struct machine {
	uint32_t a, x, memory[BPF_MEMWORDS];
};

static inline uint32_t alu(uint16_t code, uint32_t a, uint32_t b)
{
	switch (BPF_OP(code)) {
	case BPF_ADD:
		return a + b;
	case BPF_SUB:
		return a - b;
	case BPF_AND:
		return a & b;
	case BPF_OR:
		return a | b;
	case BPF_XOR:
		return a ^ b;
	case BPF_LSH:
		return a << b;
	case BPF_RSH:
		return a >> b;
	}
	cr_assert_fail("alu %x", code);
	return 0;
}

static inline bool jumps(uint16_t code, uint32_t a, uint32_t b)
{
	switch (BPF_OP(code)) {
	case BPF_JEQ:
		return a == b;
	case BPF_JGT:
		return a > b;
	case BPF_JGE:
		return a >= b;
	case BPF_JSET:
		return a & b;
	}
	cr_assert_fail("jump %x", code);
	return false;
}

static inline void load_store(const struct sock_filter *at, struct machine *m,
			      const struct seccomp_data *data)
{
	switch (at->code) {
	case BPF_LD | BPF_W | BPF_ABS:
		cr_assert_leq(at->k, sizeof *data - 4);
		memcpy(&m->a, (const char *)data + at->k, 4);
		return;
	case BPF_LD | BPF_IMM:
		m->a = at->k;
		return;
	case BPF_LD | BPF_MEM:
		m->a = m->memory[at->k];
		return;
	case BPF_ST:
		m->memory[at->k] = m->a;
		return;
	case BPF_MISC | BPF_TAX:
		m->x = m->a;
		return;
	case BPF_MISC | BPF_TXA:
		m->a = m->x;
		return;
	}
	cr_assert_fail("instruction %x", at->code);
}

static inline uint32_t run(const struct filter_program *program, const struct seccomp_data *data)
{
	struct machine m = { 0 };

	for (unsigned pc = 0; pc < program->len; pc++) {
		const struct sock_filter *at = &program->filter[pc];
		uint32_t operand = BPF_SRC(at->code) == BPF_X ? m.x : at->k;

		if (BPF_CLASS(at->code) == BPF_RET)
			return at->k;
		if (at->code == (BPF_JMP | BPF_JA))
			pc += at->k;
		else if (BPF_CLASS(at->code) == BPF_JMP)
			pc += jumps(at->code, m.a, operand) ? at->jt : at->jf;
		else if (BPF_CLASS(at->code) == BPF_ALU)
			m.a = alu(at->code, m.a, operand);
		else
			load_store(at, &m, data);
	}
	cr_assert_fail("ran off the end");
	return 0;
}

/* A rule as the tests write it. */
struct rule {
	const char *name;
	int native, i386; /* its numbers */
	uint32_t action;
	size_t n;
	struct filter_condition conditions[6];
};

static const char *const two_architectures[]
	__attribute__((unused)) = { "SCMP_ARCH_X86_64", "SCMP_ARCH_X86", NULL };

static inline struct filter *new_filter(uint32_t default_action, const char *const *architectures)
{
	struct error err = { 0 };
	struct filter *filter = NULL;

	cr_assert_eq(filter_new(default_action, &filter, &err), 0, "%s", err.text);
	for (; *architectures; architectures++)
		cr_assert_eq(filter_add_architecture(filter, *architectures, &err), 0, "%s",
			     err.text);
	return filter;
}

static inline void allow(struct filter *filter, const char *name)
{
	struct error err = { 0 };

	cr_assert_eq(filter_add_rule(filter, name, SECCOMP_RET_ALLOW, NULL, 0, &err), 0, "%s: %s",
		     name, err.text);
}

/* Export and release. */
static inline struct filter_program finish(struct filter *filter, bool enosys)
{
	struct filter_program program = { 0 };
	struct error err = { 0 };

	cr_assert_eq(filter_export(filter, enosys, &program, &err), 0, "%s", err.text);
	filter_free(filter);
	return program;
}

static inline struct filter_program build(const struct rule *rules, size_t n)
{
	struct filter *filter = new_filter(DENY, two_architectures);
	struct error err = { 0 };

	for (size_t i = 0; i < n; i++)
		cr_assert_eq(filter_add_rule(filter, rules[i].name, rules[i].action,
					     rules[i].conditions, rules[i].n, &err),
			     0, "%s", err.text);
	return finish(filter, false);
}

static inline uint32_t ask(const struct filter_program *program, uint32_t arch, int nr, uint64_t a0,
			   uint64_t a1)
{
	struct seccomp_data data = { .nr = nr, .arch = arch, .args = { a0, a1 } };

	return run(program, &data);
}

static inline uint32_t ask_native(const struct filter_program *program, int nr, uint64_t a0,
				  uint64_t a1)
{
	return ask(program, AUDIT_ARCH_X86_64, nr, a0, a1);
}

#define CALL(name_, action_) \
	.name = #name_, .native = SYS_##name_, .i386 = I386_##name_, .action = action_
#define I386_personality 136
#define I386_ioctl	 54
#define I386_prctl	 172
#define I386_socketcall	 102
#define I386_ipc	 117
#define I386_socket	 359
