/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/namespace_plan.h"

#include <errno.h>
#include <sched.h>
#include <stdio.h>

#include "base/list.h"

static const uint64_t flags[SPEC_NAMESPACE_COUNT] = {
	[SPEC_NAMESPACE_PID] = CLONE_NEWPID,	   [SPEC_NAMESPACE_NETWORK] = CLONE_NEWNET,
	[SPEC_NAMESPACE_MOUNT] = CLONE_NEWNS,	   [SPEC_NAMESPACE_IPC] = CLONE_NEWIPC,
	[SPEC_NAMESPACE_UTS] = CLONE_NEWUTS,	   [SPEC_NAMESPACE_USER] = CLONE_NEWUSER,
	[SPEC_NAMESPACE_CGROUP] = CLONE_NEWCGROUP, [SPEC_NAMESPACE_TIME] = CLONE_NEWTIME,
};

uint64_t namespace_plan_flag(enum spec_namespace_type type)
{
	return flags[type];
}

static int add_join(const struct spec_namespace *namespace, size_t i, struct namespace_plan *plan,
		    struct error *err)
{
	struct namespace_join *join;

	join = list_add(&plan->join);
	if (!join)
		return error_errno(err, ENOMEM, "plan namespaces");
	join->type = flags[namespace->type.value];
	join->path = namespace->path;
	snprintf(join->from, sizeof join->from, "linux.namespaces[%zu]", i);
	return 0;
}

static int add_namespace(const struct spec_namespace *namespace, size_t i,
			 struct namespace_plan *plan, struct error *err)
{
	uint64_t flag = flags[namespace->type.value];

	plan->present |= flag;
	if (namespace->path)
		return add_join(namespace, i, plan, err);
	if (flag & (CLONE_NEWCGROUP | CLONE_NEWTIME))
		plan->unshare |= flag;
	else
		plan->clone |= flag;
	return 0;
}

static void set_offsets(const struct spec_time_offsets *offsets, struct namespace_plan *plan)
{
	if (!offsets || (!offsets->monotonic && !offsets->boottime))
		return;
	plan->time_offsets = true;
	if (offsets->monotonic) {
		plan->monotonic_secs = offsets->monotonic->secs.value;
		plan->monotonic_nanosecs = offsets->monotonic->nanosecs.value;
	}
	if (offsets->boottime) {
		plan->boottime_secs = offsets->boottime->secs.value;
		plan->boottime_nanosecs = offsets->boottime->nanosecs.value;
	}
}

static int add_net_devices(const struct spec_linux *l, const struct host *host,
			   struct namespace_plan *plan, struct error *err)
{
	if (l->net_devices.n && !host->privileged)
		return error_set(err, ENOTSUP,
				 "linux.netDevices: only root can take devices of the host");
	for (size_t i = 0; i < l->net_devices.n; i++) {
		const struct spec_net_device *wanted = &l->net_devices.item[i];
		struct namespace_device *device = list_add(&plan->net_devices);

		if (!device)
			return error_errno(err, ENOMEM, "plan network devices");
		device->name = wanted->key;
		device->new_name = wanted->name ? wanted->name : wanted->key;
	}
	return 0;
}

int namespace_plan_build(const struct spec_config *config, const struct host *host,
			 struct namespace_plan *ret, struct error *err)
{
	const struct spec_linux *l = config->linux_;

	for (size_t i = 0; l && i < l->namespaces.n; i++)
		TRY(add_namespace(&l->namespaces.item[i], i, ret, err));
	if (!host->privileged && !(ret->present & CLONE_NEWUSER))
		return error_set(err, EPERM,
				 "linux.namespaces: without privilege a container needs a user "
				 "namespace (see ctr spec --rootless)");
	ret->loopback_up = ret->clone & CLONE_NEWNET;
	set_offsets(l ? l->time_offsets : NULL, ret);
	return l ? add_net_devices(l, host, ret, err) : 0;
}

void namespace_plan_release(struct namespace_plan *plan)
{
	free(plan->join.item);
	free(plan->net_devices.item);
	*plan = (struct namespace_plan){};
}
