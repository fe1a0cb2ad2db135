/* SPDX-License-Identifier: Apache-2.0 */
#include "spec/config.h"

#include <string.h>
#include <sys/resource.h>

/* clang-format off */
const char *const spec_config_namespace_names[] = {
	[SPEC_NAMESPACE_PID]     = "pid",
	[SPEC_NAMESPACE_NETWORK] = "network",
	[SPEC_NAMESPACE_MOUNT]   = "mount",
	[SPEC_NAMESPACE_IPC]     = "ipc",
	[SPEC_NAMESPACE_UTS]     = "uts",
	[SPEC_NAMESPACE_USER]    = "user",
	[SPEC_NAMESPACE_CGROUP]  = "cgroup",
	[SPEC_NAMESPACE_TIME]    = "time",
	NULL,
};

const char *const spec_config_device_names[] = {
	[SPEC_DEVICE_ALL]        = "a",
	[SPEC_DEVICE_CHAR]       = "c",
	[SPEC_DEVICE_UNBUFFERED] = "u",
	[SPEC_DEVICE_BLOCK]      = "b",
	[SPEC_DEVICE_FIFO]       = "p",
	NULL,
};

const char *const spec_config_seccomp_action_names[] = {
	[SPEC_SECCOMP_KILL]         = "SCMP_ACT_KILL",
	[SPEC_SECCOMP_KILL_PROCESS] = "SCMP_ACT_KILL_PROCESS",
	[SPEC_SECCOMP_KILL_THREAD]  = "SCMP_ACT_KILL_THREAD",
	[SPEC_SECCOMP_TRAP]         = "SCMP_ACT_TRAP",
	[SPEC_SECCOMP_ERRNO]        = "SCMP_ACT_ERRNO",
	[SPEC_SECCOMP_TRACE]        = "SCMP_ACT_TRACE",
	[SPEC_SECCOMP_ALLOW]        = "SCMP_ACT_ALLOW",
	[SPEC_SECCOMP_LOG]          = "SCMP_ACT_LOG",
	[SPEC_SECCOMP_NOTIFY]       = "SCMP_ACT_NOTIFY",
	NULL,
};

const char *const spec_config_seccomp_operator_names[] = {
	[SPEC_SECCOMP_NE]        = "SCMP_CMP_NE",
	[SPEC_SECCOMP_LT]        = "SCMP_CMP_LT",
	[SPEC_SECCOMP_LE]        = "SCMP_CMP_LE",
	[SPEC_SECCOMP_EQ]        = "SCMP_CMP_EQ",
	[SPEC_SECCOMP_GE]        = "SCMP_CMP_GE",
	[SPEC_SECCOMP_GT]        = "SCMP_CMP_GT",
	[SPEC_SECCOMP_MASKED_EQ] = "SCMP_CMP_MASKED_EQ",
	NULL,
};

const char *const spec_config_seccomp_arch_names[] = {
	"SCMP_ARCH_X86", "SCMP_ARCH_X86_64", "SCMP_ARCH_X32",
	"SCMP_ARCH_ARM", "SCMP_ARCH_AARCH64",
	"SCMP_ARCH_LOONGARCH64", "SCMP_ARCH_M68K",
	"SCMP_ARCH_MIPS", "SCMP_ARCH_MIPS64", "SCMP_ARCH_MIPS64N32",
	"SCMP_ARCH_MIPSEL", "SCMP_ARCH_MIPSEL64", "SCMP_ARCH_MIPSEL64N32",
	"SCMP_ARCH_PPC", "SCMP_ARCH_PPC64", "SCMP_ARCH_PPC64LE",
	"SCMP_ARCH_S390", "SCMP_ARCH_S390X",
	"SCMP_ARCH_SH", "SCMP_ARCH_SHEB",
	"SCMP_ARCH_PARISC", "SCMP_ARCH_PARISC64",
	"SCMP_ARCH_RISCV64",
	NULL,
};

const char *const spec_config_seccomp_flag_names[] = {
	"SECCOMP_FILTER_FLAG_TSYNC",
	"SECCOMP_FILTER_FLAG_LOG",
	"SECCOMP_FILTER_FLAG_SPEC_ALLOW",
	"SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV",
	NULL,
};

const char *const spec_config_propagation_names[] = {
	[SPEC_PROPAGATION_PRIVATE]     = "private",
	[SPEC_PROPAGATION_RPRIVATE]    = "rprivate",
	[SPEC_PROPAGATION_SLAVE]       = "slave",
	[SPEC_PROPAGATION_RSLAVE]      = "rslave",
	[SPEC_PROPAGATION_SHARED]      = "shared",
	[SPEC_PROPAGATION_RSHARED]     = "rshared",
	[SPEC_PROPAGATION_UNBINDABLE]  = "unbindable",
	[SPEC_PROPAGATION_RUNBINDABLE] = "runbindable",
	NULL,
};

