/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <string.h>

#include "base/number_set.h"
#include "spec/config_validate.h"

/* config.md#process: the directory to start in is absolute. */
static int check_cwd(const struct spec_process *process, struct error *err)
{
	if (!process->cwd || process->cwd[0] != '/')
		return error_set(err, EINVAL, "cwd: wants an absolute path");
	return 0;
}

/* config.md#posix-process: args names at least the program. */
static int check_args(const struct spec_process *process, struct error *err)
{
	if (process->args.n == 0)
		return error_set(err, EINVAL, "args: is required");
	if (!*process->args.item[0])
		return error_set(err, EINVAL, "args[0]: is empty (name the program)");
	return 0;
}

/* config.md#process: env is as environ(7) of IEEE Std 1003.1-2008. */
static int check_env(const struct spec_process *process, struct error *err)
{
	return spec_config_validate_env(process->env.item, process->env.n, err);
}

/* config.md#posix-process: each type once, and the soft limit within the hard one. */
static int check_rlimits(const struct spec_process *process, struct error *err)
{
	uint64_t seen = 0;

	for (size_t i = 0; i < process->rlimits.n; i++) {
		const struct spec_rlimit *limit = &process->rlimits.item[i];
		uint64_t bit = UINT64_C(1) << limit->type.value;

		if (seen & bit)
			return error_set(err, EINVAL,
					 "rlimits[%zu].type: %s is given twice (remove one)", i,
					 spec_config_rlimit_names[limit->type.value]);
		seen |= bit;
		if (limit->soft.value > limit->hard.value)
			return error_set(err, EINVAL, "rlimits[%zu].soft: is above the hard limit",
					 i);
	}
	return 0;
}

/* config.md#linux-process: a label is one line, written whole to /proc/self/attr. */
static int check_labels(const struct spec_process *process, struct error *err)
{
	if (process->apparmor_profile && strchr(process->apparmor_profile, '\n'))
		return error_set(err, EINVAL, "apparmorProfile: contains a newline");
	if (process->selinux_label && strchr(process->selinux_label, '\n'))
		return error_set(err, EINVAL, "selinuxLabel: contains a newline");
	return 0;
}

static int check_deadline(const struct spec_scheduler *scheduler, struct error *err)
{
	uint64_t runtime = scheduler->runtime.value, deadline = scheduler->deadline.value;
	uint64_t period = scheduler->period.value;

	if (scheduler->policy.value != SPEC_SCHEDULER_DEADLINE)
		return runtime || deadline || period ?
			       error_set(err, EINVAL,
					 "runtime, deadline and period: are only for "
					 "SCHED_DEADLINE (remove them)") :
			       0;
	if (!runtime || runtime > deadline || (period && deadline > period))
		return error_set(err, EINVAL,
				 "deadline: wants 0 < runtime <= deadline <= period "
				 "(a period of 0 is the deadline)");
	return 0;
}

/* config.md#linux-process: what the kernel would refuse without a reason, or not look at. */
static int check_scheduler_values(const struct spec_scheduler *scheduler, struct error *err)
{
	int64_t policy = scheduler->policy.value;
	bool is_realtime = policy == SPEC_SCHEDULER_FIFO || policy == SPEC_SCHEDULER_RR;

	if (policy == SPEC_SCHEDULER_ISO)
		return error_set(err, ENOTSUP, "policy: Linux does not implement SCHED_ISO");
	if (is_realtime && !scheduler->priority.value)
		return error_set(err, EINVAL, "priority: wants 1 to 99 for %s",
				 spec_config_scheduler_policy_names[policy]);
	if (!is_realtime && scheduler->priority.value)
		return error_set(err, EINVAL,
				 "priority: is only for SCHED_FIFO and SCHED_RR (remove it)");
	return check_deadline(scheduler, err);
}

static int check_scheduler(const struct spec_process *process, struct error *err)
{
	if (process->scheduler && check_scheduler_values(process->scheduler, err) < 0)
		return error_prefix(err, "scheduler.");
	return 0;
}

/* config.md#linux-process: both are lists of CPUs, and may be empty. */
static int check_affinity(const struct spec_process *process, struct error *err)
{
	const struct spec_exec_cpu_affinity *affinity = process->exec_cpu_affinity;

	if (!affinity)
		return 0;
	if (affinity->initial && number_set_check(affinity->initial, err) < 0)
		return error_prefix(err, "execCPUAffinity.initial: ");
	if (affinity->final && number_set_check(affinity->final, err) < 0)
		return error_prefix(err, "execCPUAffinity.final: ");
	return 0;
}

int spec_config_validate_process(const struct spec_process *process, const char *path,
				 struct error *err)
{
	static int (*const checks[])(const struct spec_process *, struct error *) = {
		check_cwd,    check_args,      check_env,      check_rlimits,
		check_labels, check_scheduler, check_affinity,
	};

	for (size_t i = 0; i < sizeof checks / sizeof *checks; i++) {
		int r = checks[i](process, err);

		if (r < 0)
			return *path ? error_prefix(err, "%s.", path) : r;
	}
	return 0;
}
