/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The runtime-spec's config.json as typed data (config.md, config-linux.md,
 * version 1.3). Member names are the spec's, in snake_case. A document is plain
 * data: no function here touches the system.
 *
 * Optional objects are pointers (NULL absent); optional scalars are optional_*;
 * lists and strings are absent when empty or NULL.
 */
#pragma once

#include "base/error.h"
#include "base/json.h"

#define SPEC_VERSION	 "1.3.0" /* the newest runtime-spec that ctr knows */
#define SPEC_VERSION_MIN "1.0.0"

enum spec_namespace_type {
	SPEC_NAMESPACE_PID,
	SPEC_NAMESPACE_NETWORK,
	SPEC_NAMESPACE_MOUNT,
	SPEC_NAMESPACE_IPC,
	SPEC_NAMESPACE_UTS,
	SPEC_NAMESPACE_USER,
	SPEC_NAMESPACE_CGROUP,
	SPEC_NAMESPACE_TIME,
	SPEC_NAMESPACE_COUNT,
};

enum spec_device_type { /* linux.devices[].type and the rules' "a" */
			SPEC_DEVICE_ALL,
			SPEC_DEVICE_CHAR,
			SPEC_DEVICE_UNBUFFERED, /* "u", a character device to Linux */
			SPEC_DEVICE_BLOCK,
			SPEC_DEVICE_FIFO,
};

enum spec_seccomp_action {
	SPEC_SECCOMP_KILL,
	SPEC_SECCOMP_KILL_PROCESS,
	SPEC_SECCOMP_KILL_THREAD,
	SPEC_SECCOMP_TRAP,
	SPEC_SECCOMP_ERRNO,
	SPEC_SECCOMP_TRACE,
	SPEC_SECCOMP_ALLOW,
	SPEC_SECCOMP_LOG,
	SPEC_SECCOMP_NOTIFY,
};

enum spec_seccomp_operator {
	SPEC_SECCOMP_NE,
	SPEC_SECCOMP_LT,
	SPEC_SECCOMP_LE,
	SPEC_SECCOMP_EQ,
	SPEC_SECCOMP_GE,
	SPEC_SECCOMP_GT,
	SPEC_SECCOMP_MASKED_EQ,
};

enum spec_propagation {
	SPEC_PROPAGATION_PRIVATE,
	SPEC_PROPAGATION_RPRIVATE,
	SPEC_PROPAGATION_SLAVE,
	SPEC_PROPAGATION_RSLAVE,
	SPEC_PROPAGATION_SHARED,
	SPEC_PROPAGATION_RSHARED,
	SPEC_PROPAGATION_UNBINDABLE,
	SPEC_PROPAGATION_RUNBINDABLE,
};

enum spec_scheduler_policy { /* the kernel's numbers (sched(7)) */
			     SPEC_SCHEDULER_OTHER,
			     SPEC_SCHEDULER_FIFO,
			     SPEC_SCHEDULER_RR,
			     SPEC_SCHEDULER_BATCH,
			     SPEC_SCHEDULER_ISO,
			     SPEC_SCHEDULER_IDLE,
			     SPEC_SCHEDULER_DEADLINE,
};

enum spec_memory_mode { /* the kernel's numbers (set_mempolicy(2)) */
			SPEC_MEMORY_DEFAULT,
			SPEC_MEMORY_PREFERRED,
			SPEC_MEMORY_BIND,
			SPEC_MEMORY_INTERLEAVE,
			SPEC_MEMORY_LOCAL,
			SPEC_MEMORY_PREFERRED_MANY,
			SPEC_MEMORY_WEIGHTED_INTERLEAVE,
};

enum spec_memory_flag {
	SPEC_MEMORY_NUMA_BALANCING,
	SPEC_MEMORY_RELATIVE_NODES,
	SPEC_MEMORY_STATIC_NODES,
};

/* The words of the enums above, NULL-terminated; features prints the same arrays. */
extern const char *const spec_config_namespace_names[];
extern const char *const spec_config_device_names[]; /* "a" "c" "u" "b" "p" */
extern const char *const spec_config_seccomp_action_names[];
extern const char *const spec_config_seccomp_operator_names[];
extern const char *const spec_config_seccomp_arch_names[];
extern const char *const spec_config_seccomp_flag_names[];
extern const char *const spec_config_propagation_names[];
extern const char *const spec_config_rlimit_names[];	  /* index is the RLIMIT_* number */
extern const char *const spec_config_personality_names[]; /* LINUX LINUX32 */
extern const char *const spec_config_scheduler_policy_names[];
extern const char *const spec_config_scheduler_flag_names[]; /* bit n of sched_flags */
extern const char *const spec_config_io_class_names[]; /* IOPRIO_CLASS_RT, which is 1, first */
extern const char *const spec_config_memory_mode_names[];
extern const char *const spec_config_memory_flag_names[];
extern const char *const spec_config_hook_names[]; /* "prestart" ... "poststop" */

