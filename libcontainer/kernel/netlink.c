/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel/netlink.h"

#include <assert.h>
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { RECEIVE_SIZE = 32768 }; /* the kernel never makes a part of a dump larger */

int netlink_open(struct error *err)
{
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	int on = 1;

	if (fd < 0)
		return error_errno(err, errno, "make a netlink socket");
	/* Only for better words: a kernel without it is fine. */
	setsockopt(fd, SOL_NETLINK, NETLINK_EXT_ACK, &on, sizeof on);
	return fd;
}

void netlink_begin(struct netlink_message *message, int type, int flags, const void *fixed,
		   size_t len)
{
	memset(message, 0, sizeof *message);
	message->header.nlmsg_type = (unsigned short)type;
	message->header.nlmsg_flags = (unsigned short)(NLM_F_REQUEST | NLM_F_ACK | flags);
	message->header.nlmsg_len = (unsigned)NLMSG_LENGTH(len);
	memcpy(NLMSG_DATA(&message->header), fixed, len);
}

void netlink_add(struct netlink_message *message, int type, const void *data, size_t len)
{
	size_t at = NLMSG_ALIGN(message->header.nlmsg_len);
	struct rtattr *attribute = (struct rtattr *)((char *)message + at);

	assert(at + RTA_SPACE(len) <= sizeof *message);
	attribute->rta_type = (unsigned short)type;
	attribute->rta_len = (unsigned short)RTA_LENGTH(len);
	memcpy(RTA_DATA(attribute), data, len);
	message->header.nlmsg_len = (unsigned)(at + RTA_LENGTH(len));
}

void netlink_add_number(struct netlink_message *message, int type, int number)
{
	netlink_add(message, type, &number, sizeof number);
}

void netlink_add_text(struct netlink_message *message, int type, const char *text)
{
	netlink_add(message, type, text, strlen(text) + 1);
}

const struct nlmsghdr *netlink_next(const char *data, size_t len, size_t *at)
{
	const struct nlmsghdr *header = (const void *)(data + *at);

	if (*at > len || len - *at < sizeof *header || header->nlmsg_len < sizeof *header ||
	    header->nlmsg_len > len - *at)
		return NULL;
	*at += NLMSG_ALIGN(header->nlmsg_len);
	return header;
}

const struct rtattr *netlink_find(const struct nlmsghdr *header, size_t fixed, int type)
{
	size_t at = NLMSG_SPACE(fixed), len = header->nlmsg_len;

	while (at + sizeof(struct rtattr) <= len) {
		const struct rtattr *attribute = (const void *)((const char *)header + at);

		if (attribute->rta_len < sizeof *attribute || attribute->rta_len > len - at)
			return NULL;
		if ((attribute->rta_type & NLA_TYPE_MASK) == type)
			return attribute;
		at += RTA_ALIGN(attribute->rta_len);
	}
	return NULL;
}

/* What the kernel answers: 0, or its error with the words behind it. */
static int result(const struct nlmsghdr *header, struct error *err)
{
	const struct nlmsgerr *answer = NLMSG_DATA(header);
	const struct rtattr *words = NULL;
	size_t fixed = sizeof *answer;

	if (header->nlmsg_len < NLMSG_LENGTH(sizeof *answer))
		return error_set(err, EPROTO, "netlink: a short answer");
	if (!answer->error)
		return 0;
	/* The request is repeated in the answer unless it says otherwise. */
	if (!(header->nlmsg_flags & NLM_F_CAPPED))
		fixed += answer->msg.nlmsg_len - sizeof answer->msg;
	if (header->nlmsg_flags & NLM_F_ACK_TLVS)
		words = netlink_find(header, fixed, NLMSGERR_ATTR_MSG);
	if (!words)
		return error_set(err, -answer->error, "%s", strerror(-answer->error));
	return error_set(err, -answer->error, "%s (%.*s)", strerror(-answer->error),
			 (int)RTA_PAYLOAD(words), (const char *)RTA_DATA(words));
}

/* 1: there is more to come; 0: done. */
static int take_part(const char *data, size_t len, struct str *replies, struct error *err)
{
	const struct nlmsghdr *header;

	for (size_t at = 0; (header = netlink_next(data, len, &at));) {
		if (header->nlmsg_type == NLMSG_ERROR)
			return result(header, err);
		if (header->nlmsg_type == NLMSG_DONE)
			return 0;
		if (replies)
			str_add_n(replies, (const char *)header, NLMSG_ALIGN(header->nlmsg_len));
	}
	return 1;
}

int netlink_talk(int socket, const struct netlink_message *message, struct str *replies,
		 struct error *err)
{
	char data[RECEIVE_SIZE] __attribute__((__aligned__(NLMSG_ALIGNTO)));
	int r = 1;

	if (send(socket, message, message->header.nlmsg_len, 0) < 0)
		return error_errno(err, errno, "netlink: send");
	while (r > 0) {
		ssize_t n = recv(socket, data, sizeof data, 0);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return error_errno(err, n ? errno : EPROTO, "netlink: receive");
		r = take_part(data, (size_t)n, replies, err);
	}
	if (r == 0 && replies && replies->failed)
		return error_errno(err, ENOMEM, "netlink: receive");
	return r;
}