const char *const spec_config_rlimit_names[] = {
	[RLIMIT_AS]         = "RLIMIT_AS",
	[RLIMIT_CORE]       = "RLIMIT_CORE",
	[RLIMIT_CPU]        = "RLIMIT_CPU",
	[RLIMIT_DATA]       = "RLIMIT_DATA",
	[RLIMIT_FSIZE]      = "RLIMIT_FSIZE",
	[RLIMIT_LOCKS]      = "RLIMIT_LOCKS",
	[RLIMIT_MEMLOCK]    = "RLIMIT_MEMLOCK",
	[RLIMIT_MSGQUEUE]   = "RLIMIT_MSGQUEUE",
	[RLIMIT_NICE]       = "RLIMIT_NICE",
	[RLIMIT_NOFILE]     = "RLIMIT_NOFILE",
	[RLIMIT_NPROC]      = "RLIMIT_NPROC",
	[RLIMIT_RSS]        = "RLIMIT_RSS",
	[RLIMIT_RTPRIO]     = "RLIMIT_RTPRIO",
	[RLIMIT_RTTIME]     = "RLIMIT_RTTIME",
	[RLIMIT_SIGPENDING] = "RLIMIT_SIGPENDING",
	[RLIMIT_STACK]      = "RLIMIT_STACK",
	[RLIM_NLIMITS]      = NULL,
};

const char *const spec_config_personality_names[] = { "LINUX", "LINUX32", NULL };

const char *const spec_config_scheduler_policy_names[] = {
	[SPEC_SCHEDULER_OTHER]    = "SCHED_OTHER",
	[SPEC_SCHEDULER_FIFO]     = "SCHED_FIFO",
	[SPEC_SCHEDULER_RR]       = "SCHED_RR",
	[SPEC_SCHEDULER_BATCH]    = "SCHED_BATCH",
	[SPEC_SCHEDULER_ISO]      = "SCHED_ISO",
	[SPEC_SCHEDULER_IDLE]     = "SCHED_IDLE",
	[SPEC_SCHEDULER_DEADLINE] = "SCHED_DEADLINE",
	NULL,
};

const char *const spec_config_scheduler_flag_names[] = {
	"SCHED_FLAG_RESET_ON_FORK",
	"SCHED_FLAG_RECLAIM",
	"SCHED_FLAG_DL_OVERRUN",
	"SCHED_FLAG_KEEP_POLICY",
	"SCHED_FLAG_KEEP_PARAMS",
	"SCHED_FLAG_UTIL_CLAMP_MIN",
	"SCHED_FLAG_UTIL_CLAMP_MAX",
	NULL,
};

const char *const spec_config_io_class_names[] = {
	"IOPRIO_CLASS_RT", "IOPRIO_CLASS_BE", "IOPRIO_CLASS_IDLE", NULL,
};

const char *const spec_config_memory_mode_names[] = {
	[SPEC_MEMORY_DEFAULT]             = "MPOL_DEFAULT",
	[SPEC_MEMORY_PREFERRED]           = "MPOL_PREFERRED",
	[SPEC_MEMORY_BIND]                = "MPOL_BIND",
	[SPEC_MEMORY_INTERLEAVE]          = "MPOL_INTERLEAVE",
	[SPEC_MEMORY_LOCAL]               = "MPOL_LOCAL",
	[SPEC_MEMORY_PREFERRED_MANY]      = "MPOL_PREFERRED_MANY",
	[SPEC_MEMORY_WEIGHTED_INTERLEAVE] = "MPOL_WEIGHTED_INTERLEAVE",
	NULL,
};

const char *const spec_config_memory_flag_names[] = {
	[SPEC_MEMORY_NUMA_BALANCING] = "MPOL_F_NUMA_BALANCING",
	[SPEC_MEMORY_RELATIVE_NODES] = "MPOL_F_RELATIVE_NODES",
	[SPEC_MEMORY_STATIC_NODES]   = "MPOL_F_STATIC_NODES",
	NULL,
};

const char *const spec_config_hook_names[] = {
	"prestart", "createRuntime", "createContainer", "startContainer", "poststart", "poststop",
	NULL,
};
/* clang-format on */

struct spec_hook_list spec_config_hook_list(const struct spec_hooks *hooks, size_t i)
{
	const struct spec_hook_list lists[] = {
		{ hooks->prestart.item, hooks->prestart.n },
		{ hooks->create_runtime.item, hooks->create_runtime.n },
		{ hooks->create_container.item, hooks->create_container.n },
		{ hooks->start_container.item, hooks->start_container.n },
		{ hooks->poststart.item, hooks->poststart.n },
		{ hooks->poststop.item, hooks->poststop.n },
	};

	return lists[i];
}

const struct spec_namespace *spec_config_namespace(const struct spec_config *config,
						   enum spec_namespace_type type)
{
	const struct spec_linux *part = config->linux_;

	for (size_t i = 0; part && i < part->namespaces.n; i++)
		if (part->namespaces.item[i].type.value == type)
			return &part->namespaces.item[i];
	return NULL;
}

const char *spec_config_annotation(const struct spec_config *config, const char *key)
{
	for (size_t i = 0; i < config->annotations.n; i++)
		if (strcmp(config->annotations.item[i].key, key) == 0)
			return config->annotations.item[i].value;
	return NULL;
}
