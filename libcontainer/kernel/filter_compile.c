/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel/filter_compile.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/seccomp.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/list.h"

/* libseccomp's number for x32, which shares AUDIT_ARCH_X86_64 and marks its numbers. */
#define X32_TOKEN   (EM_X86_64 | __AUDIT_ARCH_LE)
#define X32_BIT	    0x40000000u
#define NO_CALL	    UINT32_MAX /* what a tracer sets to skip a call */
#define RECENT_MAX  8
#define REACH	    254 /* a conditional jump skips 255 at most; one trampoline is spare */
#define REUSE_REACH 200

/*
 * The program is written from its end, so that all targets are known. A label is the
 * number of instructions from the target (included) to the end.
 */
struct code {
	struct sock_filter from_end[BPF_MAXINSNS];
	size_t len;
	bool overflow;
	/* Returns written lately, to be shared. */
	struct {
		uint32_t action;
		size_t label;
	} recent[RECENT_MAX];
	size_t n_recent;
};

int32_t filter_compile_rank(uint32_t action)
{
	return (int32_t)(action & SECCOMP_RET_ACTION_FULL);
}

static size_t emit(struct code *code, struct sock_filter instruction)
{
	if (code->len == BPF_MAXINSNS) {
		code->overflow = true;
		return code->len;
	}
	code->from_end[code->len] = instruction;
	return ++code->len;
}

static size_t emit_load(struct code *code, size_t offset)
{
	return emit(code, (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (uint32_t)offset));
}

static size_t emit_return(struct code *code, uint32_t action)
{
	size_t slot, label;

	for (size_t i = 0; i < RECENT_MAX; i++)
		if (code->recent[i].label && code->recent[i].action == action &&
		    code->len - code->recent[i].label < REUSE_REACH)
			return code->recent[i].label;
	label = emit(code, (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, action));
	slot = code->n_recent++ % RECENT_MAX;
	code->recent[slot].action = action;
	code->recent[slot].label = label;
	return label;
}

static size_t emit_trampoline(struct code *code, size_t label)
{
	return emit(code,
		    (struct sock_filter)BPF_STMT(BPF_JMP | BPF_JA, (uint32_t)(code->len - label)));
}

/* Whatever is written next must continue at `label`. */
static void continue_at(struct code *code, size_t label)
{
	if (label != code->len)
		emit_trampoline(code, label);
}

static size_t emit_jump(struct code *code, uint16_t comparison, uint32_t k, size_t yes, size_t no)
{
	if (code->len - yes >= REACH)
		yes = emit_trampoline(code, yes);
	if (code->len - no >= REACH)
		no = emit_trampoline(code, no);
	return emit(code, (struct sock_filter)BPF_JUMP(BPF_JMP | comparison | BPF_K, k,
						       (uint8_t)(code->len - yes),
						       (uint8_t)(code->len - no)));
}

/* Where an argument's lower or upper half is in seccomp_data. */
static size_t half_of(unsigned argument, bool upper, uint32_t token)
{
	bool second = upper == !!(token & __AUDIT_ARCH_LE);

	return offsetof(struct seccomp_data, args) + argument * 8u + (second ? 4 : 0);
}

/* Each operator as "greater", "greater or equal" or "equal", perhaps with the answers swapped. */
static const struct {
	uint16_t comparison;
	bool swapped;
} operators[] = {
	[FILTER_NE] = { BPF_JEQ, true },	 [FILTER_LT] = { BPF_JGE, true },
	[FILTER_LE] = { BPF_JGT, true },	 [FILTER_EQ] = { BPF_JEQ, false },
	[FILTER_GE] = { BPF_JGE, false },	 [FILTER_GT] = { BPF_JGT, false },
	[FILTER_MASKED_EQ] = { BPF_JEQ, false },
};

/* One half of an argument: load, mask, compare. */
static size_t emit_half(struct code *code, const struct filter_condition *condition, bool upper,
			uint32_t token, uint16_t comparison, size_t yes, size_t no)
{
	bool masked = condition->op == FILTER_MASKED_EQ;
	uint64_t value = masked ? condition->value_two & condition->value : condition->value;
	uint32_t mask = (uint32_t)(condition->value >> (upper ? 32 : 0));

	emit_jump(code, comparison, (uint32_t)(value >> (upper ? 32 : 0)), yes, no);
	if (masked)
		emit(code, (struct sock_filter)BPF_STMT(BPF_ALU | BPF_AND | BPF_K, mask));
	return emit_load(code, half_of(condition->index, upper, token));
}

/* Does the value make sense in 32 bits, as it is or as a negative number? */
static bool fits_32(uint64_t value)
{
	return value >> 32 == 0 || (int64_t)value == (int32_t)value;
}

