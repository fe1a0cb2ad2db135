/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Network devices from one network namespace to another, with what the move would take
 * from them (rtnetlink(7), network_namespaces(7)).
 */
#pragma once

#include <net/if.h>
#include <stdbool.h>

#include "base/error.h"

/* A network namespace, and a netlink socket that is in it. */
struct net_device_place {
	int ns_fd, socket;
};

/* The calling thread's own namespace, by the procfs at proc_fd. */
int net_device_open_own(int proc_fd, struct net_device_place *ret, struct error *err);

/*
 * Another one, which `ns_fd` names and the result owns from then on. The socket is made by
 * a child that enters it, with the caller's privilege over it; the caller's thread stays.
 */
int net_device_open(int ns_fd, struct net_device_place *ret, struct error *err);

void net_device_close(struct net_device_place *place);

struct net_device_moved {
	char name[IF_NAMESIZE]; /* in the new place */
	bool was_up;
};

/*
 * Move the device `name` and call it `new_name`, which may have a %d for the kernel to
 * fill in. Its permanent addresses of global scope go with it, the kernel keeps its other
 * attributes, and it is set up, or left down. What fails leaves it where and as it was.
 * Errors: ENODEV, EEXIST (the name is taken there), EINVAL (it cannot leave its namespace), EPERM.
 */
int net_device_move(const struct net_device_place *from, const struct net_device_place *to,
		    const char *name, const char *new_name, bool up, struct net_device_moved *ret,
		    struct error *err);
