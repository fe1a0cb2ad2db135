/* SPDX-License-Identifier: Apache-2.0 */
/*
 * linux.netDevices: host devices into the container's network namespace, and back when the
 * container does not come about after all. Once it has, they are the namespace's: the
 * spec forbids to look after them when it ends (config-linux.md#network-devices). Private
 * to the room.
 */
#pragma once

#include "kernel/net_device.h"
#include "plan/namespace_plan.h"

struct net_devices {
	const struct namespace_plan *plan;
	struct net_device_place place;	/* the container's; -1: nothing has been moved */
	struct net_device_moved *moved; /* the first n of the plan's */
	size_t n;
};

struct net_devices net_devices_new(const struct namespace_plan *plan);

/* Move them all; the namespace behind `*ns_fd` is taken over. Errors: see net_device_move. */
int net_devices_move(struct net_devices *devices, int proc_fd, int *ns_fd, struct error *err);

/* Undo what has been done; what fails is a warning. */
void net_devices_return(struct net_devices *devices, int proc_fd);

void net_devices_release(struct net_devices *devices);