/* The upper half of a 32-bit architecture's argument is zero, and so not looked at. */
static size_t emit_condition_32(struct code *code, const struct filter_condition *condition,
				uint32_t token, size_t yes, size_t no)
{
	bool masked = condition->op == FILTER_MASKED_EQ;
	uint64_t value = masked ? condition->value_two & condition->value : condition->value;
	uint16_t comparison = operators[condition->op].comparison;

	/* Nothing is equal to such a value, or as great. */
	if (!fits_32(value))
		return no;
	return emit_half(code, condition, false, token, comparison, yes, no);
}

static size_t emit_condition_64(struct code *code, const struct filter_condition *condition,
				uint32_t token, size_t yes, size_t no)
{
	uint16_t comparison = operators[condition->op].comparison;
	uint32_t upper = (uint32_t)(condition->value >> 32);
	size_t lower_half = emit_half(code, condition, false, token, comparison, yes, no);

	if (condition->op == FILTER_MASKED_EQ && !upper)
		return lower_half;
	if (comparison == BPF_JEQ)
		return emit_half(code, condition, true, token, BPF_JEQ, lower_half, no);
	/* Greater in the upper half decides; the lower one counts when they are equal. */
	no = emit_jump(code, BPF_JEQ, upper, lower_half, no);
	return emit_half(code, condition, true, token, BPF_JGT, yes, no);
}

static size_t emit_condition(struct code *code, const struct filter_condition *condition,
			     uint32_t token, size_t yes, size_t no)
{
	if (operators[condition->op].swapped) {
		size_t swap = yes;

		yes = no;
		no = swap;
	}
	if (token & __AUDIT_ARCH_64BIT)
		return emit_condition_64(code, condition, token, yes, no);
	return emit_condition_32(code, condition, token, yes, no);
}

static size_t emit_rule(struct code *code, const struct filter_rule *rule, uint32_t token,
			size_t otherwise)
{
	size_t label = emit_return(code, rule->action);

	for (unsigned i = rule->n; i-- > 0;)
		label = emit_condition(code, &rule->conditions[i], token, label, otherwise);
	return label;
}

/* Numbers from `first` up to the next run's have one answer: an action, or rules to try. */
struct run {
	uint32_t first;
	uint32_t action; /* when no rule of `calls` matches */
	uint32_t token;
	const struct filter_call *calls;
	size_t n_calls;
};

struct runs {
	LIST_OF(struct run) list;
	bool failed;
};

static void add_run(struct runs *runs, struct run run)
{
	struct run *last;

	/* The latest word counts for an equal start; equal neighbours are one. */
	if (runs->list.n && runs->list.item[runs->list.n - 1].first == run.first)
		runs->list.n--;
	last = runs->list.n ? &runs->list.item[runs->list.n - 1] : NULL;
	if (last && !last->n_calls && !run.n_calls && last->action == run.action)
		return;
	last = list_add(&runs->list);
	if (last)
		*last = run;
	else
		runs->failed = true;
}

/* The answer to one number, whose `n` calls are sorted: the most restrictive first. */
static struct run decide(const struct filter_table *table, const struct filter_architecture *arch,
			 const struct filter_call *calls, size_t n)
{
	struct run run = { calls[0].number, table->default_action, arch->token, calls, n };
	const struct filter_call *fixed = NULL;

	for (size_t i = 0; i < n; i++)
		if (!table->rules.item[calls[i].rule].n && (!fixed || calls[i].rule < fixed->rule))
			fixed = &calls[i];
	if (fixed) {
		run.action = fixed->action;
		run.n_calls = (size_t)(fixed - calls);
	}
	/* Conditions need no look where both answers are the same. */
	while (run.n_calls && calls[run.n_calls - 1].action == run.action)
		run.n_calls--;
	return run;
}

static int by_number(const void *left, const void *right)
{
	const struct filter_call *a = left, *b = right;

	if (a->number != b->number)
		return a->number < b->number ? -1 : 1;
	if (filter_compile_rank(a->action) != filter_compile_rank(b->action))
		return filter_compile_rank(a->action) < filter_compile_rank(b->action) ? -1 : 1;
	return (a->rule > b->rule) - (a->rule < b->rule);
}

/* The runs of one architecture, from its first number on. */
static void add_architecture(struct runs *runs, const struct filter_table *table,
			     struct filter_architecture *arch, uint32_t first, bool enosys)
{
	const struct run otherwise = { .action = table->default_action };
	struct filter_call *call = arch->calls.item;
	size_t n = arch->calls.n, same;
	struct run gap = otherwise;

