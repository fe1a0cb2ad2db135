/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/str.h"
#include "plan/cgroup_plan.h"

#define SECOND	     1000000 /* microseconds */
#define CENTISECOND  10000
#define NUMBERS_MAX  8192 /* of processors and memory nodes */
#define BITS_PER_SET 8

struct row {
	const char *file, *property;
	unsigned since;
	int (*put)(const struct row *row, const char *value, struct unit_plan *ret,
		   struct error *err);
};

/* A whole number, or "max", which is systemd's infinity. False: the kernel will refuse it too. */
static bool read_limit(const char *text, uint64_t *ret)
{
	char *end;

	if (!strcmp(text, "max")) {
		*ret = UINT64_MAX;
		return true;
	}
	errno = 0;
	*ret = strtoull(text, &end, 10);
	return *text >= '0' && *text <= '9' && !*end && !errno;
}

static int put_limit(const struct row *row, const char *value, struct unit_plan *ret,
		     struct error *err)
{
	uint64_t limit;

	if (!read_limit(value, &limit))
		return 0;
	return unit_plan_set(ret, row->property, row->since, err, "uint64 %" PRIu64, limit);
}

/* A weight of 0 is what systemd calls idle. */
static int put_idle(const struct row *row, const char *value, struct unit_plan *ret,
		    struct error *err)
{
	return strcmp(value, "1") ?
		       0 :
		       unit_plan_set(ret, row->property, row->since, err, "uint64 0");
}

/* systemd keeps whole percents of a processor: rounded up, so that it never has less. */
static int put_quota(const struct row *row, const char *value, struct unit_plan *ret,
		     struct error *err)
{
	char quota[24];
	uint64_t limit, period = 100000;

	if (sscanf(value, "%23s %" SCNu64, quota, &period) < 1 || !read_limit(quota, &limit) ||
	    !period)
		return 0;
	if (limit != UINT64_MAX) {
		if (limit > UINT64_MAX / SECOND)
			return 0;
		limit = limit * SECOND / period;
		limit = (limit + CENTISECOND - 1) / CENTISECOND * CENTISECOND;
	}
	TRY(unit_plan_set(ret, row->property, row->since, err, "uint64 %" PRIu64, limit));
	return unit_plan_set(ret, "CPUQuotaPeriodUSec", 242, err, "uint64 %" PRIu64, period);
}

/* "0-2,8" as bits in bytes, the lowest first. Returns how many bytes, 0 for what is no list. */
static size_t read_set(const char *text, unsigned char *bits)
{
	unsigned long first, last, top = 0;
	char *end;

	for (;; text = end + 1) {
		if (*text < '0' || *text > '9')
			return 0;
		first = last = strtoul(text, &end, 10);
		if (*end == '-') {
			text = end + 1;
			if (*text < '0' || *text > '9')
				return 0;
			last = strtoul(text, &end, 10);
		}
		if (last >= NUMBERS_MAX || first > last)
			return 0;
		for (unsigned long i = first; i <= last; i++)
			bits[i / BITS_PER_SET] |= 1u << i % BITS_PER_SET;
		top = last > top ? last : top;
		if (!*end)
			return top / BITS_PER_SET + 1;
		if (*end != ',')
			return 0;
	}
}

static int put_set(const struct row *row, const char *value, struct unit_plan *ret,
		   struct error *err)
{
	unsigned char bits[NUMBERS_MAX / BITS_PER_SET] = {};
	size_t n = read_set(value, bits);
	cleanup_free char *list = NULL;
	cleanup_str struct str text = {};

	for (size_t i = 0; i < n; i++)
		str_addf(&text, "%s0x%02x", i ? ", " : "", bits[i]);
	TRY(str_steal(&text, &list, err));
	return n ? unit_plan_set(ret, row->property, row->since, err, "@ay [%s]", list) : 0;
}

