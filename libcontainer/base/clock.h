/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The time as text, from the clock alone: gmtime(3) may read /etc/localtime, which in
 * init belongs to the container.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <time.h>

/* Room for a year of four digits and nanoseconds, with the NUL. */
#define CLOCK_TEXT_SIZE 40

/* `when` as RFC 3339 in UTC, with `digits` (0..9) of the second's fraction. */
void clock_format(const struct timespec *when, int digits, char ret[CLOCK_TEXT_SIZE]);

/* The same of now. */
void clock_now(int digits, char ret[CLOCK_TEXT_SIZE]);

/* Milliseconds of CLOCK_MONOTONIC, for deadlines. */
int64_t clock_monotonic_ms(void);