	gap.first = first;
	add_run(runs, gap);
	if (n)
		qsort(call, n, sizeof *call, by_number);
	for (; n; call += same, n -= same) {
		for (same = 1; same < n && call[same].number == call->number;)
			same++;
		add_run(runs, decide(table, arch, call, same));
		gap.first = call->number + 1;
		add_run(runs, gap);
	}
	if (enosys && arch->newest != FILTER_NONE_NAMED)
		add_run(runs, (struct run){ .first = (uint32_t)arch->newest + 1,
					    .action = SECCOMP_RET_ERRNO | ENOSYS });
}

static struct filter_architecture *find(struct filter_table *table, uint32_t token)
{
	for (size_t i = 0; i < table->architectures.n; i++)
		if (table->architectures.item[i].token == token)
			return &table->architectures.item[i];
	return NULL;
}

/* All numbers of what the kernel calls one architecture. */
static void build_runs(struct runs *runs, struct filter_table *table, uint32_t audit, bool enosys)
{
	const struct run foreign = { .action = SECCOMP_RET_KILL_PROCESS };
	struct filter_architecture *arch = find(table, audit), *x32 = find(table, X32_TOKEN);
	struct run run = foreign;

	if (arch)
		add_architecture(runs, table, arch, 0, enosys);
	else
		add_run(runs, foreign);
	if (audit == AUDIT_ARCH_X86_64) {
		run.first = X32_BIT;
		add_run(runs, run);
		if (x32)
			add_architecture(runs, table, x32, X32_BIT, enosys);
	}
	run = (struct run){ .first = NO_CALL, .action = table->default_action };
	add_run(runs, run);
}

static size_t emit_run(struct code *code, const struct filter_table *table, const struct run *run)
{
	size_t label = emit_return(code, run->action);

	for (size_t i = run->n_calls; i-- > 0;) {
		const struct filter_rule *rule = &table->rules.item[run->calls[i].rule];

		if (rule->n)
			label = emit_rule(code, rule, run->token, label);
	}
	return label;
}

/* A balanced search; the recursion is as deep as the logarithm of `n`. */
static size_t emit_search(struct code *code, const struct filter_table *table,
			  const struct run *runs, size_t n)
{
	size_t half = n / 2, yes, no;

	if (n == 1)
		return emit_run(code, table, runs);
	yes = emit_search(code, table, runs + half, n - half);
	no = emit_search(code, table, runs, half);
	return emit_jump(code, BPF_JGE, runs[half].first, yes, no);
}

static int emit_architecture(struct code *code, struct filter_table *table, uint32_t audit,
			     bool enosys, size_t *ret, struct error *err)
{
	struct runs runs = { 0 };

	build_runs(&runs, table, audit, enosys);
	if (!runs.failed) {
		continue_at(code, emit_search(code, table, runs.list.item, runs.list.n));
		*ret = emit_load(code, offsetof(struct seccomp_data, nr));
	}
	free(runs.list.item);
	return runs.failed ? error_errno(err, ENOMEM, "build the filter") : 0;
}

static int copy_program(const struct code *code, struct filter_program *ret, struct error *err)
{
	struct sock_filter *filter;

	if (code->overflow)
		return error_set(err, E2BIG, "filter has more than %d instructions", BPF_MAXINSNS);
	filter = calloc(code->len, sizeof *filter);
	if (!filter)
		return error_errno(err, ENOMEM, "build the filter");
	for (size_t i = 0; i < code->len; i++)
		filter[i] = code->from_end[code->len - 1 - i];
	ret->filter = filter;
	ret->len = (unsigned short)code->len;
	return 0;
}

int filter_compile(struct filter_table *table, bool enosys, struct filter_program *ret,
		   struct error *err)
{
	cleanup_free struct code *code = calloc(1, sizeof *code);
	size_t next;

	if (!code)
		return error_errno(err, ENOMEM, "build the filter");
	next = emit_return(code, SECCOMP_RET_KILL_PROCESS);
	/* The native architecture is the table's first: written last, it is asked first. */
	for (size_t i = table->architectures.n; i-- > 0;) {
		uint32_t audit = table->architectures.item[i].token;
		size_t body = 0;

		if (audit == X32_TOKEN && find(table, AUDIT_ARCH_X86_64))
			continue; /* done with x86_64 */
		audit = audit == X32_TOKEN ? AUDIT_ARCH_X86_64 : audit;
		TRY(emit_architecture(code, table, audit, enosys, &body, err));
		continue_at(code, next);
		next = emit_jump(code, BPF_JEQ, audit, body, code->len);
	}
	continue_at(code, next);
	emit_load(code, offsetof(struct seccomp_data, arch));
	return copy_program(code, ret, err);
}
