/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Requests to rtnetlink(7): built, sent, answered. What they say is the caller's.
 */
#pragma once

#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <stddef.h>

#include "base/str.h"

struct netlink_message {
	struct nlmsghdr header;
	char body[1024]; /* enough for every message of ours */
};

/* A socket of the calling thread's network namespace. Returns the descriptor. */
int netlink_open(struct error *err);

/* Begin a request with its fixed part; the flags get NLM_F_REQUEST and NLM_F_ACK. */
void netlink_begin(struct netlink_message *message, int type, int flags, const void *fixed,
		   size_t len);

/* Attributes, of which the messages of ours never have more than there is room for. */
void netlink_add(struct netlink_message *message, int type, const void *data, size_t len);
void netlink_add_number(struct netlink_message *message, int type, int number);
void netlink_add_text(struct netlink_message *message, int type, const char *text);

/*
 * Send the request and wait for its end. Messages that come before that are appended to
 * `replies` (NULL: not wanted), to be read with netlink_next. Errors: the kernel's, with its own words
 * when it has some.
 */
int netlink_talk(int socket, const struct netlink_message *message, struct str *replies,
		 struct error *err);

/* The message at `*at`, which moves behind it; NULL: there is no more. */
const struct nlmsghdr *netlink_next(const char *data, size_t len, size_t *at);

/* An attribute of a message behind a fixed part of `fixed` bytes, or NULL. */
const struct rtattr *netlink_find(const struct nlmsghdr *header, size_t fixed, int type);
