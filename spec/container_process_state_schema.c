/* SPDX-License-Identifier: Apache-2.0 */
#include "spec/state.h"

/* clang-format off */
SCHEMA(spec_container_process_state,
	NEEDS_STRING(spec_container_process_state, oci_version, "ociVersion"),
	STRINGS(spec_container_process_state, fds, "fds"),
	NEEDS_RANGE(spec_container_process_state, pid, "pid", 0, INT32_MAX),
	STRING(spec_container_process_state, metadata, "metadata"),
	NEEDS_OBJECT(spec_container_process_state, state, "state", spec_state));
/* clang-format on */
