/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel/filter.h"

#include <ctype.h>
#include <errno.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/list.h"
#include "kernel/filter_compile.h"
#include "kernel/filter_number.h"

#define RULES_MAX	  65536
#define ARCHITECTURES_MAX 32

struct filter {
	struct filter_table table;
};

static int add_architecture(struct filter_table *table, uint32_t token, const char *name,
			    struct error *err)
{
	struct filter_architecture *arch;

	for (size_t i = 0; i < table->architectures.n; i++)
		if (table->architectures.item[i].token == token)
			return 0;
	if (table->architectures.n == ARCHITECTURES_MAX)
		return error_set(err, E2BIG, "architecture %s: too many", name);
	arch = list_add(&table->architectures);
	if (!arch)
		return error_errno(err, ENOMEM, "architecture %s", name);
	arch->token = token;
	arch->newest = FILTER_NONE_NAMED;
	return 0;
}

int filter_new(uint32_t default_action, struct filter **ret, struct error *err)
{
	struct filter *filter = calloc(1, sizeof *filter);

	if (!filter)
		return error_errno(err, ENOMEM, "begin a filter");
	filter->table.default_action = default_action;
	if (add_architecture(&filter->table, seccomp_arch_native(), "native", err) < 0) {
		filter_free(filter);
		return -err->code;
	}
	*ret = filter;
	return 0;
}

void filter_free(struct filter *filter)
{
	if (!filter)
		return;
	for (size_t i = 0; i < filter->table.architectures.n; i++)
		free(filter->table.architectures.item[i].calls.item);
	free(filter->table.architectures.item);
	free(filter->table.rules.item);
	free(filter);
}

int filter_add_architecture(struct filter *filter, const char *name, struct error *err)
{
	static const char prefix[] = "SCMP_ARCH_";
	uint32_t token = 0;
	char lower[32];
	size_t n = 0;

	/* Earlier rules would be missing in it. */
	if (filter->table.rules.n)
		return error_set(err, EINVAL, "architecture %s: behind the first rule", name);
	if (strncmp(name, prefix, sizeof prefix - 1) == 0) {
		for (const char *at = name + sizeof prefix - 1; *at && n < sizeof lower - 1; at++)
			lower[n++] = (char)tolower(*at);
		lower[n] = '\0';
		token = seccomp_arch_resolve_name(lower);
	}
	if (!token)
		return error_set(err, EINVAL, "architecture %s: libseccomp %s does not know it",
				 name, filter_library_version());
	return add_architecture(&filter->table, token, name, err);
}

static int check_condition(const struct filter_condition *condition, struct error *err)
{
	if (condition->index >= FILTER_ARGUMENTS)
		return error_set(err, EINVAL, "argument %u: there are 0 to 5", condition->index);
	if (condition->op < FILTER_NE || condition->op > FILTER_MASKED_EQ)
		return error_set(err, EINVAL, "operator %d is unknown", condition->op);
	return 0;
}

static bool repeats_argument(const struct filter_condition *conditions, size_t n)
{
	unsigned seen = 0;

	for (size_t i = 0; i < n; i++) {
		if (seen & 1u << conditions[i].index)
			return true;
		seen |= 1u << conditions[i].index;
	}
	return false;
}

/* A new rule; `*ret` is its index. */
static int new_rule(struct filter_table *table, uint32_t action,
		    const struct filter_condition *conditions, size_t n, size_t *ret,
		    struct error *err)
{
	struct filter_rule *rule;

	if (table->rules.n >= RULES_MAX)
		return error_set(err, E2BIG, "more than %d rules", RULES_MAX);
	rule = list_add(&table->rules);
	if (!rule)
		return error_errno(err, ENOMEM, "add a rule");
	rule->action = action;
	rule->n = (unsigned)n;
	if (n)
		memcpy(rule->conditions, conditions, n * sizeof *conditions);
	*ret = table->rules.n - 1;
	return 0;
}

static int new_call(struct filter_table *table, struct filter_architecture *arch, int number,
		    size_t rule, struct error *err)
{
	struct filter_call *call = list_add(&arch->calls);

	if (!call)
		return error_errno(err, ENOMEM, "add a rule");
	call->number = (uint32_t)number;
	call->action = table->rules.item[rule].action;
	call->rule = rule;
	return 0;
}

/*
 * The way through socketcall or ipc. The real arguments are in memory there, so
 * conditions on them count as fulfilled; of several rules for one call the least
 * restrictive counts then: a profile that allows some kinds of sockets must not end all
 * 32-bit networking.
 */
