/* SPDX-License-Identifier: Apache-2.0 */
/*
 * config.json, one row a property. What a row cannot say (rules between
 * properties) is in config_validate.c. Process and resources stand in files of
 * their own because they are documents of their own, too.
 */
#include "spec/config.h"

#define ERRNO_MAX 4095 /* MAX_ERRNO: the kernel cuts larger ones off */

/* dev_t has 12 bits for the major and 20 for the minor number. */
#define MAJOR_MAX 4095
#define MINOR_MAX 1048575

/* clang-format off */
static SCHEMA(spec_root,
	NEEDS_STRING(spec_root, path, "path"),
	BOOL(spec_root, readonly, "readonly"));

SCHEMA(spec_mapping,
	NEEDS_ID(spec_mapping, container_id, "containerID"),
	NEEDS_ID(spec_mapping, host_id, "hostID"),
	NEEDS_RANGE(spec_mapping, size, "size", 1, UINT32_MAX));

SCHEMA(spec_mount,
	NEEDS_STRING(spec_mount, destination, "destination"),
	STRING(spec_mount, type, "type"),
	STRING(spec_mount, source, "source"),
	STRINGS(spec_mount, options, "options"),
	OBJECTS(spec_mount, uid_mappings, "uidMappings", spec_mapping),
	OBJECTS(spec_mount, gid_mappings, "gidMappings", spec_mapping));

static SCHEMA(spec_hook,
	NEEDS_STRING(spec_hook, path, "path"),
	STRINGS(spec_hook, args, "args"),
	STRINGS(spec_hook, env, "env"),
	RANGE(spec_hook, timeout, "timeout", 1, INT32_MAX));

static SCHEMA(spec_hooks,
	OBJECTS(spec_hooks, prestart, "prestart", spec_hook),
	OBJECTS(spec_hooks, create_runtime, "createRuntime", spec_hook),
	OBJECTS(spec_hooks, create_container, "createContainer", spec_hook),
	OBJECTS(spec_hooks, start_container, "startContainer", spec_hook),
	OBJECTS(spec_hooks, poststart, "poststart", spec_hook),
	OBJECTS(spec_hooks, poststop, "poststop", spec_hook));

static SCHEMA(spec_namespace,
	NEEDS_ENUM(spec_namespace, type, "type", spec_config_namespace_names),
	STRING(spec_namespace, path, "path"));

static SCHEMA(spec_time_offset,
	INT(spec_time_offset, secs, "secs"),
	RANGE(spec_time_offset, nanosecs, "nanosecs", 0, 999999999));

static SCHEMA(spec_time_offsets,
	OBJECT(spec_time_offsets, monotonic, "monotonic", spec_time_offset),
	OBJECT(spec_time_offsets, boottime, "boottime", spec_time_offset));

static SCHEMA(spec_device,
	NEEDS_ENUM(spec_device, type, "type", spec_config_device_names),
	NEEDS_STRING(spec_device, path, "path"),
	RANGE(spec_device, major, "major", 0, MAJOR_MAX),
	RANGE(spec_device, minor, "minor", 0, MINOR_MAX),
	RANGE(spec_device, file_mode, "fileMode", 0, 07777),
	ID(spec_device, uid, "uid"),
	ID(spec_device, gid, "gid"));

static SCHEMA(spec_seccomp_arg,
	NEEDS_RANGE(spec_seccomp_arg, index, "index", 0, 5),
	NEEDS_UINT(spec_seccomp_arg, value, "value"),
	UINT(spec_seccomp_arg, value_two, "valueTwo"),
	NEEDS_ENUM(spec_seccomp_arg, op, "op", spec_config_seccomp_operator_names));

static SCHEMA(spec_seccomp_rule,
	STRINGS(spec_seccomp_rule, names, "names"),
	NEEDS_ENUM(spec_seccomp_rule, action, "action", spec_config_seccomp_action_names),
	RANGE(spec_seccomp_rule, errno_ret, "errnoRet", 0, ERRNO_MAX),
	OBJECTS(spec_seccomp_rule, args, "args", spec_seccomp_arg));

