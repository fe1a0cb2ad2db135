/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The device program of a cgroup, from the config's rules (config-linux.md#device-cgroup).
 *
 * The kernel asks for several accesses at once (open(2) with O_RDWR: read and write),
 * which different rules may decide. So each access bit has its own answer: that of the
 * last rule that matches the device and names the access; denied when there is none.
 * A request passes when all of its bits do. The program walks the rules from the last to
 * the first with the bits that are still undecided in r2:
 *
 *	deny rule	a matching device with an undecided bit of the rule is refused
 *	allow rule	the rule's bits are decided; with none left the request passes
 */
#include "plan/cgroup_plan.h"

#include <errno.h>
#include <stddef.h>

#include "base/list.h"

#define ACCESS_ALL (BPF_DEVCG_ACC_MKNOD | BPF_DEVCG_ACC_READ | BPF_DEVCG_ACC_WRITE)
#define TYPE_ALL   0
#define NUMBER_ALL -1LL

/* What the kernel takes without privilege; a verifier run of more is too slow for a start. */
#define PROGRAM_MAX 4096

enum { BITS = BPF_REG_2, TYPE = BPF_REG_3, MAJOR = BPF_REG_4, MINOR = BPF_REG_5 };

/* A rule in the kernel's numbers. */
struct device_rule {
	bool allow;
	int type;	      /* BPF_DEVCG_DEV_*, TYPE_ALL */
	int64_t major, minor; /* NUMBER_ALL */
	int access;	      /* BPF_DEVCG_ACC_* */
};

static int read_access(const char *words, int *ret)
{
	static const int bits[] = {
		['r'] = BPF_DEVCG_ACC_READ, ['w'] = BPF_DEVCG_ACC_WRITE, ['m'] = BPF_DEVCG_ACC_MKNOD
	};

	*ret = 0;
	for (; *words; words++) {
		unsigned char c = *words;

		if (c >= sizeof bits / sizeof *bits || !bits[c])
			return -EINVAL;
		*ret |= bits[c];
	}
	return 0;
}

static int read_number(const struct optional_int *number, int64_t *ret)
{
	*ret = number->set ? number->value : NUMBER_ALL;
	return *ret < NUMBER_ALL || *ret > UINT32_MAX ? -EINVAL : 0;
}

static int read_rule(const struct spec_device_rule *rule, size_t i, struct device_rule *ret,
		     struct error *err)
{
	static const int types[] = { [SPEC_DEVICE_ALL] = TYPE_ALL,
				     [SPEC_DEVICE_CHAR] = BPF_DEVCG_DEV_CHAR,
				     [SPEC_DEVICE_UNBUFFERED] = BPF_DEVCG_DEV_CHAR,
				     [SPEC_DEVICE_BLOCK] = BPF_DEVCG_DEV_BLOCK };
	int64_t type = rule->type.set ? rule->type.value : SPEC_DEVICE_ALL;
	const char *access = rule->access && *rule->access ? rule->access : "rwm";

	if (type < 0 || type > SPEC_DEVICE_BLOCK)
		return error_set(err, EINVAL,
				 "linux.resources.devices[%zu].type: wants a, c, u or b", i);
	if (read_number(&rule->major, &ret->major) < 0)
		return error_set(err, EINVAL, "linux.resources.devices[%zu].major: out of range",
				 i);
	if (read_number(&rule->minor, &ret->minor) < 0)
		return error_set(err, EINVAL, "linux.resources.devices[%zu].minor: out of range",
				 i);
	if (read_access(access, &ret->access) < 0)
		return error_set(err, EINVAL,
				 "linux.resources.devices[%zu].access: '%s' is not of r, w and m",
				 i, access);
	ret->type = types[type];
	ret->allow = rule->allow.set && rule->allow.value;
	return 0;
}

static bool decides_everything(const struct device_rule *rule)
{
	return rule->type == TYPE_ALL && rule->major == NUMBER_ALL && rule->minor == NUMBER_ALL &&
	       rule->access == ACCESS_ALL;
}

static int emit(struct device_program *program, struct bpf_insn instruction, struct error *err)
{
	struct bpf_insn *added;

	if (program->n >= PROGRAM_MAX)
		return error_set(err, E2BIG,
				 "linux.resources.devices: over %d instructions; use fewer rules",
				 PROGRAM_MAX);
	added = list_add(program);
	if (!added)
		return error_errno(err, ENOMEM, "plan device rules");
	*added = instruction;
	return 0;
}

