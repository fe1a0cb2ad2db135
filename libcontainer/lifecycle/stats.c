/* SPDX-License-Identifier: Apache-2.0 */
#include "lifecycle/stats.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/list.h"
#include "kernel/cgroup.h"

static const char *const file_names[STATS_FILE_COUNT] = {
	[STATS_CPU_STAT] = "cpu.stat",
	[STATS_CPU_PRESSURE] = "cpu.pressure",
	[STATS_IO_STAT] = "io.stat",
	[STATS_IO_PRESSURE] = "io.pressure",
	[STATS_MEMORY_CURRENT] = "memory.current",
	[STATS_MEMORY_EVENTS] = "memory.events",
	[STATS_MEMORY_MAX] = "memory.max",
	[STATS_MEMORY_PEAK] = "memory.peak",
	[STATS_MEMORY_PRESSURE] = "memory.pressure",
	[STATS_MEMORY_STAT] = "memory.stat",
	[STATS_MEMORY_SWAP_CURRENT] = "memory.swap.current",
	[STATS_MEMORY_SWAP_MAX] = "memory.swap.max",
	[STATS_PIDS_CURRENT] = "pids.current",
	[STATS_PIDS_MAX] = "pids.max",
};

/* Missing, or of a controller or pressure accounting that is off: then there is nothing to say. */
static int read_optional(int cgroup_fd, const char *file, char **ret, struct error *err)
{
	int r = cgroup_read(cgroup_fd, file, ret, err);

	return r == -ENOENT || r == -EOPNOTSUPP || r == -ENODEV ? 0 : r;
}

static int read_huge_page(int cgroup_fd, const char *size, struct stats *ret, struct error *err)
{
	struct stats_huge_page *page = list_add(&ret->huge_pages);
	char file[64];

	if (!page)
		return error_errno(err, ENOMEM, "read statistics");
	TRY(str_printf(&page->size, err, "%s", size));
	snprintf(file, sizeof file, "hugetlb.%.20s.current", size);
	TRY(read_optional(cgroup_fd, file, &page->current, err));
	snprintf(file, sizeof file, "hugetlb.%.20s.events", size);
	return read_optional(cgroup_fd, file, &page->events, err);
}

int stats_read(int cgroup_fd, struct stats *ret, struct error *err)
{
	cleanup_strv struct strv sizes = {};
	cleanup_free int *pids = NULL;

	for (int i = 0; i < STATS_FILE_COUNT; i++)
		TRY(read_optional(cgroup_fd, file_names[i], &ret->files[i], err));
	TRY(cgroup_page_sizes(cgroup_fd, &sizes, err));
	for (size_t i = 0; i < sizes.n; i++)
		TRY(read_huge_page(cgroup_fd, sizes.item[i], ret, err));
	if (ret->files[STATS_PIDS_CURRENT])
		return 0;
	return cgroup_processes(cgroup_fd, &pids, &ret->n_processes, err);
}

void stats_release(struct stats *stats)
{
	for (int i = 0; i < STATS_FILE_COUNT; i++)
		free(stats->files[i]);
	for (size_t i = 0; i < stats->huge_pages.n; i++) {
		free(stats->huge_pages.item[i].size);
		free(stats->huge_pages.item[i].current);
		free(stats->huge_pages.item[i].events);
	}
	free(stats->huge_pages.item);
	*stats = (struct stats){};
}

/* --- pure from here on ---------------------------------------------------------- */

uint64_t stats_value(const char *text, const char *key)
{
	size_t n = strlen(key);

	for (const char *line = text; line && *line; line += strspn(line, "\n")) {
		if (!strncmp(line, key, n) && line[n] == ' ')
			return strtoull(line + n + 1, NULL, 10);
		line += strcspn(line, "\n");
	}
	return 0;
}

/* A file with one number, of which "max" is the largest, as runc has it. */
static uint64_t number(const struct stats *stats, enum stats_file file)
{
	const char *text = stats->files[file];

	if (!text)
		return 0;
	return strncmp(text, "max", 3) == 0 ? UINT64_MAX : strtoull(text, NULL, 10);
}

/* What comes next is preceded by this: nothing behind an opening bracket. */
static const char *separator(const struct str *out)
{
	return !out->len || strchr("{[", out->text[out->len - 1]) ? "" : ",";
}

static void open_member(struct str *out, const char *name)
{
	str_addf(out, "%s\"%s\":", separator(out), name);
}

