/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel/net_device.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <sched.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/fd.h"
#include "base/log.h"
#include "kernel/netlink.h"
#include "kernel/process.h"

/* What a device may keep of an address's flags; the others are the kernel's own. */
#define ADDRESS_FLAGS                                                                   \
	(IFA_F_NODAD | IFA_F_HOMEADDRESS | IFA_F_MANAGETEMPADDR | IFA_F_NOPREFIXROUTE | \
	 IFA_F_MCAUTOJOIN)

struct device {
	int index;
	bool up;
	struct str addresses; /* RTM_NEWADDR messages */
};

static void device_release(struct device *device)
{
	str_release(&device->addresses);
}
#define cleanup_device __attribute__((__cleanup__(device_release)))

int net_device_open_own(int proc_fd, struct net_device_place *ret, struct error *err)
{
	/* A magic link of our own: procfs_open_file would refuse it. */
	cleanup_close int ns_fd = openat(proc_fd, "thread-self/ns/net", O_RDONLY | O_CLOEXEC);
	int socket;

	if (ns_fd < 0)
		return error_errno(err, errno, "open /proc/thread-self/ns/net");
	socket = netlink_open(err);
	TRY(socket);
	*ret = (struct net_device_place){ steal_fd(&ns_fd), socket };
	return 0;
}

/* The child, in the other namespace: hand a socket of it over. */
static int send_socket(void *argument)
{
	int pair_fd = *(int *)argument;
	struct error ignored;
	int socket = netlink_open(&ignored);

	return socket < 0 || fd_send(pair_fd, "", 1, &socket, 1, &ignored) < 0;
}

static int receive_socket(int pair_fd, int pidfd, struct error *err)
{
	int socket = -1, status = 0;
	size_t n_fds = 0, len;
	char byte;

	TRY(process_wait(pidfd, -1, &status, err));
	if (status)
		return error_set(err, EIO, "make a netlink socket in the network namespace");
	TRY(fd_receive(pair_fd, &byte, 1, &len, &socket, 1, &n_fds, err));
	return n_fds == 1 ? socket : error_set(err, EPROTO, "no netlink socket came");
}

int net_device_open(int ns_fd, struct net_device_place *ret, struct error *err)
{
	const struct process_join join = { ns_fd, CLONE_NEWNET };
	cleanup_close int pidfd = -1, ours = -1, theirs = -1;
	struct process_clone clone = {
		.cgroup_fd = -1, .joins = &join, .n_joins = 1, .run = send_socket
	};
	int pair[2], socket;
	pid_t pid;

	TRY(fd_socketpair(pair, err));
	ours = pair[0];
	theirs = pair[1];
	clone.argument = &theirs;
	clone.keep = &theirs;
	clone.n_keep = 1;
	pidfd = process_clone(&clone, &pid, err);
	TRY(pidfd);
	socket = receive_socket(ours, pidfd, err);
	TRY(socket);
	*ret = (struct net_device_place){ ns_fd, socket };
	return 0;
}

void net_device_close(struct net_device_place *place)
{
	cleanup_close_at(&place->ns_fd);
	cleanup_close_at(&place->socket);
	*place = (struct net_device_place){ -1, -1 };
}

static const char *name_of(const struct nlmsghdr *header)
{
	const struct rtattr *name = netlink_find(header, sizeof(struct ifinfomsg), IFLA_IFNAME);

	return name ? RTA_DATA(name) : "";
}

static int list(int socket, int type, struct str *ret, struct error *err)
{
	struct netlink_message message;
	struct ifinfomsg all = { 0 }; /* the largest of the fixed parts, all of them zero */

	netlink_begin(&message, type, NLM_F_DUMP, &all, sizeof all);
	return netlink_talk(socket, &message, ret, err);
}

/* Its permanent addresses of global scope (config-linux.md#network-devices). */
static int take_addresses(int socket, struct device *device, struct error *err)
{
	cleanup_str struct str replies = {};
	const struct nlmsghdr *header;

	TRY(list(socket, RTM_GETADDR, &replies, err));
	for (size_t at = 0; (header = netlink_next(replies.text, replies.len, &at));) {
		const struct ifaddrmsg *address = NLMSG_DATA(header);

		if ((int)address->ifa_index == device->index &&
		    address->ifa_scope == RT_SCOPE_UNIVERSE && address->ifa_flags & IFA_F_PERMANENT)
			str_add_n(&device->addresses, (const char *)header,
				  NLMSG_ALIGN(header->nlmsg_len));
	}
	return device->addresses.failed ? error_errno(err, ENOMEM, "list addresses") : 0;
}

static int find(int socket, const char *name, struct device *ret, struct error *err)
{
	cleanup_str struct str replies = {};
	const struct nlmsghdr *header;

	TRY(list(socket, RTM_GETLINK, &replies, err));
	for (size_t at = 0; (header = netlink_next(replies.text, replies.len, &at));) {
		const struct ifinfomsg *link = NLMSG_DATA(header);

		if (strcmp(name_of(header), name) != 0)
			continue;
		ret->index = link->ifi_index;
		ret->up = link->ifi_flags & IFF_UP;
		return take_addresses(socket, ret, err);
	}
	return error_set(err, ENODEV, "there is no such network device");
}

/*
 * An index that is free there, so that we know the device again whatever it is called. The kernel
 * refuses it if someone has been faster.
 */
