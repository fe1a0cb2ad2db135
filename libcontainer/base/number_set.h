/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sets of small numbers, written as cpuset(7) writes lists of CPUs and memory nodes:
 * "0-3,7". In memory they are the bit masks that system calls take.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

#define NUMBER_SET_MAX 8191 /* the newest kernels count so many CPUs */

/* A zeroed struct is the empty set. */
struct number_set {
	unsigned long *word; /* owned; bit n of all the words is number n */
	size_t n;	     /* words */
};

/*
 * Parse a list; blanks around numbers are fine, and nothing at all is the empty set.
 * Errors: EINVAL ("wants a list such as 0-3,7"), ENOMEM.
 */
int number_set_parse(const char *text, struct number_set *ret, struct error *err);

/* The same, only to see whether it is one. */
int number_set_check(const char *text, struct error *err);

bool number_set_has(const struct number_set *set, size_t number);
void number_set_release(struct number_set *set);
