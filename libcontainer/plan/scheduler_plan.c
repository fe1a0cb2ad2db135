/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/scheduler_plan.h"

#include <errno.h>
#include <inttypes.h>

#define IO_CLASS_SHIFT	   13 /* IOPRIO_CLASS_SHIFT */
#define MEMORY_FLAG_SHIFT  13 /* MPOL_F_NUMA_BALANCING, the first of spec's three, is 1 << 13 */
#define FLAG_RESET_ON_FORK 1

static void build_attributes(const struct spec_scheduler *wanted, struct scheduler_plan *plan)
{
	plan->present = true;
	plan->policy = (uint32_t)wanted->policy.value;
	plan->priority = (uint32_t)wanted->priority.value;
	plan->nice = (int32_t)wanted->nice.value;
	plan->runtime = wanted->runtime.value;
	plan->deadline = wanted->deadline.value;
	plan->period = wanted->period.value;
	for (size_t i = 0; i < wanted->flags.n; i++)
		plan->flags |= UINT64_C(1) << wanted->flags.item[i];
}

/* Such a process can make no other (sched(7)), and init makes those hooks. */
static int check_hooks(const struct spec_config *config, const struct scheduler_plan *plan,
		       struct error *err)
{
	if (plan->policy != SPEC_SCHEDULER_DEADLINE || plan->flags & FLAG_RESET_ON_FORK ||
	    !config->hooks || !config->hooks->start_container.n)
		return 0;
	return error_set(err, EINVAL,
			 "hooks.startContainer: a SCHED_DEADLINE process cannot start them (add "
			 "SCHED_FLAG_RESET_ON_FORK to process.scheduler.flags)");
}

static int parse_list(const char *text, const char *from, struct number_set *ret, struct error *err)
{
	if (text && number_set_parse(text, ret, err) < 0)
		return error_prefix(err, "%s: ", from);
	return 0;
}

/* The CPUs of the container are its cgroup's, not those that ctr happens to be called with. */
static bool has_own_cpus(const struct spec_config *config)
{
	const struct spec_resources *resources = config->linux_ ? config->linux_->resources : NULL;

	return resources && resources->cpu && resources->cpu->cpus && *resources->cpu->cpus;
}

static int build_cpus(const struct spec_config *config, const struct spec_process *process,
		      bool exec, struct scheduler_plan *plan, struct error *err)
{
	const struct spec_exec_cpu_affinity *affinity = process->exec_cpu_affinity;

	if (affinity && exec) {
		TRY(parse_list(affinity->initial, "process.execCPUAffinity.initial",
			       &plan->initial_cpus, err));
		TRY(parse_list(affinity->final, "process.execCPUAffinity.final", &plan->cpus, err));
	}
	/* What "initial" says ends with the way into the cgroup (config.md#linux-process). */
	plan->all_cpus = !plan->cpus.n && (plan->initial_cpus.n || has_own_cpus(config));
	return 0;
}

static int build_memory(const struct spec_memory_policy *policy, struct scheduler_plan *plan,
			struct error *err)
{
	plan->memory_present = true;
	plan->memory_mode = (int)policy->mode.value;
	for (size_t i = 0; i < policy->flags.n; i++)
		plan->memory_mode |= 1 << (MEMORY_FLAG_SHIFT + policy->flags.item[i]);
	return parse_list(policy->nodes, "linux.memoryPolicy.nodes", &plan->memory_nodes, err);
}

int scheduler_plan_build(const struct spec_config *config, const struct spec_process *process,
			 bool exec, struct scheduler_plan *ret, struct error *err)
{
	if (!process)
		return 0;
	if (process->scheduler) {
		build_attributes(process->scheduler, ret);
		if (!exec)
			TRY(check_hooks(config, ret, err));
	}
	if (process->io_priority) {
		ret->io_present = true;
		ret->io_priority = (int)(process->io_priority->class.value + 1) << IO_CLASS_SHIFT |
				   (int)process->io_priority->priority.value;
	}
	TRY(build_cpus(config, process, exec, ret, err));
	if (config->linux_ && config->linux_->memory_policy)
		TRY(build_memory(config->linux_->memory_policy, ret, err));
	return 0;
}

void scheduler_plan_release(struct scheduler_plan *plan)
{
	number_set_release(&plan->initial_cpus);
	number_set_release(&plan->cpus);
	number_set_release(&plan->memory_nodes);
	*plan = (struct scheduler_plan){};
}

static void print_numbers(const char *name, const struct number_set *set, struct str *out)
{
	const char *before = " ";

	if (!set->n)
		return;
	str_add(out, name);
	for (size_t i = 0; i <= NUMBER_SET_MAX; i++) {
		if (!number_set_has(set, i))
			continue;
		str_addf(out, "%s%zu", before, i);
		before = ",";
	}
}

static void print_attributes(const struct scheduler_plan *plan, struct str *out)
{
	str_addf(out, "  scheduler %s", spec_config_scheduler_policy_names[plan->policy]);
	str_addf(out, " nice %d priority %u flags 0x%" PRIx64, plan->nice, plan->priority,
		 plan->flags);
	str_addf(out, " runtime %" PRIu64 " deadline %" PRIu64 " period %" PRIu64 "\n",
		 plan->runtime, plan->deadline, plan->period);
}

static void print_cpus(const struct scheduler_plan *plan, struct str *out)
{
	if (!plan->initial_cpus.n && !plan->cpus.n && !plan->all_cpus)
		return;
	str_add(out, "  cpus");
	print_numbers(" initial", &plan->initial_cpus, out);
	print_numbers(" final", &plan->cpus, out);
	str_add(out, plan->all_cpus ? " of the cgroup\n" : "\n");
}

void scheduler_plan_print(const struct scheduler_plan *plan, struct str *out)
{
	if (plan->present)
		print_attributes(plan, out);
	if (plan->io_present)
		str_addf(out, "  io-priority %s %d\n",
			 spec_config_io_class_names[(plan->io_priority >> IO_CLASS_SHIFT) - 1],
			 plan->io_priority & ((1 << IO_CLASS_SHIFT) - 1));
	print_cpus(plan, out);
	if (!plan->memory_present)
		return;
	str_addf(out, "  memory policy 0x%x", (unsigned)plan->memory_mode);
	print_numbers(" nodes", &plan->memory_nodes, out);
	str_add(out, "\n");
}
