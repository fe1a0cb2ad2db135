/* SPDX-License-Identifier: Apache-2.0 */
#include "systemd/request.h"

#include <limits.h>

static const char *const actions[] = {
	[SYSTEMD_START] = "start",
	[SYSTEMD_SET] = "set",
	[SYSTEMD_STOP] = "stop",
	[SYSTEMD_FORGET] = "forget",
	NULL,
};

/* clang-format off */
static SCHEMA(systemd_property,
	NEEDS_STRING(systemd_property, name, "name"),
	NEEDS_STRING(systemd_property, value, "value"),
	RANGE(systemd_property, since, "since", 0, INT_MAX));

SCHEMA(systemd_request,
	NEEDS_ENUM(systemd_request, action, "action", actions),
	BOOL(systemd_request, user, "user"),
	NEEDS_STRING(systemd_request, unit, "unit"),
	RANGE(systemd_request, pid, "pid", 1, INT_MAX),
	OBJECTS(systemd_request, properties, "properties", systemd_property));
/* clang-format on */
