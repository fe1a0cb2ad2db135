/* SPDX-License-Identifier: Apache-2.0 */
#include "lifecycle/net_devices.h"

#include <errno.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/log.h"

#define cleanup_place __attribute__((__cleanup__(net_device_close)))

struct net_devices net_devices_new(const struct namespace_plan *plan)
{
	return (struct net_devices){ .plan = plan, .place = { -1, -1 } };
}

int net_devices_move(struct net_devices *devices, int proc_fd, int *ns_fd, struct error *err)
{
	const struct namespace_plan *plan = devices->plan;
	cleanup_place struct net_device_place host = { -1, -1 };

	devices->moved = calloc(plan->net_devices.n, sizeof *devices->moved);
	if (!devices->moved)
		return error_errno(err, ENOMEM, "linux.netDevices");
	TRY(net_device_open_own(proc_fd, &host, err));
	TRY(net_device_open(*ns_fd, &devices->place, err));
	*ns_fd = -1;
	for (size_t i = 0; i < plan->net_devices.n; i++) {
		const struct namespace_device *device = &plan->net_devices.item[i];

		if (net_device_move(&host, &devices->place, device->name, device->new_name, true,
				    &devices->moved[i], err) < 0)
			return error_prefix(err, "linux.netDevices['%s']: ", device->name);
		devices->n = i + 1;
	}
	return 0;
}

void net_devices_return(struct net_devices *devices, int proc_fd)
{
	cleanup_place struct net_device_place host = { -1, -1 };
	struct net_device_moved ignored;
	struct error err;

	if (!devices->n)
		return;
	if (net_device_open_own(proc_fd, &host, &err) < 0) {
		log_warning("linux.netDevices: %s", err.text);
		return;
	}
	while (devices->n-- > 0) {
		const struct net_device_moved *moved = &devices->moved[devices->n];
		const char *name = devices->plan->net_devices.item[devices->n].name;

		if (net_device_move(&devices->place, &host, moved->name, name, moved->was_up,
				    &ignored, &err) < 0)
			log_warning("linux.netDevices['%s']: move it back: %s", name, err.text);
	}
	devices->n = 0;
}

void net_devices_release(struct net_devices *devices)
{
	net_device_close(&devices->place);
	free(devices->moved);
	*devices = net_devices_new(devices->plan);
}