static void add_always(struct str *out, const char *name, uint64_t value)
{
	open_member(out, name);
	str_addf(out, "%" PRIu64, value);
}

static void add(struct str *out, const char *name, uint64_t value)
{
	if (value)
		add_always(out, name, value);
}

static void open_object(struct str *out, const char *name)
{
	open_member(out, name);
	str_add(out, "{");
}

static void close_object(struct str *out)
{
	str_add(out, "}");
}

/* "some avg10=0.00 avg60=0.00 avg300=0.00 total=0": the kernel's decimals are JSON's. */
static void print_pressure_line(const char *text, const char *name, struct str *out)
{
	const char *line = text ? strstr(text, name) : NULL;
	char avg10[16], avg60[16], avg300[16];
	unsigned long long total;

	if (!line || sscanf(line + strlen(name),
			    " avg10=%15[0-9.] avg60=%15[0-9.] avg300=%15[0-9.] total=%llu", avg10,
			    avg60, avg300, &total) != 4)
		return;
	open_object(out, name);
	str_addf(out, "\"avg10\":%s,\"avg60\":%s,\"avg300\":%s,\"total\":%llu}", avg10, avg60,
		 avg300, total);
}

static void print_pressure(const struct stats *stats, enum stats_file file, struct str *out)
{
	if (!stats->files[file])
		return;
	open_object(out, "psi");
	print_pressure_line(stats->files[file], "some", out);
	print_pressure_line(stats->files[file], "full", out);
	close_object(out);
}

/* The kernel counts microseconds, runc prints nanoseconds. */
static void print_cpu(const struct stats *stats, struct str *out)
{
	const char *text = stats->files[STATS_CPU_STAT];

	open_object(out, "cpu");
	open_object(out, "usage");
	add(out, "total", stats_value(text, "usage_usec") * 1000);
	add_always(out, "kernel", stats_value(text, "system_usec") * 1000);
	add_always(out, "user", stats_value(text, "user_usec") * 1000);
	close_object(out);
	open_object(out, "throttling");
	add(out, "periods", stats_value(text, "nr_periods"));
	add(out, "throttledPeriods", stats_value(text, "nr_throttled"));
	add(out, "throttledTime", stats_value(text, "throttled_usec") * 1000);
	close_object(out);
	print_pressure(stats, STATS_CPU_PRESSURE, out);
	close_object(out);
}

/* All of it is of cgroup v1; runc prints these members with 0 as well. */
static void print_cpuset(struct str *out)
{
	static const char *const members[] = {
		"cpu_exclusive",   "mem_hardwall",	 "mem_exclusive",
		"memory_migrate",  "memory_spread_page", "memory_spread_slab",
		"memory_pressure", "sched_load_balance", "sched_relax_domain_level",
	};

	open_object(out, "cpuset");
	for (size_t i = 0; i < sizeof members / sizeof *members; i++)
		add_always(out, members[i], 0);
	close_object(out);
}

struct memory_entry {
	uint64_t limit, usage, max, failures;
};

static void print_entry(const char *name, struct memory_entry entry, struct str *out)
{
	open_object(out, name);
	add_always(out, "limit", entry.limit);
	add(out, "usage", entry.usage);
	add(out, "max", entry.max);
	add_always(out, "failcnt", entry.failures);
	close_object(out);
}

/* Of memory and swap together, as cgroup v1 had it. */
static struct memory_entry swap_entry(const struct stats *stats)
{
	struct memory_entry ret = {};

	if (stats->files[STATS_MEMORY_SWAP_CURRENT]) {
		ret.usage = number(stats, STATS_MEMORY_SWAP_CURRENT);
		ret.limit = number(stats, STATS_MEMORY_SWAP_MAX);
	}
	ret.usage += number(stats, STATS_MEMORY_CURRENT);
	if (ret.limit != UINT64_MAX &&
	    __builtin_add_overflow(ret.limit, number(stats, STATS_MEMORY_MAX), &ret.limit))
		ret.limit = UINT64_MAX;
	return ret;
}

/* memory.stat as it is: lines "key number" become members. */
static void print_raw(const char *text, struct str *out)
{
	open_object(out, "raw");
	while (*text) {
		size_t line = strcspn(text, "\n"), key = strcspn(text, " \n");
		char name[64];

		if (key < line && key < sizeof name) {
			snprintf(name, sizeof name, "%.*s", (int)key, text);
			add_always(out, name, strtoull(text + key, NULL, 10));
		}
		text += line + (text[line] == '\n');
	}
	close_object(out);
}

