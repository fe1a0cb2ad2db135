/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <string.h>
#include <strings.h>

#include "base/list.h"
#include "plan/process_plan.h"

/* clang-format off */
const char *const capability_plan_names[] = {
	"CAP_CHOWN",		"CAP_DAC_OVERRIDE",	"CAP_DAC_READ_SEARCH",
	"CAP_FOWNER",		"CAP_FSETID",		"CAP_KILL",
	"CAP_SETGID",		"CAP_SETUID",		"CAP_SETPCAP",
	"CAP_LINUX_IMMUTABLE",	"CAP_NET_BIND_SERVICE",	"CAP_NET_BROADCAST",
	"CAP_NET_ADMIN",	"CAP_NET_RAW",		"CAP_IPC_LOCK",
	"CAP_IPC_OWNER",	"CAP_SYS_MODULE",	"CAP_SYS_RAWIO",
	"CAP_SYS_CHROOT",	"CAP_SYS_PTRACE",	"CAP_SYS_PACCT",
	"CAP_SYS_ADMIN",	"CAP_SYS_BOOT",		"CAP_SYS_NICE",
	"CAP_SYS_RESOURCE",	"CAP_SYS_TIME",		"CAP_SYS_TTY_CONFIG",
	"CAP_MKNOD",		"CAP_LEASE",		"CAP_AUDIT_WRITE",
	"CAP_AUDIT_CONTROL",	"CAP_SETFCAP",		"CAP_MAC_OVERRIDE",
	"CAP_MAC_ADMIN",	"CAP_SYSLOG",		"CAP_WAKE_ALARM",
	"CAP_BLOCK_SUSPEND",	"CAP_AUDIT_READ",	"CAP_PERFMON",
	"CAP_BPF",		"CAP_CHECKPOINT_RESTORE",
	NULL,
};
/* clang-format on */

int capability_plan_number(const char *name)
{
	if (!strncasecmp(name, "CAP_", 4))
		name += 4;
	for (int i = 0; capability_plan_names[i]; i++)
		if (!strcasecmp(capability_plan_names[i] + 4, name))
			return i;
	return -1;
}

/* The same unknown name often stands in all five sets: one warning is enough. */
static int add_unknown(struct process_plan *plan, char *name, struct error *err)
{
	char **added;

	for (size_t i = 0; i < plan->unknown_capabilities.n; i++)
		if (!strcmp(plan->unknown_capabilities.item[i], name))
			return 0;
	added = list_add(&plan->unknown_capabilities);
	if (!added)
		return error_errno(err, ENOMEM, "plan capabilities");
	*added = name;
	return 0;
}

static int read_set(char *const *names, size_t n, const struct host *host,
		    struct process_plan *plan, uint64_t *ret, struct error *err)
{
	for (size_t i = 0; i < n; i++) {
		int number = capability_plan_number(names[i]);

		if (number < 0 || number > host->cap_last)
			TRY(add_unknown(plan, names[i], err));
		else
			*ret |= 1ULL << number;
	}
	return 0;
}

int capability_plan_build(const struct spec_capabilities *capabilities, const struct host *host,
			  struct process_plan *ret, struct error *err)
{
	const struct spec_capabilities *c = capabilities;
	struct capability_sets sets = {};
	uint64_t refused;

	if (c) {
		TRY(read_set(c->bounding.item, c->bounding.n, host, ret, &sets.bounding, err));
		TRY(read_set(c->effective.item, c->effective.n, host, ret, &sets.effective, err));
		TRY(read_set(c->permitted.item, c->permitted.n, host, ret, &sets.permitted, err));
		TRY(read_set(c->inheritable.item, c->inheritable.n, host, ret, &sets.inheritable,
			     err));
		TRY(read_set(c->ambient.item, c->ambient.n, host, ret, &sets.ambient, err));
	}
	refused = sets.effective & ~sets.permitted;
	if (refused)
		return error_set(err, EINVAL, "process.capabilities.effective: %s is not permitted",
				 capability_plan_names[__builtin_ctzll(refused)]);
	/* The kernel keeps no other, and older documents of `runc spec` name more. */
	sets.ambient &= sets.permitted & sets.inheritable;
	ret->capabilities = sets;
	return 0;
}
