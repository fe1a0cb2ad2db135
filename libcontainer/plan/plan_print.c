/* SPDX-License-Identifier: Apache-2.0 */
#include <linux/seccomp.h>
#include <string.h>

#include "plan/mount_print.h"
#include "plan/plan.h"

/* In double quotes, with what would break the line or the quotes escaped. */
static void print_quoted(const char *text, struct str *out)
{
	str_add(out, " \"");
	for (const char *c = text; *c; c++) {
		if (*c == '"' || *c == '\\')
			str_addf(out, "\\%c", *c);
		else if ((unsigned char)*c < ' ' || *c == 0x7f)
			str_addf(out, "\\x%02x", (unsigned char)*c);
		else
			str_add_n(out, c, 1);
	}
	str_add(out, "\"");
}

static void print_text(const char *name, const char *text, struct str *out)
{
	if (!text)
		return;
	str_add(out, name);
	print_quoted(text, out);
	str_add(out, "\n");
}

static void print_general(const struct plan *plan, struct str *out)
{
	str_addf(out, "id %s\n", plan->id);
	if (plan->rootfs)
		str_addf(out, "rootfs %s%s\n", plan->rootfs, plan->no_pivot ? " no-pivot" : "");
	str_addf(out, "keyring %s\n", plan->new_keyring ? "new" : "inherited");
	if (plan->preserve_fds)
		str_addf(out, "preserve-fds %d\n", plan->preserve_fds);
	print_text("hostname", plan->hostname, out);
	print_text("domainname", plan->domainname, out);
}

static void print_types(const char *title, uint64_t types, struct str *out)
{
	if (!types)
		return;
	str_addf(out, "  %s", title);
	for (int type = 0; type < SPEC_NAMESPACE_COUNT; type++)
		if (types & namespace_plan_flag(type))
			str_addf(out, " %s", spec_config_namespace_names[type]);
	str_add(out, "\n");
}

static void print_namespaces(const struct namespace_plan *plan, struct str *out)
{
	str_add(out, "\nnamespaces\n");
	print_types("present", plan->present, out);
	print_types("clone", plan->clone, out);
	print_types("unshare", plan->unshare, out);
	print_types("enter late", plan->late, out);
	for (size_t i = 0; i < plan->join.n; i++) {
		const struct namespace_join *join = &plan->join.item[i];

		for (int type = 0; type < SPEC_NAMESPACE_COUNT; type++)
			if (join->type == namespace_plan_flag(type))
				str_addf(out, "  join %s %s  # %s\n",
					 spec_config_namespace_names[type], join->path, join->from);
	}
	if (plan->time_offsets)
		str_addf(out, "  time monotonic %lld.%09lld boottime %lld.%09lld\n",
			 (long long)plan->monotonic_secs, (long long)plan->monotonic_nanosecs,
			 (long long)plan->boottime_secs, (long long)plan->boottime_nanosecs);
	if (plan->loopback_up)
		str_add(out, "  loopback up\n");
	for (size_t i = 0; i < plan->net_devices.n; i++) {
		const struct namespace_device *device = &plan->net_devices.item[i];

		str_addf(out, "  net device %s <- %s  # linux.netDevices['%s']\n", device->new_name,
			 device->name, device->name);
	}
}

static void print_ranges(const char *name, const struct idmap_range *ranges, size_t n,
			 struct str *out)
{
	for (size_t i = 0; i < n; i++)
		str_addf(out, "  %s %u <- %u size %u  # linux.%sMappings[%zu]\n", name,
			 ranges[i].container_id, ranges[i].host_id, ranges[i].size, name, i);
}

static void print_idmap(const struct idmap_plan *plan, struct str *out)
{
	static const char *const methods[] = { "joined", "direct", "self", "helper" };

	if (plan->method == IDMAP_NONE && !plan->uids.n)
		return;
	str_addf(out, "\nids %s%s\n", methods[plan->method],
		 plan->deny_setgroups ? " deny-setgroups" : "");
	print_ranges("uid", plan->uids.item, plan->uids.n, out);
	print_ranges("gid", plan->gids.item, plan->gids.n, out);
}

/* FNV-1a: shows that a program has changed, without a page of instructions. */
static unsigned checksum(const void *data, size_t len)
{
	const unsigned char *byte = data;
	unsigned sum = 2166136261u;

	for (size_t i = 0; i < len; i++)
		sum = (sum ^ byte[i]) * 16777619u;
	return sum;
}

static void print_controllers(unsigned controllers, struct str *out)
{
	if (!controllers)
		return;
	str_add(out, "  controllers");
	for (int i = 0; host_controller_names[i]; i++)
		if (controllers & 1u << i)
			str_addf(out, " %s", host_controller_names[i]);
	str_add(out, "\n");
}