static void print_memory(const struct stats *stats, struct str *out)
{
	const char *text = stats->files[STATS_MEMORY_STAT];
	struct memory_entry usage = {
		.limit = number(stats, STATS_MEMORY_MAX),
		.usage = number(stats, STATS_MEMORY_CURRENT),
		.max = number(stats, STATS_MEMORY_PEAK),
		.failures = stats_value(stats->files[STATS_MEMORY_EVENTS], "max"),
	};

	open_object(out, "memory");
	add(out, "cache", stats_value(text, "file"));
	print_entry("usage", usage, out);
	print_entry("swap", swap_entry(stats), out);
	print_entry("kernel", (struct memory_entry){}, out);
	print_entry("kernelTCP", (struct memory_entry){}, out);
	if (text && *text)
		print_raw(text, out);
	print_pressure(stats, STATS_MEMORY_PRESSURE, out);
	close_object(out);
}

static void print_pids(const struct stats *stats, struct str *out)
{
	uint64_t limit = number(stats, STATS_PIDS_MAX);

	open_object(out, "pids");
	add(out, "current",
	    stats->files[STATS_PIDS_CURRENT] ? number(stats, STATS_PIDS_CURRENT) :
					       stats->n_processes);
	/* runc's 0, which is left out, is no limit */
	add(out, "limit", limit == UINT64_MAX ? 0 : limit);
	close_object(out);
}

/* A value of a line of io.stat: "8:0 rbytes=1 wbytes=2 rios=3 ...". */
static bool find_io(const char *line, const char *key, uint64_t *ret)
{
	size_t n = strlen(key);

	for (const char *p = line; *p && *p != '\n'; p += strcspn(p, " \n"), p += *p == ' ') {
		if (strncmp(p, key, n) != 0 || p[n] != '=')
			continue;
		*ret = strtoull(p + n + 1, NULL, 10);
		return true;
	}
	return false;
}

static void print_io_entry(const char *line, const char *key, const char *op, struct str *out)
{
	unsigned major, minor;
	uint64_t value;

	if (sscanf(line, "%u:%u ", &major, &minor) != 2 || !find_io(line, key, &value))
		return;
	str_addf(out, "%s{", separator(out));
	add(out, "major", major);
	add(out, "minor", minor);
	open_member(out, "op");
	str_addf(out, "\"%s\"", op);
	add(out, "value", value);
	close_object(out);
}

static void print_io_list(const char *name, const char *text, const char *read, const char *write,
			  struct str *out)
{
	if (!text || !*text)
		return;
	open_member(out, name);
	str_add(out, "[");
	for (const char *line = text; *line; line += strcspn(line, "\n"), line += *line == '\n') {
		print_io_entry(line, read, "Read", out);
		print_io_entry(line, write, "Write", out);
	}
	str_add(out, "]");
}

static void print_io(const struct stats *stats, struct str *out)
{
	const char *text = stats->files[STATS_IO_STAT];

	open_object(out, "blkio");
	print_io_list("ioServiceBytesRecursive", text, "rbytes", "wbytes", out);
	print_io_list("ioServicedRecursive", text, "rios", "wios", out);
	print_pressure(stats, STATS_IO_PRESSURE, out);
	close_object(out);
}

static void print_huge_pages(const struct stats *stats, struct str *out)
{
	open_object(out, "hugetlb");
	for (size_t i = 0; i < stats->huge_pages.n; i++) {
		const struct stats_huge_page *page = &stats->huge_pages.item[i];

		open_object(out, page->size);
		add(out, "usage", page->current ? strtoull(page->current, NULL, 10) : 0);
		add_always(out, "failcnt", stats_value(page->events, "max"));
		close_object(out);
	}
	close_object(out);
}

int stats_print(const struct stats *stats, const char *id, char **ret, struct error *err)
{
	cleanup_str struct str out = {};

	/* An id has no character that JSON would escape. */
	str_addf(&out, "{\"type\":\"stats\",\"id\":\"%s\"", id);
	open_object(&out, "data");
	print_cpu(stats, &out);
	print_cpuset(&out);
	print_memory(stats, &out);
	print_pids(stats, &out);
	print_io(stats, &out);
	print_huge_pages(stats, &out);
	str_add(&out, ",\"intel_rdt\":{},\"network_interfaces\":null}}");
	return str_steal(&out, ret, err);
}
