/* SPDX-License-Identifier: Apache-2.0 */
/* Amounts as people write them. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/*
 * Bytes: "536870912", "512m", "1.5GiB", "2 gb"; units are powers of 1024 in any case; "-1" is
 * no limit. False for anything else and for what does not fit.
 */
bool quantity_bytes(const char *text, int64_t *ret);

/* A whole number, with "-" where `least` allows it. */
bool quantity_integer(const char *text, int64_t least, int64_t *ret);

/* A length of time as Go prints it: "5s", "250ms", "1m30s", or bare seconds "5". Over 0. */
bool quantity_milliseconds(const char *text, int64_t *ret);