static void print_unit(const struct unit_plan *unit, struct str *out)
{
	if (!unit->name)
		return;
	str_addf(out, "  unit %s of the %s manager\n", unit->name,
		 unit->user ? "user's" : "system's");
	for (size_t i = 0; i < unit->properties.n; i++) {
		const struct systemd_property *property = &unit->properties.item[i];

		str_addf(out, "    %s = %s", property->name, property->value);
		if (property->since.set)
			str_addf(out, "  # from systemd %d on", (int)property->since.value);
		str_add(out, "\n");
	}
}

void plan_print_cgroup(const struct cgroup_plan *plan, struct str *out)
{
	static const char *const managers[] = { "cgroupfs", "systemd", "disabled" };

	if (plan->path || plan->writes.n || plan->device_filter)
		str_addf(out, "\ncgroup %s %s%s\n", managers[plan->manager],
			 plan->path ? plan->path : "none", plan->best_effort ? " best-effort" : "");
	if (plan->delegate)
		str_addf(out, "  owner %u:%u\n", plan->owner_uid, plan->owner_gid);
	print_unit(&plan->unit, out);
	print_controllers(plan->controllers, out);
	for (size_t i = 0; i < plan->writes.n; i++) {
		const struct cgroup_write *write = &plan->writes.item[i];

		str_addf(out, "  %s%s =", write->file, write->may_be_missing ? " (if any)" : "");
		print_quoted(write->value, out);
		str_addf(out, "  # %s\n", write->from);
	}
	if (plan->device_filter)
		str_addf(out, "  device program: %zu instructions, checksum %08x\n",
			 plan->device_program.n,
			 checksum(plan->device_program.item,
				  plan->device_program.n * sizeof *plan->device_program.item));
}

static void print_sysctls(const struct sysctl_plan *plan, struct str *out)
{
	if (plan->writes.n)
		str_add(out, "\nsysctls\n");
	for (size_t i = 0; i < plan->writes.n; i++) {
		str_addf(out, "  %s =", plan->writes.item[i].path);
		print_quoted(plan->writes.item[i].value, out);
		str_addf(out, "  # %s\n", plan->writes.item[i].from);
	}
}

static void print_set(const char *name, uint64_t set, struct str *out)
{
	str_addf(out, "  capabilities %s", name);
	for (int i = 0; capability_plan_names[i]; i++)
		if (set & UINT64_C(1) << i)
			str_addf(out, " %s", capability_plan_names[i]);
	str_add(out, set ? "\n" : " none\n");
}

static void print_limit(const char *end, rlim_t value, struct str *out)
{
	if (value == RLIM_INFINITY)
		str_addf(out, " %s unlimited", end);
	else
		str_addf(out, " %s %llu", end, (unsigned long long)value);
}

static void print_identity(const struct process_plan *plan, struct str *out)
{
	str_addf(out, "  user %u:%u\n  groups", plan->uid, plan->gid);
	if (plan->groups_mode == PROCESS_GROUPS_KEEP)
		str_add(out, " kept");
	else if (!plan->groups.n)
		str_add(out, " none");
	for (size_t i = 0; i < plan->groups.n; i++)
		str_addf(out, " %u", plan->groups.item[i]);
	str_addf(out, "\n  umask %04o\n", (unsigned)plan->umask);
	for (size_t i = 0; i < plan->limits.n; i++) {
		const struct process_limit *limit = &plan->limits.item[i];

		str_addf(out, "  limit %s", spec_config_rlimit_names[limit->resource]);
		print_limit("soft", limit->limit.rlim_cur, out);
		print_limit("hard", limit->limit.rlim_max, out);
		str_add(out, "\n");
	}
	print_set("bounding", plan->capabilities.bounding, out);
	print_set("permitted", plan->capabilities.permitted, out);
	print_set("effective", plan->capabilities.effective, out);
	print_set("inheritable", plan->capabilities.inheritable, out);
	print_set("ambient", plan->capabilities.ambient, out);
	for (size_t i = 0; i < plan->unknown_capabilities.n; i++)
		print_text("  unknown capability", plan->unknown_capabilities.item[i], out);
}

static void print_process(const struct process_plan *plan, struct str *out)
{
	str_add(out, plan->present ? "\nprocess\n" : "\nprocess none\n");
	if (!plan->present)
		return;
	str_add(out, "  args");
	for (size_t i = 0; i < plan->args.n; i++)
		print_quoted(plan->args.item[i], out);
	str_add(out, "\n");
	for (size_t i = 0; i < plan->env.n; i++)
		print_text("  env", plan->env.item[i], out);
	if (plan->add_home)
		str_add(out, "  env HOME from the root filesystem\n");
	print_text("  cwd", plan->cwd, out);
	if (plan->terminal)
		str_addf(out, "  terminal %u rows %u columns\n", plan->rows, plan->columns);
	print_identity(plan, out);
	if (plan->no_new_privileges)
		str_add(out, "  no-new-privileges\n");
	if (plan->oom_score_adj_set)
		str_addf(out, "  oom-score-adj %d\n", plan->oom_score_adj);
	print_text("  apparmor", plan->apparmor_profile, out);
	print_text("  selinux", plan->selinux_label, out);
	if (plan->personality_set)
		str_addf(out, "  personality 0x%lx\n", plan->personality);
}

