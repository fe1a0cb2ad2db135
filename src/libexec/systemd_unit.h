/* SPDX-License-Identifier: Apache-2.0 */
/* Units of a systemd manager, over its bus. */
#pragma once

#include <stdint.h>
#include <systemd/sd-bus.h>

#include "systemd/request.h"

struct systemd_manager {
	sd_bus *bus;
	int version;	   /* of systemd */
	uint64_t deadline; /* CLOCK_MONOTONIC, microseconds: no wait is longer */
};

/*
 * Connect to the user's manager or the system's: to its private socket, which takes no
 * message bus in between, or over the bus. Errors: as connect(2).
 */
int systemd_unit_connect(bool user, struct systemd_manager *ret, struct error *err);
void systemd_unit_disconnect(struct systemd_manager *manager);

/*
 * Start the transient unit; `*ret_cgroup` is its cgroup, freed by the caller. One of the same name
 * that has failed is reset, and one that is about to go is waited for.
 * Errors: EEXIST (it is alive), ETIMEDOUT, EIO (the job has failed).
 */
int systemd_unit_start(struct systemd_manager *manager, const struct systemd_request *request,
		       char **ret_cgroup, struct error *err);

/* Set properties of a unit that is there. */
int systemd_unit_set(struct systemd_manager *manager, const struct systemd_request *request,
		     struct error *err);

/* Stop a unit and reset it; with SYSTEMD_FORGET only one without processes. Absent is fine. */
int systemd_unit_stop(struct systemd_manager *manager, const struct systemd_request *request,
		      struct error *err);