static int choose_index(int socket, int wanted, const char *new_name, int *ret, struct error *err)
{
	cleanup_str struct str replies = {};
	int highest = 0;
	bool taken = false;
	const struct nlmsghdr *header;

	TRY(list(socket, RTM_GETLINK, &replies, err));
	for (size_t at = 0; (header = netlink_next(replies.text, replies.len, &at));) {
		const struct ifinfomsg *link = NLMSG_DATA(header);

		if (!strcmp(name_of(header), new_name))
			return error_set(err, EEXIST,
					 "the network namespace has a device %s already "
					 "(choose another name, or one with %%d)",
					 new_name);
		highest = link->ifi_index > highest ? link->ifi_index : highest;
		taken |= link->ifi_index == wanted;
	}
	*ret = taken ? highest + 1 : wanted;
	return 0;
}

static int transfer(const struct net_device_place *from, const struct net_device_place *to,
		    int index, int new_index, const char *new_name, struct error *err)
{
	struct ifinfomsg link = { .ifi_index = index };
	struct netlink_message message;

	netlink_begin(&message, RTM_SETLINK, 0, &link, sizeof link);
	netlink_add_number(&message, IFLA_NET_NS_FD, to->ns_fd);
	netlink_add_number(&message, IFLA_NEW_IFINDEX, new_index);
	netlink_add_text(&message, IFLA_IFNAME, new_name);
	return netlink_talk(from->socket, &message, NULL, err);
}

/* Flags have grown out of the fixed part. */
static unsigned address_flags(const struct nlmsghdr *header)
{
	const struct ifaddrmsg *address = NLMSG_DATA(header);
	const struct rtattr *flags = netlink_find(header, sizeof *address, IFA_FLAGS);
	unsigned all = address->ifa_flags;

	if (flags && RTA_PAYLOAD(flags) >= sizeof all)
		memcpy(&all, RTA_DATA(flags), sizeof all);
	return all & ADDRESS_FLAGS;
}

static int add_address(int socket, int index, const struct nlmsghdr *old, struct error *err)
{
	static const int kept[] = { IFA_ADDRESS, IFA_LOCAL,	  IFA_BROADCAST,
				    IFA_ANYCAST, IFA_RT_PRIORITY, IFA_PROTO };
	struct ifaddrmsg address = *(const struct ifaddrmsg *)NLMSG_DATA(old);
	unsigned flags = address_flags(old);
	struct netlink_message message;

	address.ifa_index = (unsigned)index;
	address.ifa_flags = 0;
	netlink_begin(&message, RTM_NEWADDR, NLM_F_CREATE | NLM_F_REPLACE, &address,
		      sizeof address);
	for (size_t i = 0; i < sizeof kept / sizeof *kept; i++) {
		const struct rtattr *attribute = netlink_find(old, sizeof address, kept[i]);

		if (attribute)
			netlink_add(&message, kept[i], RTA_DATA(attribute), RTA_PAYLOAD(attribute));
	}
	netlink_add(&message, IFA_FLAGS, &flags, sizeof flags);
	if (netlink_talk(socket, &message, NULL, err) < 0)
		return error_prefix(err, "give it its addresses again: ");
	return 0;
}

static int set_up(int socket, int index, bool up, struct error *err)
{
	struct ifinfomsg link = { .ifi_index = index,
				  .ifi_flags = up ? IFF_UP : 0,
				  .ifi_change = IFF_UP };
	struct netlink_message message;

	netlink_begin(&message, RTM_SETLINK, 0, &link, sizeof link);
	if (netlink_talk(socket, &message, NULL, err) < 0)
		return error_prefix(err, "set it up: ");
	return 0;
}

/* Moving has taken the device down and its addresses from it. */
static int restore(int socket, int index, const struct device *device, bool up, struct error *err)
{
	const struct str *addresses = &device->addresses;
	const struct nlmsghdr *header;

	for (size_t at = 0; (header = netlink_next(addresses->text, addresses->len, &at));)
		TRY(add_address(socket, index, header, err));
	return up ? set_up(socket, index, true, err) : 0;
}

static int read_name(int socket, int index, char ret[IF_NAMESIZE], struct error *err)
{
	struct ifinfomsg link = { .ifi_index = index };
	cleanup_str struct str replies = {};
	struct netlink_message message;

	netlink_begin(&message, RTM_GETLINK, 0, &link, sizeof link);
	TRY(netlink_talk(socket, &message, &replies, err));
	if (!replies.len)
		return error_set(err, ENODEV, "the network device has gone");
	strncpy(ret, name_of((const void *)replies.text), IF_NAMESIZE - 1);
	return 0;
}

/*
 * A move that failed when the device was there already: with its old name when that is what the
 * kernel could not change, and what has another name is not ours.
 */
static void take_back(const struct net_device_place *from, const struct net_device_place *to,
		      int new_index, const struct device *device, const char *name, bool renamed)
{
	char found[IF_NAMESIZE] = "";
	struct error err;

	if (read_name(to->socket, new_index, found, &err) < 0 ||
	    (!renamed && strcmp(found, name) != 0))
		return;
	if (transfer(to, from, new_index, device->index, name, &err) < 0 ||
	    restore(from->socket, device->index, device, device->up, &err) < 0)
		log_warning("move the network device %s back: %s", name, err.text);
}

int net_device_move(const struct net_device_place *from, const struct net_device_place *to,
		    const char *name, const char *new_name, bool up, struct net_device_moved *ret,
		    struct error *err)
{
	cleanup_device struct device device = {};
	struct net_device_moved moved = {};
	int new_index = 0, r;

	TRY(find(from->socket, name, &device, err));
	TRY(choose_index(to->socket, device.index, new_name, &new_index, err));
	r = transfer(from, to, device.index, new_index, new_name, err);
	if (r < 0 || read_name(to->socket, new_index, moved.name, err) < 0 ||
	    restore(to->socket, new_index, &device, up, err) < 0) {
		take_back(from, to, new_index, &device, name, r == 0);
		return -err->code;
	}
	moved.was_up = device.up;
	*ret = moved;
	return 0;
}