struct spec_root {
	char *path;
	bool readonly;
};

struct spec_mapping {
	struct optional_int container_id, host_id; /* ids */
	struct optional_int size;		   /* 1..2^32-1 */
};

struct spec_mount {
	char *destination;
	char *type;
	char *source;
	LIST_OF(char *) options;
	LIST_OF(struct spec_mapping) uid_mappings, gid_mappings;
};

struct spec_console_size {
	struct optional_int height, width; /* 0..65535 */
};

struct spec_user {
	struct optional_int uid, gid, umask;
	LIST_OF(int64_t) additional_gids;
};

struct spec_rlimit {
	struct optional_int type; /* RLIMIT_*, index of spec_config_rlimit_names */
	struct optional_uint soft, hard;
};

struct spec_capabilities { /* names, with or without CAP_; unknown ones warn */
	LIST_OF(char *) bounding, effective, inheritable, permitted, ambient;
};

struct spec_scheduler { /* sched_setattr(2) */
	struct optional_int policy, nice, priority;
	LIST_OF(int) flags; /* indexes of spec_config_scheduler_flag_names */
	struct optional_uint runtime, deadline, period; /* nanoseconds */
};

struct spec_io_priority {		     /* ioprio_set(2) */
	struct optional_int class, priority; /* 0 (highest) to 7 */
};

struct spec_exec_cpu_affinity { /* lists such as "0-3,7" */
	char *initial, *final;
};

struct spec_process {
	bool terminal;
	struct spec_console_size *console_size;
	struct spec_user *user;
	LIST_OF(char *) args;
	LIST_OF(char *) env;
	char *cwd;
	struct spec_capabilities *capabilities;
	LIST_OF(struct spec_rlimit) rlimits;
	bool no_new_privileges;
	char *apparmor_profile;
	char *selinux_label;
	struct optional_int oom_score_adj; /* -1000..1000 */
	struct spec_scheduler *scheduler;
	struct spec_io_priority *io_priority;
	struct spec_exec_cpu_affinity *exec_cpu_affinity;
};

struct spec_hook {
	char *path;
	LIST_OF(char *) args;
	LIST_OF(char *) env;
	struct optional_int timeout; /* seconds, > 0 */
};

struct spec_hooks {
	LIST_OF(struct spec_hook)
	prestart, create_runtime, create_container, start_container, poststart, poststop;
};

struct spec_namespace {
	struct optional_int type; /* enum spec_namespace_type */
	char *path;
};

struct spec_device { /* linux.devices[] */
	struct optional_int type;
	char *path;
	struct optional_int major, minor;
	struct optional_int file_mode; /* 0..07777 */
	struct optional_int uid, gid;
};

struct spec_device_rule { /* linux.resources.devices[] */
	struct optional_bool allow;
	struct optional_int type;
	struct optional_int major, minor; /* -1 or absent: all */
	char *access;			  /* of r, w, m */
};

struct spec_memory {
	struct optional_int limit, reservation, swap, kernel, kernel_tcp; /* bytes, -1 unlimited */
	struct optional_uint swappiness;
	bool disable_oom_killer, use_hierarchy, check_before_update;
};

struct spec_cpu {
	struct optional_uint shares;
	struct optional_int quota; /* microseconds a period; <= 0 unlimited */
	struct optional_uint burst, period;
	struct optional_int realtime_runtime;
	struct optional_uint realtime_period;
	char *cpus;
	char *mems;
	struct optional_int idle; /* 0, 1 */
};

struct spec_weight_device {
	struct optional_int major, minor, weight, leaf_weight;
};

struct spec_throttle_device {
	struct optional_int major, minor;
	struct optional_uint rate;
};

struct spec_block_io {
	struct optional_int weight, leaf_weight; /* 0 unset, else 10..1000 */
	LIST_OF(struct spec_weight_device) weight_device;
	LIST_OF(struct spec_throttle_device)
	throttle_read_bps_device, throttle_write_bps_device, throttle_read_iops_device,
		throttle_write_iops_device;
};

struct spec_hugepage_limit {
	char *page_size; /* "2MB" */
	struct optional_uint limit;
};

struct spec_network_priority {
	char *name;
	struct optional_int priority;
};

struct spec_network { /* cgroup v1 only */
	struct optional_int class_id;
	LIST_OF(struct spec_network_priority) priorities;
};

struct spec_pids {
	struct optional_int limit; /* -1 unlimited; 0 is a valid limit */
};

struct spec_rdma {
	char *key; /* the device */
	struct optional_int hca_handles, hca_objects;
};

