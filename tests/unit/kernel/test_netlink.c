/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <errno.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kernel/netlink.h"

static struct error err;

Test(netlink, a_dump_has_the_loopback_device)
{
	struct ifinfomsg all = { 0 };
	struct netlink_message message;
	const struct nlmsghdr *header;
	struct str replies = {};
	int socket = netlink_open(&err);
	bool found = false;

	cr_assert_geq(socket, 0, "%s", err.text);
	netlink_begin(&message, RTM_GETLINK, NLM_F_DUMP, &all, sizeof all);
	cr_assert_eq(netlink_talk(socket, &message, &replies, &err), 0, "%s", err.text);
	for (size_t at = 0; (header = netlink_next(replies.text, replies.len, &at));) {
		const struct rtattr *name = netlink_find(header, sizeof all, IFLA_IFNAME);

		cr_assert_not_null(name);
		found |= !strcmp(RTA_DATA(name), "lo");
	}
	cr_expect(found);
	str_release(&replies);
	close(socket);
}

Test(netlink, the_kernels_refusal_is_the_error)
{
	struct ifinfomsg link = { .ifi_index = 0x7ffffff0 };
	struct netlink_message message;
	int socket = netlink_open(&err);

	netlink_begin(&message, RTM_GETLINK, 0, &link, sizeof link);
	cr_expect_eq(netlink_talk(socket, &message, NULL, &err), -ENODEV);
	cr_expect_not_null(strstr(err.text, strerror(ENODEV)), "%s", err.text);
	close(socket);
}

Test(netlink, attributes_are_found_again)
{
	struct ifinfomsg fixed = { .ifi_index = 3 };
	struct netlink_message message;
	const struct rtattr *found;

	netlink_begin(&message, RTM_SETLINK, 0, &fixed, sizeof fixed);
	netlink_add_text(&message, IFLA_IFNAME, "abcd");
	netlink_add_number(&message, IFLA_MTU, 1234);
	found = netlink_find(&message.header, sizeof fixed, IFLA_IFNAME);
	cr_assert_not_null(found);
	cr_expect_str_eq(RTA_DATA(found), "abcd");
	found = netlink_find(&message.header, sizeof fixed, IFLA_MTU);
	cr_assert_not_null(found);
	cr_expect_eq(*(const int *)RTA_DATA(found), 1234);
	cr_expect_null(netlink_find(&message.header, sizeof fixed, IFLA_ADDRESS));
}

Test(netlink, messages_that_lie_about_their_length_end_the_reading)
{
	struct {
		struct nlmsghdr header;
		struct rtattr attribute;
	} message = { .header = { .nlmsg_len = sizeof message }, .attribute = { .rta_len = 200 } };
	size_t at = 0;

	cr_expect_null(netlink_find(&message.header, 0, 0));
	message.attribute.rta_len = 0;
	cr_expect_null(netlink_find(&message.header, 0, 0));
	cr_expect_not_null(netlink_next((const char *)&message, sizeof message, &at));
	cr_expect_null(netlink_next((const char *)&message, sizeof message, &at));
	at = 0;
	message.header.nlmsg_len = sizeof message + 1;
	cr_expect_null(netlink_next((const char *)&message, sizeof message, &at));
	message.header.nlmsg_len = 3;
	cr_expect_null(netlink_next((const char *)&message, sizeof message, &at));
	cr_expect_null(netlink_next(NULL, 0, &at));
}
