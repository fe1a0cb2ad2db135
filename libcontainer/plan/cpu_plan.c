/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

#include "plan/resource_plan.h"

#define CPU "linux.resources.cpu."

#define PERIOD_DEFAULT 100000 /* microseconds, the kernel's */

/* log2 of a number from 1, one binary digit for each squaring of what is left. */
static double log2_of(uint64_t number)
{
	int whole = 63 - __builtin_clzll(number);
	double rest = (double)number / (double)(1ULL << whole);
	double result = whole;

	for (double digit = 0.5; digit > 1e-12; digit /= 2) {
		rest *= rest;
		if (rest >= 2) {
			rest /= 2;
			result += digit;
		}
	}
	return result;
}

/* 10^x for 0..4: e^(x ln 10 / 1024) by its series, squared ten times. */
static double power_of_ten(double x)
{
	double y = x * 2.302585092994045684 / 1024, term = 1, sum = 1;

	for (int i = 1; i < 9; i++) {
		term *= y / i;
		sum += term;
	}
	for (int i = 0; i < 10; i++)
		sum *= sum;
	return sum;
}

/*
 * The runtimes' agreed curve: 2 -> 1, 1024 (v1's default) -> 100 (v2's), 262144 -> 10000;
 * quadratic in the logarithms between. Rounded up, but not for the arithmetic's error.
 * Without libm, which nothing else here needs.
 */
unsigned cpu_plan_weight(uint64_t shares)
{
	double l, weight;

	if (shares <= 2)
		return 1;
	if (shares >= 262144)
		return 10000;
	l = log2_of(shares);
	weight = power_of_ten((l * l + 125 * l) / 612 - 7.0 / 34);
	return (unsigned)(weight - 1e-7) + 1;
}

/* An idle group has no weight. Its end comes before the weight, which it else refuses. */
static int build_share(const struct resource_context *x, const struct spec_cpu *cpu,
		       struct error *err)
{
	bool idle = cpu->idle.set && cpu->idle.value;
	char weight[24];

	if (cpu->idle.set) {
		if (cpu->idle.value != 0 && cpu->idle.value != 1)
			return error_set(err, EINVAL, CPU "idle: wants 0 or 1");
		TRY(resource_write_add_limit(
			x, RESOURCE_WISH(HOST_CPU, CPU "idle", "cpu.idle", .is_default = !idle),
			cpu->idle.value, err));
	}
	if (!cpu->shares.set || !cpu->shares.value || idle)
		return 0;
	snprintf(weight, sizeof weight, "%u", cpu_plan_weight(cpu->shares.value));
	return resource_write_add(
		x, RESOURCE_WISH(HOST_CPU, CPU "shares", "cpu.weight", .value = weight), err);
}

/* 0 as quota or period is unset, -1 as quota unlimited. */
static int build_quota(const struct resource_context *x, const struct spec_cpu *cpu,
		       struct error *err)
{
	bool period_set = cpu->period.set && cpu->period.value;
	uint64_t period = period_set ? cpu->period.value : PERIOD_DEFAULT;
	bool limited = cpu->quota.set && cpu->quota.value > 0;
	const char *from = cpu->quota.set ? CPU "quota" : CPU "period";
	char text[64];

	if (!cpu->quota.set && !period_set)
		return 0;
	if (limited)
		snprintf(text, sizeof text, "%" PRId64 " %" PRIu64, cpu->quota.value, period);
	else
		snprintf(text, sizeof text, "max %" PRIu64, period);
	return resource_write_add(x,
				  RESOURCE_WISH(HOST_CPU, from, "cpu.max", .value = text,
						.is_default = !limited && period == PERIOD_DEFAULT),
				  err);
}

/* Behind the quota, which it may not exceed. */
static int build_burst(const struct resource_context *x, const struct spec_cpu *cpu,
		       struct error *err)
{
	char text[24];

	if (!cpu->burst.set)
		return 0;
	if (cpu->quota.set && cpu->quota.value > 0 && cpu->burst.value > (uint64_t)cpu->quota.value)
		return error_set(err, EINVAL, CPU "burst: is more than the quota");
	snprintf(text, sizeof text, "%" PRIu64, cpu->burst.value);
	return resource_write_add(x,
				  RESOURCE_WISH(HOST_CPU, CPU "burst", "cpu.max.burst",
						.value = text, .is_default = !cpu->burst.value),
				  err);
}

/* Reads one number of a list; false when there is none or it is absurd. */
static bool read_number(const char **text, unsigned *ret)
{
	const char *p = *text;

	for (*ret = 0; *p >= '0' && *p <= '9' && *ret < 1000000; p++)
		*ret = *ret * 10 + (unsigned)(*p - '0');
	if (p == *text || (*p >= '0' && *p <= '9'))
		return false;
	*text = p;
	return true;
}

/* "0-3,7": the list format of cpuset(7) */
static bool is_list(const char *text)
{
	unsigned first, last;

	for (;; text++) {
		if (!read_number(&text, &first))
			return false;
		if (*text == '-') {
			text++;
			if (!read_number(&text, &last) || last < first)
				return false;
		}
		if (*text != ',')
			return !*text;
	}
}

static int build_list(const struct resource_context *x, const char *from, const char *file,
		      const char *list, struct error *err)
{
	if (!list || !*list)
		return 0;
	if (!is_list(list))
		return error_set(err, EINVAL, "%s: '%s' is not a list like 0-3,7", from, list);
	return resource_write_add(x, RESOURCE_WISH(HOST_CPUSET, from, file, .value = list), err);
}

int cpu_plan_build(const struct resource_context *x, const struct spec_cpu *cpu, struct error *err)
{
	if (!cpu)
		return 0;
	if (cpu->realtime_runtime.set && cpu->realtime_runtime.value)
		return resource_write_refuse_v1(CPU "realtimeRuntime", err);
	if (cpu->realtime_period.set && cpu->realtime_period.value)
		return resource_write_refuse_v1(CPU "realtimePeriod", err);
	TRY(build_share(x, cpu, err));
	TRY(build_quota(x, cpu, err));
	TRY(build_burst(x, cpu, err));
	TRY(build_list(x, CPU "cpus", "cpuset.cpus", cpu->cpus, err));
	return build_list(x, CPU "mems", "cpuset.mems", cpu->mems, err);
}