/* "default 100", "100", or one device's "8:0 100". */
static int put_weight(const struct row *row, const char *value, struct unit_plan *ret,
		      struct error *err)
{
	const char *number = strchr(value, ' ') ? strchr(value, ' ') + 1 : value;
	bool bfq = !strcmp(row->file, "io.bfq.weight");
	cleanup_free char *item = NULL;
	unsigned major, minor;
	uint64_t weight;

	if (!read_limit(number, &weight) || weight > 10000)
		return 0;
	/* systemd has the whole scale, and brings it back to BFQ's where that is used. */
	if (bfq && weight >= 10)
		weight = 1 + (weight - 10) * 9999 / 990;
	if (sscanf(value, "%u:%u ", &major, &minor) != 2)
		return unit_plan_set(ret, row->property, row->since, err, "uint64 %" PRIu64,
				     weight);
	TRY(str_printf(&item, err, "('/dev/block/%u:%u', uint64 %" PRIu64 ")", major, minor,
		       weight));
	return unit_plan_append(ret, "IODeviceWeight", item, err);
}

/* "8:0 rbps=1048576 wiops=max" */
static int put_throttle(const struct row *row, const char *value, struct unit_plan *ret,
			struct error *err)
{
	static const struct {
		const char *key, *property;
	} keys[] = {
		{ "rbps=", "IOReadBandwidthMax" },
		{ "wbps=", "IOWriteBandwidthMax" },
		{ "riops=", "IOReadIOPSMax" },
		{ "wiops=", "IOWriteIOPSMax" },
	};
	cleanup_free char *words = strdup(value);
	unsigned major, minor;
	char *rest = words;

	(void)row;
	if (!words)
		return error_errno(err, ENOMEM, "plan the unit");
	if (sscanf(value, "%u:%u ", &major, &minor) != 2)
		return 0;
	for (char *word; (word = strsep(&rest, " "));)
		for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
			cleanup_free char *item = NULL;
			size_t n = strlen(keys[i].key);
			uint64_t limit;

			if (strncmp(word, keys[i].key, n) != 0 || !read_limit(word + n, &limit))
				continue;
			TRY(str_printf(&item, err, "('/dev/block/%u:%u', uint64 %" PRIu64 ")",
				       major, minor, limit));
			TRY(unit_plan_append(ret, keys[i].property, item, err));
		}
	return 0;
}

/* clang-format off */
static const struct row rows[] = {
	{ "pids.max",         "TasksMax",             0, put_limit },
	{ "memory.min",       "MemoryMin",            0, put_limit },
	{ "memory.low",       "MemoryLow",            0, put_limit },
	{ "memory.high",      "MemoryHigh",           0, put_limit },
	{ "memory.max",       "MemoryMax",            0, put_limit },
	{ "memory.swap.max",  "MemorySwapMax",        0, put_limit },
	{ "memory.zswap.max", "MemoryZSwapMax",     253, put_limit },
	{ "cpu.weight",       "CPUWeight",            0, put_limit },
	{ "cpu.idle",         "CPUWeight",          252, put_idle },
	{ "cpu.max",          "CPUQuotaPerSecUSec",   0, put_quota },
	{ "cpuset.cpus",      "AllowedCPUs",        244, put_set },
	{ "cpuset.mems",      "AllowedMemoryNodes", 244, put_set },
	{ "io.weight",        "IOWeight",             0, put_weight },
	{ "io.bfq.weight",    "IOWeight",             0, put_weight },
	{ "io.max",           NULL,                   0, put_throttle },
};
/* clang-format on */

/* What was read from a file ends with its line. */
static int put_write(const struct cgroup_write *write, struct unit_plan *ret, struct error *err)
{
	cleanup_free char *value = strndup(write->value, strcspn(write->value, "\n"));

	if (!value)
		return error_errno(err, ENOMEM, "plan the unit");
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (!strcmp(write->file, rows[i].file))
			TRY(rows[i].put(&rows[i], value, ret, err));
	return 0;
}

int unit_property_build(const struct cgroup_plan *plan, struct unit_plan *ret, struct error *err)
{
	for (size_t i = 0; i < plan->writes.n; i++)
		TRY(put_write(&plan->writes.item[i], ret, err));
	return 0;
}
