/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The filter of tenants. What separates a tenant is its user namespace: the kernel checks every
 * capability against it. Refused here is what it checks too late or not at all: calls about the
 * host as a whole, and parts of the kernel that are large, seldom needed and often broken.
 */
#include "tenant/tenant_config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "base/list.h"
#include "spec/features.h"

#define NETLINK_AUDIT_ 9

/* clang-format off */
/* Never a tenant's business. */
static const char *const refused[] = {
	"acct", "bpf", "delete_module", "finit_module", "init_module", "ioperm", "iopl",
	"kexec_file_load", "kexec_load", "lookup_dcookie", "nfsservctl", "open_by_handle_at",
	"perf_event_open", "quotactl", "quotactl_fd", "swapoff", "swapon", "syslog", "uselib",
	"userfaultfd", "ustat", "vhangup", "vm86", "vm86old",
	NULL,
};

/* Software looks for these and does without them when they do not exist. */
static const char *const absent[] = {
	"add_key", "keyctl", "request_key", "io_uring_enter", "io_uring_register", "io_uring_setup",
	NULL,
};

/* Programs of these run on the host's kernel; others end at their first call. */
static const char *const architectures[] = {
#if defined(__x86_64__)
	"SCMP_ARCH_X86_64", "SCMP_ARCH_X86", "SCMP_ARCH_X32",
#elif defined(__aarch64__)
	"SCMP_ARCH_AARCH64", "SCMP_ARCH_ARM",
#endif
	NULL,
};
/* clang-format on */

struct argument_rule {
	const char *syscall;
	int errno_;
	struct {
		unsigned index;
		uint64_t value;
	} argument[2];
	size_t n;
};

static const struct argument_rule argument_rules[] = {
	/* The kernel's cipher interface, and the socket of hypervisors: neither has a namespace. */
	{ "socket", EAFNOSUPPORT, { { 0, AF_ALG } }, 1 },
	{ "socket", EAFNOSUPPORT, { { 0, AF_VSOCK } }, 1 },
	/* Audit is the host's; what logs in tenants takes this errno for "not here". */
	{ "socket", EAFNOSUPPORT, { { 0, AF_NETLINK }, { 2, NETLINK_AUDIT_ } }, 2 },
	/* Typing into the terminal of whoever entered the tenant. */
	{ "ioctl", EPERM, { { 1, TIOCSTI } }, 1 },
	{ "ioctl", EPERM, { { 1, TIOCLINUX } }, 1 },
};

static int out_of_memory(struct error *err)
{
	return error_errno(err, ENOMEM, "make a tenant's filter");
}

static struct spec_seccomp_rule *add_rule(struct spec_seccomp *seccomp, const char *const *names,
					  int errno_, struct error *err)
{
	struct spec_seccomp_rule *rule = list_add(&seccomp->syscalls);

	if (!rule) {
		out_of_memory(err);
		return NULL;
	}
	rule->action = (struct optional_int){ true, SPEC_SECCOMP_ERRNO };
	rule->errno_ret = (struct optional_int){ true, errno_ };
	return spec_features_add_words(&rule->names, names, err) < 0 ? NULL : rule;
}

static int add_argument_rule(struct spec_seccomp *seccomp, const struct argument_rule *from,
			     struct error *err)
{
	const char *const names[] = { from->syscall, NULL };
	struct spec_seccomp_rule *rule = add_rule(seccomp, names, from->errno_, err);

	if (!rule)
		return -err->code;
	for (size_t i = 0; i < from->n; i++) {
		struct spec_seccomp_arg *arg = list_add(&rule->args);

		if (!arg)
			return out_of_memory(err);
		arg->index = (struct optional_int){ true, from->argument[i].index };
		arg->value = (struct optional_uint){ true, from->argument[i].value };
		/* int arguments: what stands in the upper half of the register is not looked at. */
		arg->value_two = arg->value;
		arg->value.value = UINT32_MAX;
		arg->op = (struct optional_int){ true, SPEC_SECCOMP_MASKED_EQ };
	}
	return 0;
}

static int add_architecture(struct spec_seccomp *seccomp, const char *name, struct error *err)
{
	int *architecture = list_add(&seccomp->architectures);
	int i = 0;

	if (!architecture)
		return out_of_memory(err);
	while (strcmp(spec_config_seccomp_arch_names[i], name) != 0)
		i++;
	*architecture = i;
	return 0;
}

int tenant_config_seccomp(struct spec_seccomp *ret, struct error *err)
{
	ret->default_action = (struct optional_int){ true, SPEC_SECCOMP_ALLOW };
	for (size_t i = 0; architectures[i]; i++)
		TRY(add_architecture(ret, architectures[i], err));
	if (!add_rule(ret, refused, EPERM, err) || !add_rule(ret, absent, ENOSYS, err))
		return -err->code;
	for (size_t i = 0; i < sizeof argument_rules / sizeof *argument_rules; i++)
		TRY(add_argument_rule(ret, &argument_rules[i], err));
	return 0;
}
