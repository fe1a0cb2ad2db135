/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a container uses, as the "stats" event of runc says it: names, units and what is left out
 * when it is 0 are runc's, because programs read it. What only cgroup v1 counts is 0 or missing.
 * stats_print is pure.
 */
#pragma once

#include <stdint.h>

#include "base/json.h"
#include "base/str.h"

enum stats_file {
	STATS_CPU_STAT,
	STATS_CPU_PRESSURE,
	STATS_IO_STAT,
	STATS_IO_PRESSURE,
	STATS_MEMORY_CURRENT,
	STATS_MEMORY_EVENTS,
	STATS_MEMORY_MAX,
	STATS_MEMORY_PEAK,
	STATS_MEMORY_PRESSURE,
	STATS_MEMORY_STAT,
	STATS_MEMORY_SWAP_CURRENT,
	STATS_MEMORY_SWAP_MAX,
	STATS_PIDS_CURRENT,
	STATS_PIDS_MAX,
	STATS_FILE_COUNT,
};

struct stats_huge_page {
	char *size; /* "2MB" */
	char *current, *events;
};

/* The texts of the cgroup's files; NULL where the kernel has no such file here. */
struct stats {
	char *files[STATS_FILE_COUNT];
	LIST_OF(struct stats_huge_page) huge_pages;
	unsigned long n_processes; /* counted, for when pids.current is missing */
};

int stats_read(int cgroup_fd, struct stats *ret, struct error *err);
void stats_release(struct stats *stats);
#define cleanup_stats __attribute__((__cleanup__(stats_release)))

/* The event as one line of JSON without a newline; the caller frees. Errors: ENOMEM. */
int stats_print(const struct stats *stats, const char *id, char **ret, struct error *err);

/* The number behind `key` in a file of lines "key number"; 0 when it is not there. */
uint64_t stats_value(const char *text, const char *key);