static SCHEMA(spec_seccomp,
	NEEDS_ENUM(spec_seccomp, default_action, "defaultAction", spec_config_seccomp_action_names),
	RANGE(spec_seccomp, default_errno_ret, "defaultErrnoRet", 0, ERRNO_MAX),
	ENUMS(spec_seccomp, flags, "flags", spec_config_seccomp_flag_names),
	ENUMS(spec_seccomp, architectures, "architectures", spec_config_seccomp_arch_names),
	STRING(spec_seccomp, listener_path, "listenerPath"),
	STRING(spec_seccomp, listener_metadata, "listenerMetadata"),
	OBJECTS(spec_seccomp, syscalls, "syscalls", spec_seccomp_rule));

static SCHEMA(spec_personality,
	NEEDS_ENUM(spec_personality, domain, "domain", spec_config_personality_names),
	STRINGS(spec_personality, flags, "flags"));

static SCHEMA(spec_memory_policy,
	NEEDS_ENUM(spec_memory_policy, mode, "mode", spec_config_memory_mode_names),
	STRING(spec_memory_policy, nodes, "nodes"),
	ENUMS(spec_memory_policy, flags, "flags", spec_config_memory_flag_names));

static SCHEMA(spec_intel_rdt,
	STRING(spec_intel_rdt, clos_id, "closID"),
	STRINGS(spec_intel_rdt, schemata, "schemata"),
	STRING(spec_intel_rdt, l3_cache_schema, "l3CacheSchema"),
	STRING(spec_intel_rdt, mem_bw_schema, "memBwSchema"),
	BOOL(spec_intel_rdt, enable_monitoring, "enableMonitoring"));

static SCHEMA(spec_net_device,
	STRING(spec_net_device, name, "name"));

static SCHEMA(spec_linux,
	OBJECTS(spec_linux, uid_mappings, "uidMappings", spec_mapping),
	OBJECTS(spec_linux, gid_mappings, "gidMappings", spec_mapping),
	MAP(spec_linux, sysctl, "sysctl"),
	OBJECT(spec_linux, resources, "resources", spec_resources),
	STRING(spec_linux, cgroups_path, "cgroupsPath"),
	OBJECTS(spec_linux, namespaces, "namespaces", spec_namespace),
	OBJECTS(spec_linux, devices, "devices", spec_device),
	OBJECT(spec_linux, seccomp, "seccomp", spec_seccomp),
	ENUM(spec_linux, rootfs_propagation, "rootfsPropagation", spec_config_propagation_names),
	STRINGS(spec_linux, masked_paths, "maskedPaths"),
	STRINGS(spec_linux, readonly_paths, "readonlyPaths"),
	STRING(spec_linux, mount_label, "mountLabel"),
	OBJECT(spec_linux, personality, "personality", spec_personality),
	OBJECT(spec_linux, time_offsets, "timeOffsets", spec_time_offsets),
	OBJECT(spec_linux, intel_rdt, "intelRdt", spec_intel_rdt),
	OBJECT(spec_linux, memory_policy, "memoryPolicy", spec_memory_policy),
	OBJECT_MAP(spec_linux, net_devices, "netDevices", spec_net_device));

SCHEMA(spec_config,
	NEEDS_STRING(spec_config, oci_version, "ociVersion"),
	OBJECT(spec_config, process, "process", spec_process),
	NEEDS_OBJECT(spec_config, root, "root", spec_root),
	STRING(spec_config, hostname, "hostname"),
	STRING(spec_config, domainname, "domainname"),
	OBJECTS(spec_config, mounts, "mounts", spec_mount),
	OBJECT(spec_config, hooks, "hooks", spec_hooks),
	MAP(spec_config, annotations, "annotations"),
	OBJECT(spec_config, linux_, "linux", spec_linux));
/* clang-format on */
