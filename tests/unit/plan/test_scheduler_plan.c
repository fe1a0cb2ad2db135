/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <linux/ioprio.h>
#include <linux/mempolicy.h>
#include <sched.h>

#include "fixture.h"

struct result {
	struct spec_config config;
	struct scheduler_plan plan;
	struct error err;
	int r;
};

static struct result planned(const char *process, const char *more, bool exec)
{
	struct result result = {};
	char text[1024];

	snprintf(text, sizeof text,
		 "{'ociVersion':'1.2.0','root':{'path':'rootfs'},'process':{'args':['a'],"
		 "'cwd':'/'%s}%s}",
		 process, more);
	result.config = fixture_config(text);
	result.r = scheduler_plan_build(&result.config, result.config.process, exec, &result.plan,
					&result.err);
	return result;
}

static void release(struct result *result)
{
	scheduler_plan_release(&result->plan);
	fixture_release(&result->config);
}

Test(scheduler_plan, policies_have_the_kernels_numbers)
{
	static const struct {
		const char *name;
		uint32_t number;
	} rows[] = {
		{ "SCHED_OTHER", SCHED_OTHER }, { "SCHED_FIFO", SCHED_FIFO },
		{ "SCHED_RR", SCHED_RR },	{ "SCHED_BATCH", SCHED_BATCH },
		{ "SCHED_IDLE", SCHED_IDLE },	{ "SCHED_DEADLINE", 6 },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char text[80];
		struct result result;

		snprintf(text, sizeof text, ",'scheduler':{'policy':'%s'}", rows[i].name);
		result = planned(text, "", false);
		cr_expect(result.plan.present);
		cr_expect_eq(result.plan.policy, rows[i].number, "%s", rows[i].name);
		release(&result);
	}
}

Test(scheduler_plan, flags_are_the_kernels_bits)
{
	struct result result = planned(",'scheduler':{'policy':'SCHED_OTHER','nice':-5,'flags':["
				       "'SCHED_FLAG_RESET_ON_FORK','SCHED_FLAG_UTIL_CLAMP_MAX',"
				       "'SCHED_FLAG_KEEP_POLICY']}",
				       "", false);

	cr_expect_eq(result.plan.flags, 0x01 | 0x40 | 0x08);
	cr_expect_eq(result.plan.nice, -5);
	release(&result);
}

Test(scheduler_plan, io_classes_and_levels_are_packed_as_the_kernel_does)
{
	struct result result =
		planned(",'ioPriority':{'class':'IOPRIO_CLASS_IDLE','priority':3}", "", false);

	cr_expect_eq(result.plan.io_priority, IOPRIO_PRIO_VALUE(IOPRIO_CLASS_IDLE, 3));
	release(&result);
}

Test(scheduler_plan, a_deadline_process_cannot_start_hooks)
{
	static const char hooks[] = ",'hooks':{'startContainer':[{'path':'/a'}]}";
	struct result result = planned(
		",'scheduler':{'policy':'SCHED_DEADLINE','runtime':1,'deadline':2}", hooks, false);

	cr_expect_eq(result.r, -EINVAL);
	cr_expect_not_null(strstr(result.err.text, "SCHED_FLAG_RESET_ON_FORK"), "%s",
			   result.err.text);
	release(&result);
	result = planned(",'scheduler':{'policy':'SCHED_DEADLINE','runtime':1,'deadline':2,"
			 "'flags':['SCHED_FLAG_RESET_ON_FORK']}",
			 hooks, false);
	cr_expect_eq(result.r, 0, "%s", result.err.text);
	release(&result);
}

Test(scheduler_plan, affinity_is_for_exec_alone)
{
	static const char affinity[] = ",'execCPUAffinity':{'initial':'0','final':'1,3'}";
	struct result result = planned(affinity, "", false);

	cr_expect_eq(result.plan.initial_cpus.n, 0);
	cr_expect_eq(result.plan.cpus.n, 0);
	cr_expect_not(result.plan.all_cpus);
	release(&result);
	result = planned(affinity, "", true);
	cr_expect(number_set_has(&result.plan.initial_cpus, 0));
	cr_expect(number_set_has(&result.plan.cpus, 3));
	cr_expect_not(result.plan.all_cpus, "final says which");
	release(&result);
}

Test(scheduler_plan, the_initial_affinity_does_not_stay)
{
	struct result result = planned(",'execCPUAffinity':{'initial':'0','final':''}", "", true);

	cr_expect(result.plan.all_cpus);
	release(&result);
}

Test(scheduler_plan, the_cgroups_cpus_are_the_containers_not_the_callers)
{
	static const char cpus[] = ",'linux':{'resources':{'cpu':{'cpus':'0-1'}}}";
	struct result result = planned("", cpus, false);

	cr_expect(result.plan.all_cpus);
	release(&result);
	result = planned("", cpus, true);
	cr_expect(result.plan.all_cpus);
	release(&result);
	result = planned("", ",'linux':{'resources':{'cpu':{'cpus':''}}}", false);
	cr_expect_not(result.plan.all_cpus, "nothing is said, nothing is done");
	release(&result);
}

Test(scheduler_plan, memory_modes_and_flags_have_the_kernels_numbers)
{
	static const struct {
		const char *mode;
		int number;
	} rows[] = {
		{ "MPOL_DEFAULT", MPOL_DEFAULT },  { "MPOL_PREFERRED", MPOL_PREFERRED },
		{ "MPOL_BIND", MPOL_BIND },	   { "MPOL_INTERLEAVE", MPOL_INTERLEAVE },
		{ "MPOL_LOCAL", MPOL_LOCAL },	   { "MPOL_PREFERRED_MANY", MPOL_PREFERRED_MANY },
		{ "MPOL_WEIGHTED_INTERLEAVE", 6 },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char text[160];
		struct result result;

		snprintf(text, sizeof text,
			 ",'linux':{'memoryPolicy':{'mode':'%s','flags':['MPOL_F_NUMA_BALANCING',"
			 "'MPOL_F_STATIC_NODES']}}",
			 rows[i].mode);
		result = planned("", text, true);
		cr_expect_eq(result.plan.memory_mode,
			     rows[i].number | MPOL_F_NUMA_BALANCING | MPOL_F_STATIC_NODES, "%s",
			     rows[i].mode);
		release(&result);
	}
}

Test(scheduler_plan, nothing_asked_for_is_nothing_planned)
{
	struct result result = planned("", "", true);
	struct str out = {};

	scheduler_plan_print(&result.plan, &out);
	cr_expect_null(out.text);
	release(&result);
}
