/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "kernel/filter.h"
#include "lifecycle/launch.h"

DEFINE_CLEANUP(struct filter *, filter_free)

enum { CONDITIONS_MAX = 64 };

static const int operators[] = {
	[SPEC_SECCOMP_NE] = FILTER_NE,
	[SPEC_SECCOMP_LT] = FILTER_LT,
	[SPEC_SECCOMP_LE] = FILTER_LE,
	[SPEC_SECCOMP_EQ] = FILTER_EQ,
	[SPEC_SECCOMP_GE] = FILTER_GE,
	[SPEC_SECCOMP_GT] = FILTER_GT,
	[SPEC_SECCOMP_MASKED_EQ] = FILTER_MASKED_EQ,
};

static int add_rule(struct filter *filter, const struct seccomp_rule *rule, struct error *err)
{
	const struct spec_seccomp_rule *r = rule->rule;
	struct filter_condition conditions[CONDITIONS_MAX];

	if (r->args.n > CONDITIONS_MAX)
		return error_set(err, E2BIG, "more than %d args", CONDITIONS_MAX);
	for (size_t i = 0; i < r->args.n; i++)
		conditions[i] = (struct filter_condition){
			.index = (unsigned)r->args.item[i].index.value,
			.op = operators[r->args.item[i].op.value],
			.value = r->args.item[i].value.value,
			.value_two = r->args.item[i].value_two.value,
		};
	for (size_t i = 0; i < r->names.n; i++)
		TRY(filter_add_rule(filter, r->names.item[i], rule->action, conditions, r->args.n,
				    err));
	return 0;
}

static int compile(const struct seccomp_plan *plan, struct filter_program *ret, struct error *err)
{
	cleanup_with(filter_free) struct filter *filter = NULL;

	TRY(filter_new(plan->default_action, &filter, err));
	for (size_t i = 0; i < plan->architectures.n; i++)
		TRY(filter_add_architecture(
			filter, spec_config_seccomp_arch_names[plan->architectures.item[i]], err));
	for (size_t i = 0; i < plan->rules.n; i++)
		if (add_rule(filter, &plan->rules.item[i], err) < 0)
			return error_prefix(err, "syscalls[%zu]: ", i);
	return filter_export(filter, plan->enosys, ret, err);
}

int launch_filter_build(struct launch *launch, struct error *err)
{
	const struct seccomp_plan *plan = &launch->plan->seccomp;
	cleanup_close int cache_fd = -1;
	struct error ignored;

	if (!plan->present)
		return 0;
	/* Without a cache it takes longer, that is all. */
	cache_fd = store_open_cache(&launch->l->store, ".cache", &ignored);
	if (cache_fd >= 0 && filter_cache_find(cache_fd, plan->key, &launch->filter) > 0)
		return 0;
	if (compile(plan, &launch->filter, err) < 0)
		return error_prefix(err, "linux.seccomp: ");
	if (cache_fd >= 0)
		filter_cache_store(cache_fd, plan->key, &launch->filter);
	return 0;
}
