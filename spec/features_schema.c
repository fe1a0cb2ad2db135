/* SPDX-License-Identifier: Apache-2.0 */
#include "spec/features.h"

/* clang-format off */
static SCHEMA(spec_features_enabled,
	OPT_BOOL(spec_features_enabled, enabled, "enabled"));

static SCHEMA(spec_features_cgroup,
	OPT_BOOL(spec_features_cgroup, v1, "v1"),
	OPT_BOOL(spec_features_cgroup, v2, "v2"),
	OPT_BOOL(spec_features_cgroup, systemd, "systemd"),
	OPT_BOOL(spec_features_cgroup, systemd_user, "systemdUser"),
	OPT_BOOL(spec_features_cgroup, rdma, "rdma"));

static SCHEMA(spec_features_seccomp,
	OPT_BOOL(spec_features_seccomp, enabled, "enabled"),
	STRINGS(spec_features_seccomp, actions, "actions"),
	STRINGS(spec_features_seccomp, operators, "operators"),
	STRINGS(spec_features_seccomp, archs, "archs"),
	STRINGS(spec_features_seccomp, known_flags, "knownFlags"),
	STRINGS(spec_features_seccomp, supported_flags, "supportedFlags"));

static SCHEMA(spec_features_memory_policy,
	STRINGS(spec_features_memory_policy, modes, "modes"),
	STRINGS(spec_features_memory_policy, flags, "flags"));

static SCHEMA(spec_features_intel_rdt,
	OPT_BOOL(spec_features_intel_rdt, enabled, "enabled"),
	OPT_BOOL(spec_features_intel_rdt, schemata, "schemata"),
	OPT_BOOL(spec_features_intel_rdt, monitoring, "monitoring"));

static SCHEMA(spec_features_mount_extensions,
	OBJECT(spec_features_mount_extensions, idmap, "idmap", spec_features_enabled));

static SCHEMA(spec_features_linux,
	STRINGS(spec_features_linux, namespaces, "namespaces"),
	STRINGS(spec_features_linux, capabilities, "capabilities"),
	OBJECT(spec_features_linux, cgroup, "cgroup", spec_features_cgroup),
	OBJECT(spec_features_linux, seccomp, "seccomp", spec_features_seccomp),
	OBJECT(spec_features_linux, apparmor, "apparmor", spec_features_enabled),
	OBJECT(spec_features_linux, selinux, "selinux", spec_features_enabled),
	OBJECT(spec_features_linux, memory_policy, "memoryPolicy", spec_features_memory_policy),
	OBJECT(spec_features_linux, intel_rdt, "intelRdt", spec_features_intel_rdt),
	OBJECT(spec_features_linux, mount_extensions, "mountExtensions", spec_features_mount_extensions),
	OBJECT(spec_features_linux, net_devices, "netDevices", spec_features_enabled));

SCHEMA(spec_features,
	NEEDS_STRING(spec_features, oci_version_min, "ociVersionMin"),
	NEEDS_STRING(spec_features, oci_version_max, "ociVersionMax"),
	STRINGS(spec_features, hooks, "hooks"),
	STRINGS(spec_features, mount_options, "mountOptions"),
	OBJECT(spec_features, linux_, "linux", spec_features_linux),
	MAP(spec_features, annotations, "annotations"),
	STRINGS(spec_features, potentially_unsafe_config_annotations,
		"potentiallyUnsafeConfigAnnotations"));
/* clang-format on */