static void print_action(uint32_t action, struct str *out)
{
	static const struct {
		uint32_t action;
		const char *name;
		bool data;
	} actions[] = {
		{ SECCOMP_RET_KILL_PROCESS, "kill-process", false },
		{ SECCOMP_RET_KILL_THREAD, "kill-thread", false },
		{ SECCOMP_RET_TRAP, "trap", false },
		{ SECCOMP_RET_ERRNO, "errno", true },
		{ SECCOMP_RET_USER_NOTIF, "notify", false },
		{ SECCOMP_RET_TRACE, "trace", true },
		{ SECCOMP_RET_LOG, "log", false },
		{ SECCOMP_RET_ALLOW, "allow", false },
	};

	for (size_t i = 0; i < sizeof actions / sizeof *actions; i++) {
		if (actions[i].action != (action & SECCOMP_RET_ACTION_FULL))
			continue;
		str_addf(out, " %s", actions[i].name);
		if (actions[i].data)
			str_addf(out, "(%u)", (unsigned)(action & SECCOMP_RET_DATA));
	}
}

static void print_rule(const struct seccomp_rule *rule, struct str *out)
{
	static const char *const operators[] = { "!=", "<", "<=", "==", ">=", ">", "&" };
	const struct spec_seccomp_rule *r = rule->rule;

	str_add(out, " ");
	print_action(rule->action, out);
	for (size_t i = 0; i < r->names.n; i++)
		str_addf(out, " %s", r->names.item[i]);
	for (size_t i = 0; i < r->args.n; i++) {
		const struct spec_seccomp_arg *arg = &r->args.item[i];

		str_addf(out, " [arg%lld %s 0x%llx", (long long)arg->index.value,
			 operators[arg->op.value], (unsigned long long)arg->value.value);
		if (arg->op.value == SPEC_SECCOMP_MASKED_EQ)
			str_addf(out, " == 0x%llx", (unsigned long long)arg->value_two.value);
		str_add(out, "]");
	}
	str_add(out, "\n");
}

static void print_seccomp(const struct seccomp_plan *plan, struct str *out)
{
	if (!plan->present)
		return;
	str_add(out, "\nseccomp\n  default");
	print_action(plan->default_action, out);
	str_addf(out, "%s%s\n", plan->enosys ? " enosys-for-newer" : "",
		 plan->notify ? " notify" : "");
	str_add(out, "  architectures");
	for (size_t i = 0; i < plan->architectures.n; i++)
		str_addf(out, " %s", spec_config_seccomp_arch_names[plan->architectures.item[i]]);
	str_addf(out, "\n  load flags 0x%x\n", plan->load_flags);
	print_text("  listener", plan->listener_path, out);
	print_text("  listener metadata", plan->listener_metadata, out);
	if (plan->key)
		str_addf(out, "  key %zu bytes, checksum %08x\n", strlen(plan->key),
			 checksum(plan->key, strlen(plan->key)));
	for (size_t i = 0; i < plan->rules.n; i++)
		print_rule(&plan->rules.item[i], out);
}

static void print_hook(const char *name, const struct spec_hook *hook, struct str *out)
{
	str_addf(out, "  %s %s", name, hook->path);
	for (size_t i = 0; i < hook->args.n; i++)
		print_quoted(hook->args.item[i], out);
	if (hook->env.n)
		str_add(out, " env");
	for (size_t i = 0; i < hook->env.n; i++)
		print_quoted(hook->env.item[i], out);
	if (hook->timeout.set)
		str_addf(out, " timeout %llds", (long long)hook->timeout.value);
	str_add(out, "\n");
}

static void print_hooks(const struct spec_hooks *hooks, struct str *out)
{
	str_add(out, "\nhooks\n");
	for (size_t i = 0; spec_config_hook_names[i]; i++) {
		const struct spec_hook_list list = spec_config_hook_list(hooks, i);

		for (size_t k = 0; k < list.n; k++)
			print_hook(spec_config_hook_names[i], &list.item[k], out);
	}
}

int plan_print(const struct plan *plan, char **ret, struct error *err)
{
	cleanup_str struct str out = {};

	print_general(plan, &out);
	print_namespaces(&plan->namespaces, &out);
	print_idmap(&plan->idmap, &out);
	rootfs_plan_print(&plan->layers, &plan->mounts, &out);
	mount_print(&plan->mounts, &out);
	plan_print_cgroup(&plan->cgroup, &out);
	print_sysctls(&plan->sysctls, &out);
	print_process(&plan->process, &out);
	scheduler_plan_print(&plan->scheduler, &out);
	rdt_plan_print(&plan->rdt, &out);
	print_seccomp(&plan->seccomp, &out);
	if (plan->hooks)
		print_hooks(plan->hooks, &out);
	return str_steal(&out, ret, err);
}