/* clang-format off */
#define LOAD(reg, member)       ((struct bpf_insn){ .code = BPF_LDX | BPF_MEM | BPF_W, .dst_reg = reg, .src_reg = BPF_REG_1, .off = offsetof(struct bpf_cgroup_dev_ctx, member) })
#define COPY(to, from)          ((struct bpf_insn){ .code = BPF_ALU | BPF_MOV | BPF_X, .dst_reg = to, .src_reg = from })
#define SHIFT_RIGHT(reg, by)    ((struct bpf_insn){ .code = BPF_ALU | BPF_RSH | BPF_K, .dst_reg = reg, .imm = by })
#define KEEP_BITS(reg, bits)    ((struct bpf_insn){ .code = BPF_ALU | BPF_AND | BPF_K, .dst_reg = reg, .imm = bits })
#define SKIP(n)                 ((struct bpf_insn){ .code = BPF_JMP | BPF_JA, .off = n })
#define SKIP_UNLESS(reg, is, n) ((struct bpf_insn){ .code = BPF_JMP32 | BPF_JNE | BPF_K, .dst_reg = reg, .imm = is, .off = n })
#define SKIP_IF_ANY(reg, of, n) ((struct bpf_insn){ .code = BPF_JMP32 | BPF_JSET | BPF_K, .dst_reg = reg, .imm = of, .off = n })
#define RESULT(value)           ((struct bpf_insn){ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0, .imm = value })
#define EXIT                    ((struct bpf_insn){ .code = BPF_JMP | BPF_EXIT })
/* clang-format on */

/* access_type holds the device type below and the access bits above bit 16. */
static int emit_begin(struct device_program *program, struct error *err)
{
	TRY(emit(program, LOAD(BITS, access_type), err));
	TRY(emit(program, COPY(TYPE, BITS), err));
	TRY(emit(program, KEEP_BITS(TYPE, 0xffff), err));
	TRY(emit(program, SHIFT_RIGHT(BITS, 16), err));
	TRY(emit(program, LOAD(MAJOR, major), err));
	return emit(program, LOAD(MINOR, minor), err);
}

static int emit_result(struct device_program *program, bool allow, struct error *err)
{
	TRY(emit(program, RESULT(allow), err));
	return emit(program, EXIT, err);
}

/* Each comparison that fails skips what is left of the rule: `length` after the comparisons. */
static int emit_match(const struct device_rule *rule, int length, struct device_program *program,
		      struct error *err)
{
	const struct {
		int reg;
		int64_t value;
		bool any;
	} checks[] = {
		{ TYPE, rule->type, rule->type == TYPE_ALL },
		{ MAJOR, rule->major, rule->major == NUMBER_ALL },
		{ MINOR, rule->minor, rule->minor == NUMBER_ALL },
	};
	int n = !checks[0].any + !checks[1].any + !checks[2].any;

	for (size_t i = 0; i < sizeof checks / sizeof *checks; i++) {
		if (checks[i].any)
			continue;
		n--;
		TRY(emit(program, SKIP_UNLESS(checks[i].reg, (int32_t)checks[i].value, n + length),
			 err));
	}
	return 0;
}

static int emit_rule(const struct device_rule *rule, struct device_program *program,
		     struct error *err)
{
	bool whole = rule->access == ACCESS_ALL;

	TRY(emit_match(rule, whole ? 2 : 4, program, err));
	if (!whole && rule->allow) {
		TRY(emit(program, KEEP_BITS(BITS, ACCESS_ALL & ~rule->access), err));
		TRY(emit(program, SKIP_UNLESS(BITS, 0, 2), err));
	} else if (!whole) {
		TRY(emit(program, SKIP_IF_ANY(BITS, rule->access, 1), err));
		TRY(emit(program, SKIP(2), err));
	}
	return emit_result(program, rule->allow, err);
}

int device_plan_program(const struct spec_device_rule *rules, size_t n, struct device_program *ret,
			struct error *err)
{
	struct device_rule rule;

	/* All of them are checked, also those that a later one hides. */
	for (size_t i = 0; i < n; i++)
		TRY(read_rule(&rules[i], i, &rule, err));
	TRY(emit_begin(ret, err));
	while (n-- > 0) {
		TRY(read_rule(&rules[n], n, &rule, err));
		/* The verifier refuses code that cannot be reached: nothing may follow. */
		if (decides_everything(&rule))
			return emit_result(ret, rule.allow, err);
		TRY(emit_rule(&rule, ret, err));
	}
	return emit_result(ret, false, err);
}
