/* SPDX-License-Identifier: Apache-2.0 */
/* The record of a container as a document: state.json. */
#include "state/store.h"

#include <limits.h>

/* clang-format off */
SCHEMA(store_record,
	NEEDS_STRING(store_record, oci_version, "ociVersion"),
	NEEDS_STRING(store_record, id, "id"),
	NEEDS_STRING(store_record, bundle, "bundle"),
	STRING(store_record, rootfs, "rootfs"),
	STRING(store_record, created, "created"),
	ID(store_record, owner, "owner"),
	BOOL(store_record, complete, "complete"),
	RANGE(store_record, pid, "pid", 1, INT_MAX),
	UINT(store_record, start_time, "startTime"),
	STRING(store_record, boot_id, "bootId"),
	BOOL(store_record, shared_pid_namespace, "sharedPidNamespace"),
	BOOL(store_record, has_poststart, "hasPoststart"),
	STRING(store_record, cgroup_path, "cgroupPath"),
	UINT(store_record, cgroup_inode, "cgroupInode"),
	STRING(store_record, rdt_group, "rdtGroup"),
	STRING(store_record, rdt_monitor, "rdtMonitor"),
	STRING(store_record, cgroup_manager, "cgroupManager"),
	BOOL(store_record, systemd_cgroup, "systemdCgroup"),
	STRING(store_record, systemd_unit, "systemdUnit"),
	BOOL(store_record, systemd_user, "systemdUser"),
	MAP(store_record, annotations, "annotations"));
/* clang-format on */

void store_record_release(struct store_record *record)
{
	json_release(&store_record_schema, record);
}
