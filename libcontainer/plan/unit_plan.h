/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The container's cgroup as a transient unit of systemd: its name, its place and its
 * properties (org.freedesktop.systemd1(5), systemd.resource-control(5)). A scope, or
 * a slice when the name says so.
 */
#pragma once

#include "plan/host.h"
#include "spec/config.h"
#include "systemd/request.h"

struct cgroup_plan;

struct unit_plan {
	char *name;  /* "libpod-1234.scope"; NULL: cgroups are not systemd's */
	char *slice; /* what it is in, "machine.slice"; a slice's own name says it */
	bool user;   /* the manager is the user's own, not the system's */
	LIST_OF(struct systemd_property) properties;
};

/* "slice:prefix:name", what engines send to this driver */
bool unit_plan_is_form(const char *cgroups_path);

/* Is the unit a slice, which stays without processes until it is stopped? */
bool unit_plan_is_slice(const char *name);

/*
 * Name the unit for linux.cgroupsPath (NULL: <id> in system.slice, or in user.slice of the
 * user's manager) and work out its cgroup below the v2 mount: the caller's.
 * Errors: EINVAL, ENOMEM.
 */
int unit_plan_name(const char *cgroups_path, const struct host *host, const char *id,
		   struct unit_plan *ret, char **ret_path, struct error *err);

/*
 * The properties of a unit that has its name: those of every container, those of the plan's
 * writes, and the annotations' org.systemd.property.*. Errors: EINVAL, ENOMEM.
 */
int unit_plan_build(const struct spec_config *config, const char *id,
		    const struct cgroup_plan *plan, struct unit_plan *ret, struct error *err);

/*
 * What corresponds to the plan's writes, so that systemd writes what we write: else its next
 * daemon-reload would undo us. Files that it does not know have none. (unit_property.c)
 * Errors: ENOMEM.
 */
int unit_property_build(const struct cgroup_plan *plan, struct unit_plan *ret, struct error *err);

/*
 * Who may use which device, as a list of what is allowed: systemd knows no denial.
 * It allows what our own device program allows or more, never less: both are asked.
 * (unit_device.c) Errors: ENOMEM.
 */
int unit_device_build(const struct spec_device_rule *rules, size_t n, struct unit_plan *ret,
		      struct error *err);

/* Set a property; one of the same name is replaced. Errors: ENOMEM. */
int unit_plan_set(struct unit_plan *unit, const char *name, unsigned since, struct error *err,
		  const char *fmt, ...) __attribute__((format(printf, 5, 6)));

/* Add to a property that is a list. Errors: ENOMEM. */
int unit_plan_append(struct unit_plan *unit, const char *name, const char *item, struct error *err);

void unit_plan_release(struct unit_plan *unit);
