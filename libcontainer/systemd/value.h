/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The value of a unit's property as text, in the form that GVariant prints and that the
 * annotations org.systemd.property.* have: true, 'text', 5, uint64 5, [byte 1, 2],
 * [('/dev/null', 'rw')], @as []. Without dictionaries, variants, maybes and bytestrings,
 * which no property of a scope needs. Pure.
 */
#pragma once

#include "base/error.h"
#include "base/json.h"

struct systemd_value {
	char type;	 /* of D-Bus: one of bynqiuxtdsog, 'a' an array, '(' a tuple */
	char *signature; /* of the whole value: "a(ss)" */
	uint64_t number; /* bynqiuxt, negative ones in two's complement */
	double real;	 /* d */
	char *text;	 /* sog */
	LIST_OF(struct systemd_value) items;
};

/*
 * Read the whole of `text`. Release with systemd_value_release, also after a failure.
 * Errors: EINVAL (the text says where), ENOMEM.
 */
int systemd_value_parse(const char *text, struct systemd_value *ret, struct error *err);
void systemd_value_release(struct systemd_value *value);
#define cleanup_value __attribute__((__cleanup__(systemd_value_release)))
