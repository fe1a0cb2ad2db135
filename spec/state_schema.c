/* SPDX-License-Identifier: Apache-2.0 */
#include "spec/state.h"

/* clang-format off */
SCHEMA(spec_state,
	NEEDS_STRING(spec_state, oci_version, "ociVersion"),
	NEEDS_STRING(spec_state, id, "id"),
	RANGE(spec_state, pid, "pid", 0, INT32_MAX),
	NEEDS_STRING(spec_state, status, "status"),
	NEEDS_STRING(spec_state, bundle, "bundle"),
	STRING(spec_state, rootfs, "rootfs"),
	STRING(spec_state, created, "created"),
	MAP(spec_state, annotations, "annotations"),
	STRING(spec_state, owner, "owner"));
/* clang-format on */