struct spec_resources {
	LIST_OF(struct spec_device_rule) devices;
	struct spec_memory *memory;
	struct spec_cpu *cpu;
	struct spec_pids *pids;
	struct spec_block_io *block_io;
	LIST_OF(struct spec_hugepage_limit) hugepage_limits;
	struct spec_network *network;
	LIST_OF(struct spec_rdma) rdma;
	LIST_OF(struct json_pair) unified;
};

struct spec_seccomp_arg {
	struct optional_int index; /* 0..5 */
	struct optional_uint value, value_two;
	struct optional_int op;
};

struct spec_seccomp_rule {
	LIST_OF(char *) names;
	struct optional_int action;
	struct optional_int errno_ret; /* 0..4095 */
	LIST_OF(struct spec_seccomp_arg) args;
};

struct spec_seccomp {
	struct optional_int default_action;
	struct optional_int default_errno_ret;
	LIST_OF(int) flags;	    /* indexes of spec_config_seccomp_flag_names */
	LIST_OF(int) architectures; /* indexes of spec_config_seccomp_arch_names */
	char *listener_path;
	char *listener_metadata;
	LIST_OF(struct spec_seccomp_rule) syscalls;
};

struct spec_personality {
	struct optional_int domain;
	LIST_OF(char *) flags; /* the spec defines none yet */
};

struct spec_memory_policy {
	struct optional_int mode; /* enum spec_memory_mode */
	char *nodes;		  /* a list such as "0-3,7" */
	LIST_OF(int) flags;	  /* enum spec_memory_flag */
};

struct spec_time_offset {
	struct optional_int secs;
	struct optional_int nanosecs; /* 0..999999999 */
};

struct spec_time_offsets {
	struct spec_time_offset *monotonic, *boottime;
};

struct spec_intel_rdt {
	char *clos_id; /* a resctrl group; "/" is the default one, absent the container's own */
	char *l3_cache_schema, *mem_bw_schema;
	LIST_OF(char *) schemata;
	bool enable_monitoring;
};

struct spec_net_device {
	char *key;  /* the device's name on the host */
	char *name; /* in the container; may end in %d; NULL: the same */
};

struct spec_linux {
	LIST_OF(struct spec_namespace) namespaces;
	LIST_OF(struct spec_mapping) uid_mappings, gid_mappings;
	struct spec_time_offsets *time_offsets;
	LIST_OF(struct spec_device) devices;
	char *cgroups_path;
	struct spec_resources *resources;
	struct spec_seccomp *seccomp;
	struct optional_int rootfs_propagation; /* enum spec_propagation */
	LIST_OF(char *) masked_paths;
	LIST_OF(char *) readonly_paths;
	LIST_OF(struct json_pair) sysctl;
	char *mount_label;
	struct spec_personality *personality;
	struct spec_memory_policy *memory_policy;
	LIST_OF(struct spec_net_device) net_devices;
	struct spec_intel_rdt *intel_rdt;
};

struct spec_config {
	char *oci_version;
	struct spec_root *root;
	LIST_OF(struct spec_mount) mounts;
	struct spec_process *process;
	char *hostname;
	char *domainname;
	struct spec_hooks *hooks;
	LIST_OF(struct json_pair) annotations;
	struct spec_linux *linux_;
};

extern const struct json_schema spec_config_schema;
extern const struct json_schema spec_mapping_schema; /* for documents that have maps, too */
extern const struct json_schema spec_process_schema;   /* exec --process */
extern const struct json_schema spec_mount_schema;     /* of mounts[]: mounts add */
extern const struct json_schema spec_resources_schema; /* update --resources */

/*
 * Check what the tables cannot say (config_validate.c): one function a rule. Errors:
 * EINVAL, ENOTSUP; the text begins with the property's path.
 */
int spec_config_validate(const struct spec_config *config, struct error *err);

/* The same for a process alone (exec --process); `path` stands before each property. */
int spec_config_validate_process(const struct spec_process *process, const char *path,
				 struct error *err);

/* The `i`th of the six lists of hooks, as spec_config_hook_names has them. */
struct spec_hook_list {
	const struct spec_hook *item;
	size_t n;
};
struct spec_hook_list spec_config_hook_list(const struct spec_hooks *hooks, size_t i);

/* Does the config name this namespace, new or joined? */
const struct spec_namespace *spec_config_namespace(const struct spec_config *config,
						   enum spec_namespace_type type);

/* The value of an annotation, or NULL; borrowed. */
const char *spec_config_annotation(const struct spec_config *config, const char *key);

/*
 * `ctr spec`: the document for a new bundle (config_default.c), which the caller
 * releases with spec_config_schema. For rootless, with a user namespace that maps
 * uid and gid to 0. Errors: ENOMEM.
 */
struct spec_default_options {
	bool rootless;
	unsigned uid, gid; /* of the caller, for rootless */
};
int spec_config_default(const struct spec_default_options *options, struct spec_config *ret,
			struct error *err);