static int add_through(struct filter_table *table, struct filter_architecture *arch,
		       const struct filter_number *number, uint32_t action, struct error *err)
{
	const struct filter_condition condition = {
		.index = 0,
		.op = FILTER_MASKED_EQ,
		.value = number->through_mask,
		.value_two = number->through_call,
	};
	size_t rule = 0;

	for (size_t i = 0; i < arch->calls.n; i++) {
		struct filter_call *call = &arch->calls.item[i];

		if (call->number != (uint32_t)number->through ||
		    call->through_call != number->through_call)
			continue;
		if (filter_compile_rank(action) > filter_compile_rank(call->action)) {
			call->action = action;
			table->rules.item[call->rule].action = action;
		}
		return 0;
	}
	TRY(new_rule(table, action, &condition, 1, &rule, err));
	TRY(new_call(table, arch, number->through, rule, err));
	arch->calls.item[arch->calls.n - 1].through_call = number->through_call;
	return 0;
}

static void note_newest(struct filter_architecture *arch, const struct filter_number *number)
{
	if (number->number > arch->newest)
		arch->newest = number->number;
	if (number->through > arch->newest)
		arch->newest = number->through;
}

/* Both ways to a call, for `n` rules that stand one behind the other in the table. */
static int add_calls(struct filter_table *table, struct filter_architecture *arch,
		     const struct filter_number *number, size_t first_rule, size_t n,
		     struct error *err)
{
	uint32_t action = table->rules.item[first_rule].action;

	for (size_t i = 0; i < n && number->number >= 0; i++)
		TRY(new_call(table, arch, number->number, first_rule + i, err));
	return number->through >= 0 ? add_through(table, arch, number, action, err) : 0;
}

/* One rule, or one for each condition where an argument is named twice. */
static int add_rules(struct filter_table *table, uint32_t action,
		     const struct filter_condition *conditions, size_t n, struct error *err)
{
	size_t rule;

	if (!repeats_argument(conditions, n))
		return new_rule(table, action, conditions, n, &rule, err);
	for (size_t i = 0; i < n; i++)
		TRY(new_rule(table, action, &conditions[i], 1, &rule, err));
	return 0;
}

int filter_add_rule(struct filter *filter, const char *syscall, uint32_t action,
		    const struct filter_condition *conditions, size_t n, struct error *err)
{
	struct filter_table *table = &filter->table;
	size_t first_rule = table->rules.n;
	struct filter_number numbers[ARCHITECTURES_MAX];
	bool found[ARCHITECTURES_MAX], known = false;

	for (size_t i = 0; i < n; i++)
		if (check_condition(&conditions[i], err) < 0)
			return error_prefix(err, "%s: ", syscall);
	for (size_t i = 0; i < table->architectures.n; i++) {
		struct filter_architecture *arch = &table->architectures.item[i];

		found[i] = filter_number_find(arch->token, syscall, &numbers[i]);
		known |= found[i];
		if (found[i])
			note_newest(arch, &numbers[i]);
	}
	if (!known)
		return 1;
	if (action == table->default_action && !n)
		return 0;
	TRY(add_rules(table, action, conditions, n, err));
	for (size_t i = 0, count = table->rules.n - first_rule; i < table->architectures.n; i++)
		if (found[i])
			TRY(add_calls(table, &table->architectures.item[i], &numbers[i], first_rule,
				      count, err));
	return 0;
}

int filter_export(struct filter *filter, bool enosys, struct filter_program *ret, struct error *err)
{
	return filter_compile(&filter->table, enosys, ret, err);
}

static long seccomp_call(unsigned operation, unsigned flags, void *argument)
{
	return syscall(SYS_seccomp, operation, flags, argument);
}

int filter_load(const struct filter_program *program, unsigned flags, struct error *err)
{
	struct sock_fprog prog = { .len = program->len, .filter = program->filter };
	long result = seccomp_call(SECCOMP_SET_MODE_FILTER, flags, &prog);

	if (result < 0 && errno == EACCES)
		return error_errno(err, EACCES,
				   "load filter (needs no_new_privs or CAP_SYS_ADMIN)");
	if (result < 0 && errno == EBUSY)
		return error_errno(err, EBUSY, "load filter (there is a listener already)");
	if (result < 0)
		return error_errno(err, errno, "load filter of %u instructions", program->len);
	if (result > 0 && !(flags & SECCOMP_FILTER_FLAG_NEW_LISTENER))
		return error_set(err, ESRCH, "load filter: thread %ld could not be synchronised",
				 result);
	return (int)result;
}

bool filter_flag_is_supported(unsigned flag)
{
	/* This one is for listeners only; without a program nothing is loaded anyway. */
	if (flag == SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV)
		flag |= SECCOMP_FILTER_FLAG_NEW_LISTENER;
	return seccomp_call(SECCOMP_SET_MODE_FILTER, flag, NULL) < 0 && errno == EFAULT;
}

const char *filter_library_version(void)
{
	static char text[32];
	const struct scmp_version *version = seccomp_version();

	snprintf(text, sizeof text, "%u.%u.%u", version->major, version->minor, version->micro);
	return text;
}
