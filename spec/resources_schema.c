/* SPDX-License-Identifier: Apache-2.0 */
/*
 * config-linux.md#control-groups: linux.resources of config.json, and the whole
 * document of `update --resources`.
 */
#include "spec/config.h"

/* dev_t has 12 bits for the major and 20 for the minor number. */
#define MAJOR_MAX 4095
#define MINOR_MAX 1048575

#define WEIGHT_MAX 1000

/* clang-format off */
static SCHEMA(spec_device_rule,
	{ .name = "allow", .kind = JSON_OPT_BOOL, .required = true,
	  .offset = MEMBER(spec_device_rule, allow, struct optional_bool) },
	ENUM(spec_device_rule, type, "type", spec_config_device_names),
	RANGE(spec_device_rule, major, "major", -1, MAJOR_MAX),
	RANGE(spec_device_rule, minor, "minor", -1, MINOR_MAX),
	STRING(spec_device_rule, access, "access"));

static SCHEMA(spec_memory,
	RANGE(spec_memory, limit, "limit", -1, INT64_MAX),
	RANGE(spec_memory, reservation, "reservation", -1, INT64_MAX),
	RANGE(spec_memory, swap, "swap", -1, INT64_MAX),
	RANGE(spec_memory, kernel, "kernel", -1, INT64_MAX),
	RANGE(spec_memory, kernel_tcp, "kernelTCP", -1, INT64_MAX),
	UINT(spec_memory, swappiness, "swappiness"),
	BOOL(spec_memory, disable_oom_killer, "disableOOMKiller"),
	BOOL(spec_memory, use_hierarchy, "useHierarchy"),
	BOOL(spec_memory, check_before_update, "checkBeforeUpdate"));

static SCHEMA(spec_cpu,
	UINT(spec_cpu, shares, "shares"),
	INT(spec_cpu, quota, "quota"),
	UINT(spec_cpu, burst, "burst"),
	UINT(spec_cpu, period, "period"),
	INT(spec_cpu, realtime_runtime, "realtimeRuntime"),
	UINT(spec_cpu, realtime_period, "realtimePeriod"),
	STRING(spec_cpu, cpus, "cpus"),
	STRING(spec_cpu, mems, "mems"),
	RANGE(spec_cpu, idle, "idle", 0, 1));

static SCHEMA(spec_pids,
	RANGE(spec_pids, limit, "limit", -1, INT64_MAX));

static SCHEMA(spec_weight_device,
	NEEDS_RANGE(spec_weight_device, major, "major", 0, MAJOR_MAX),
	NEEDS_RANGE(spec_weight_device, minor, "minor", 0, MINOR_MAX),
	RANGE(spec_weight_device, weight, "weight", 0, WEIGHT_MAX),
	RANGE(spec_weight_device, leaf_weight, "leafWeight", 0, WEIGHT_MAX));

static SCHEMA(spec_throttle_device,
	NEEDS_RANGE(spec_throttle_device, major, "major", 0, MAJOR_MAX),
	NEEDS_RANGE(spec_throttle_device, minor, "minor", 0, MINOR_MAX),
	NEEDS_UINT(spec_throttle_device, rate, "rate"));

static SCHEMA(spec_block_io,
	RANGE(spec_block_io, weight, "weight", 0, WEIGHT_MAX),
	RANGE(spec_block_io, leaf_weight, "leafWeight", 0, WEIGHT_MAX),
	OBJECTS(spec_block_io, weight_device, "weightDevice", spec_weight_device),
	OBJECTS(spec_block_io, throttle_read_bps_device, "throttleReadBpsDevice", spec_throttle_device),
	OBJECTS(spec_block_io, throttle_write_bps_device, "throttleWriteBpsDevice", spec_throttle_device),
	OBJECTS(spec_block_io, throttle_read_iops_device, "throttleReadIOPSDevice", spec_throttle_device),
	OBJECTS(spec_block_io, throttle_write_iops_device, "throttleWriteIOPSDevice", spec_throttle_device));

static SCHEMA(spec_hugepage_limit,
	NEEDS_STRING(spec_hugepage_limit, page_size, "pageSize"),
	NEEDS_UINT(spec_hugepage_limit, limit, "limit"));

static SCHEMA(spec_network_priority,
	NEEDS_STRING(spec_network_priority, name, "name"),
	NEEDS_RANGE(spec_network_priority, priority, "priority", 0, UINT32_MAX));

static SCHEMA(spec_network,
	RANGE(spec_network, class_id, "classID", 0, UINT32_MAX),
	OBJECTS(spec_network, priorities, "priorities", spec_network_priority));

static SCHEMA(spec_rdma,
	RANGE(spec_rdma, hca_handles, "hcaHandles", 0, UINT32_MAX),
	RANGE(spec_rdma, hca_objects, "hcaObjects", 0, UINT32_MAX));

SCHEMA(spec_resources,
	OBJECTS(spec_resources, devices, "devices", spec_device_rule),
	OBJECT(spec_resources, memory, "memory", spec_memory),
	OBJECT(spec_resources, cpu, "cpu", spec_cpu),
	OBJECT(spec_resources, pids, "pids", spec_pids),
	OBJECT(spec_resources, block_io, "blockIO", spec_block_io),
	OBJECTS(spec_resources, hugepage_limits, "hugepageLimits", spec_hugepage_limit),
	OBJECT(spec_resources, network, "network", spec_network),
	OBJECT_MAP(spec_resources, rdma, "rdma", spec_rdma),
	MAP(spec_resources, unified, "unified"));
/* clang-format on */
