/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What ctr asks of its program ctr-systemd: one request, a document on its standard
 * input. The answer is the last line of what it prints: an errno (0: done), a blank, and the
 * error's text or the unit's cgroup. Data only; nothing here knows of containers.
 */
#pragma once

#include "base/json.h"

enum systemd_action {
	SYSTEMD_START, /* a transient unit, with the process in it */
	SYSTEMD_SET,   /* properties of a unit that is there */
	SYSTEMD_STOP,  /* a unit, which may be gone already */
	SYSTEMD_FORGET, /* as stop, but not one that has processes: it is another's */
};

struct systemd_property {
	char *name;		   /* "MemoryMax" */
	char *value;		   /* as systemd_value_parse reads it: "uint64 1048576" */
	struct optional_int since; /* left out where systemd is older */
};

struct systemd_request {
	struct optional_int action; /* enum systemd_action */
	bool user;		    /* the user's manager, not the system's */
	char *unit;
	struct optional_int pid; /* start: absent for a slice */
	LIST_OF(struct systemd_property) properties;
};

extern const struct json_schema systemd_request_schema;
