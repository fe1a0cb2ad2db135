/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/update_plan.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "plan/resource_plan.h"
#include "plan/update_merge.h"

#define PERIOD_DEFAULT 100000 /* microseconds, the kernel's */

static bool is_given(const struct optional_int *number)
{
	return number->set && number->value;
}

/* What the request says of memory, with the half that its files need besides. */
static struct spec_memory memory_to_write(const struct spec_memory *asked,
					  const struct spec_memory *result)
{
	struct spec_memory ret = *asked;

	if (is_given(&asked->limit) || is_given(&asked->swap)) {
		ret.limit = result->limit;
		ret.swap = result->swap;
	}
	if (!is_given(&asked->reservation))
		ret.reservation.set = false;
	/* 0 is what engines write that do not mean it. */
	if (!asked->swappiness.value)
		ret.swappiness.set = false;
	return ret;
}

static struct spec_cpu cpu_to_write(const struct spec_cpu *asked, const struct spec_cpu *former,
				    const struct spec_cpu *result)
{
	bool was_idle = former && former->idle.set && former->idle.value;
	struct spec_cpu ret = *asked;

	/* A group that is no longer idle has the kernel's weight: give it back its own. */
	if (was_idle && asked->idle.set)
		ret.shares = result->shares;
	/* And one that stays idle has none: its shares are for later. */
	if (was_idle && !asked->idle.set && asked->shares.value)
		ret.idle = result->idle;
	if (!asked->quota.value && !asked->period.value) {
		ret.quota.set = ret.period.set = false;
		return ret;
	}
	ret.quota = result->quota;
	ret.period = result->period;
	if (!ret.period.value)
		ret.period = (struct optional_uint){ true, PERIOD_DEFAULT };
	if (result->burst.value)
		ret.burst = result->burst;
	return ret;
}

/*
 * The kernel refuses a quota below the burst in force and a burst above the quota in force: where
 * the quota shrinks below the former burst, the burst goes first.
 */
static void order_burst(struct cgroup_plan *plan, const struct spec_cpu *former,
			const struct spec_cpu *result)
{
	struct cgroup_write *quota = NULL, *burst = NULL, swap;

	if (!former || !former->burst.value || result->quota.value <= 0 ||
	    former->burst.value <= (uint64_t)result->quota.value)
		return;
	for (size_t i = 0; i < plan->writes.n; i++) {
		if (!strcmp(plan->writes.item[i].file, "cpu.max"))
			quota = &plan->writes.item[i];
		if (!strcmp(plan->writes.item[i].file, "cpu.max.burst"))
			burst = &plan->writes.item[i];
	}
	if (!quota || !burst)
		return;
	swap = *quota;
	*quota = *burst;
	*burst = swap;
}

/* config-linux.md#memory: checkBeforeUpdate */
static int check_usage(const struct spec_memory *memory, const struct update_facts *facts,
		       struct error *err)
{
	uint64_t used = facts->memory.value;
	uint64_t used_with_swap = used + facts->swap.value;

	if (!memory->check_before_update || !facts->memory.set)
		return 0;
	if (memory->limit.value > 0 && (uint64_t)memory->limit.value < used)
		return error_set(err, EBUSY,
				 "linux.resources.memory.limit: %" PRId64
				 " is less than the %" PRIu64
				 " bytes in use, and checkBeforeUpdate is set",
				 memory->limit.value, used);
	if (memory->swap.value > 0 && (uint64_t)memory->swap.value < used_with_swap)
		return error_set(err, EBUSY,
				 "linux.resources.memory.swap: %" PRId64
				 " is less than the %" PRIu64
				 " bytes in use, and checkBeforeUpdate is set",
				 memory->swap.value, used_with_swap);
	return 0;
}

static bool same_text(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

static bool same_number(const struct optional_int *a, const struct optional_int *b)
{
	return a->set == b->set && a->value == b->value;
}

static bool same_rule(const struct spec_device_rule *a, const struct spec_device_rule *b)
{
	return a->allow.value == b->allow.value && same_number(&a->type, &b->type) &&
	       same_number(&a->major, &b->major) && same_number(&a->minor, &b->minor) &&
	       same_text(a->access, b->access);
}

/*
 * Engines repeat the rules of the config with every update. Then the program is left alone: it
 * may have been changed since by somebody who hands out devices.
 */
static bool devices_change(const struct spec_resources *former, const struct spec_resources *asked)
{
	if (!asked->devices.n)
		return false;
	if (!former || former->devices.n != asked->devices.n)
		return true;
	for (size_t i = 0; i < asked->devices.n; i++)
		if (!same_rule(&former->devices.item[i], &asked->devices.item[i]))
			return true;
	return false;
}

static int build_devices(const struct update_request *request, const struct host *host,
			 struct update_plan *ret, struct error *err)
{
	const struct spec_resources *former = request->former, *asked = request->request;
	struct device_rules before = {};

	if (!devices_change(former, asked))
		return 0;
	if (!request->path)
		return error_set(err, ENOTSUP,
				 "linux.resources.devices: the container has no cgroup");
	if (former)
		before = (struct device_rules){ former->devices.item, former->devices.n };
	ret->former.path = strdup(request->path);
	if (!ret->former.path)
		return error_errno(err, ENOMEM, "plan device rules");
	TRY(cgroup_plan_build_devices(request->config, before, host, &ret->former, err));
	return cgroup_plan_build_devices(
		request->config, (struct device_rules){ asked->devices.item, asked->devices.n },
		host, &ret->cgroup, err);
}

/* The unit's properties are those of what is written; see unit_property_build. */
static int name_unit(const struct update_request *request, struct cgroup_plan *ret,
		     struct error *err)
{
	if (!request->unit)
		return 0;
	ret->unit.user = request->user;
	return str_printf(&ret->unit.name, err, "%s", request->unit);
}

int update_plan_build(const struct update_request *request, const struct host *host,
		      struct update_plan *ret, struct error *err)
{
	const struct spec_resources *asked = request->request;
	struct spec_resources to_write = *asked;
	struct spec_memory memory;
	struct spec_cpu cpu;

	ret->cgroup.manager = request->manager;
	if (request->path) {
		ret->cgroup.path = strdup(request->path);
		if (!ret->cgroup.path)
			return error_errno(err, ENOMEM, "plan update");
	}
	TRY(name_unit(request, &ret->cgroup, err));
	TRY(name_unit(request, &ret->former, err));
	TRY(update_merge(request->former, asked, ret, err));
	if (asked->memory) {
		memory = memory_to_write(asked->memory, &ret->memory);
		memory.check_before_update = ret->memory.check_before_update;
		TRY(check_usage(&memory, &request->facts, err));
		to_write.memory = &memory;
	}
	if (asked->cpu) {
		const struct spec_cpu *former = request->former ? request->former->cpu : NULL;

		cpu = cpu_to_write(asked->cpu, former, &ret->cpu);
		to_write.cpu = &cpu;
	}
	if (asked->pids && !asked->pids->limit.value)
		to_write.pids = NULL;
	TRY(resource_plan_build(&to_write, host, &ret->cgroup, err));
	if (asked->cpu)
		order_burst(&ret->cgroup, request->former ? request->former->cpu : NULL, &ret->cpu);
	if (request->unit)
		TRY(unit_property_build(&ret->cgroup, &ret->cgroup.unit, err));
	return build_devices(request, host, ret, err);
}

void update_plan_release(struct update_plan *plan)
{
	cgroup_plan_release(&plan->cgroup);
	cgroup_plan_release(&plan->former);
	update_merge_release(plan);
	*plan = (struct update_plan){};
}
