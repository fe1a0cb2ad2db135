/* SPDX-License-Identifier: Apache-2.0 */
#include "base/clock.h"

#include <stdio.h>

enum { ERA_DAYS = 146097, EPOCH_FROM_YEAR_0 = 719468 };

/* Years run from March, so that leap days come last; an era is 400 of them. */
static int print_date(long long seconds, char *ret, size_t room)
{
	unsigned days = (unsigned)(seconds / 86400 + EPOCH_FROM_YEAR_0);
	unsigned day = days % ERA_DAYS;
	unsigned year = (day - day / 1460 + day / 36524 - day / 146096) / 365;
	unsigned month;

	day -= 365 * year + year / 4 - year / 100;
	month = (5 * day + 2) / 153;
	return snprintf(ret, room, "%04u-%02u-%02uT",
			days / ERA_DAYS * 400 + year + (month >= 10),
			month < 10 ? month + 3 : month - 9, day - (153 * month + 2) / 5 + 1);
}

void clock_format(const struct timespec *when, int digits, char ret[CLOCK_TEXT_SIZE])
{
	int n = print_date(when->tv_sec, ret, CLOCK_TEXT_SIZE);
	unsigned second = (unsigned)(when->tv_sec % 86400);
	char fraction[12];

	snprintf(fraction, sizeof fraction, ".%09u", (unsigned)when->tv_nsec % 1000000000);
	snprintf(ret + n, (size_t)(CLOCK_TEXT_SIZE - n), "%02u:%02u:%02u%.*sZ", second / 3600,
		 second / 60 % 60, second % 60, digits ? digits + 1 : 0, fraction);
}

void clock_now(int digits, char ret[CLOCK_TEXT_SIZE])
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	clock_format(&now, digits, ret);
}

int64_t clock_monotonic_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}
