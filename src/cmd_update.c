/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The options are written as the document that --resources reads, so the library has one
 * form to understand.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "document.h"
#include "output.h"
#include "quantity.h"

struct update_options {
	const char *resources;
	const char *blkio_weight, *cpu_burst, *cpu_idle, *cpu_period, *cpu_quota, *cpu_rt_period,
		*cpu_rt_runtime, *cpu_share, *cpuset_cpus, *cpuset_mems, *kernel_memory,
		*kernel_memory_tcp, *memory, *memory_reservation, *memory_swap, *pids_limit;
	const char *l3_cache_schema, *mem_bw_schema;
};

/* clang-format off */
#define U struct update_options
static const struct command_option options[] = {
	{ 'r', "resources", FILLS_STRING(U, resources), "FILE",
	  "read linux.resources from FILE, or from standard input (-)", NULL },
	{ 0, "blkio-weight", FILLS_STRING(U, blkio_weight), "N",
	  "share of the disks' time, 10 to 1000", NULL },
	{ 0, "cpu-burst", FILLS_STRING(U, cpu_burst), "US",
	  "processor time that may be saved up, in microseconds", NULL },
	{ 0, "cpu-idle", FILLS_STRING(U, cpu_idle), "0|1",
	  "1: run only when nothing else wants to", NULL },
	{ 0, "cpu-period", FILLS_STRING(U, cpu_period), "US",
	  "length of the period that the quota is for", NULL },
	{ 0, "cpu-quota", FILLS_STRING(U, cpu_quota), "US",
	  "processor time in each period; -1: no limit", NULL },
	{ 0, "cpu-rt-period", FILLS_STRING(U, cpu_rt_period), "US", NULL, NULL },
	{ 0, "cpu-rt-runtime", FILLS_STRING(U, cpu_rt_runtime), "US", NULL, NULL },
	{ 0, "cpu-share", FILLS_STRING(U, cpu_share), "N",
	  "weight among other containers, 2 to 262144", NULL },
	{ 0, "cpuset-cpus", FILLS_STRING(U, cpuset_cpus), "LIST",
	  "processors to run on, such as 0-3,7", NULL },
	{ 0, "cpuset-mems", FILLS_STRING(U, cpuset_mems), "LIST",
	  "memory nodes to allocate from", NULL },
	{ 0, "kernel-memory", FILLS_STRING(U, kernel_memory), "SIZE", NULL, NULL },
	{ 0, "kernel-memory-tcp", FILLS_STRING(U, kernel_memory_tcp), "SIZE", NULL, NULL },
	{ 0, "memory", FILLS_STRING(U, memory), "SIZE",
	  "most memory, such as 512m; -1: no limit", NULL },
	{ 0, "memory-reservation", FILLS_STRING(U, memory_reservation), "SIZE",
	  "memory that is taken away last", NULL },
	{ 0, "memory-swap", FILLS_STRING(U, memory_swap), "SIZE",
	  "most memory and swap together; -1: no limit", NULL },
	{ 0, "pids-limit", FILLS_STRING(U, pids_limit), "N",
	  "most processes; -1: no limit", NULL },
	{ 0, "l3-cache-schema", FILLS_STRING(U, l3_cache_schema), "SCHEMA",
	  "Intel RDT: which part of the L3 cache", NULL },
	{ 0, "mem-bw-schema", FILLS_STRING(U, mem_bw_schema), "SCHEMA",
	  "Intel RDT: how much memory bandwidth", NULL },
};
#undef U

enum form { FORM_INTEGER, FORM_UNSIGNED, FORM_BYTES, FORM_LIST };

/* Where an option stands in linux.resources; those of one group are together. */
#define ROW(member, group, key, form) { #member, offsetof(struct update_options, member), group, key, form }
static const struct row {
	const char *option;
	size_t offset;
	const char *group, *key;
	enum form form;
} rows[] = {
	ROW(blkio_weight, "blockIO", "weight", FORM_UNSIGNED),
	ROW(cpu_burst, "cpu", "burst", FORM_UNSIGNED),
	ROW(cpu_idle, "cpu", "idle", FORM_UNSIGNED),
	ROW(cpu_period, "cpu", "period", FORM_UNSIGNED),
	ROW(cpu_quota, "cpu", "quota", FORM_INTEGER),
	ROW(cpu_rt_period, "cpu", "realtimePeriod", FORM_UNSIGNED),
	ROW(cpu_rt_runtime, "cpu", "realtimeRuntime", FORM_INTEGER),
	ROW(cpu_share, "cpu", "shares", FORM_UNSIGNED),
	ROW(cpuset_cpus, "cpu", "cpus", FORM_LIST),
	ROW(cpuset_mems, "cpu", "mems", FORM_LIST),
	ROW(kernel_memory, "memory", "kernel", FORM_BYTES),
	ROW(kernel_memory_tcp, "memory", "kernelTCP", FORM_BYTES),
	ROW(memory, "memory", "limit", FORM_BYTES),
	ROW(memory_reservation, "memory", "reservation", FORM_BYTES),
	ROW(memory_swap, "memory", "swap", FORM_BYTES),
	ROW(pids_limit, "pids", "limit", FORM_INTEGER),
};
#undef ROW
/* clang-format on */

static const struct update_options defaults;

const struct command_syntax cmd_update_syntax = {
	COMMAND_OPTIONS(options), COMMAND_DEFAULTS(defaults), .arguments = "ID",
	.needs = "an ID",	  .max_arguments = 1,
};

static const char *const wants[] = {
	[FORM_INTEGER] = "a whole number, or -1 for no limit",
	[FORM_UNSIGNED] = "a whole number from 0",
	[FORM_BYTES] = "a size such as 512m or 536870912, or -1 for no limit",
	[FORM_LIST] = "a list such as 0-3,7",
};

static bool write_value(FILE *out, const struct row *row, const char *value)
{
	int64_t number = 0;
	bool good = row->form == FORM_BYTES ? quantity_bytes(value, &number) :
					      quantity_integer(value, INT64_MIN, &number);

	if (row->form == FORM_LIST) {
		output_json_string(out, value);
		return *value != '\0';
	}
	fprintf(out, "%lld", (long long)number);
	return good && (row->form != FORM_UNSIGNED || number >= 0);
}

static int refuse(const struct row *row, const char *value, struct ctr_error *err)
{
	char name[32] = "";

	for (size_t i = 0; row->option[i] && i < sizeof name - 1; i++)
		name[i] = row->option[i] == '_' ? '-' : row->option[i];
	return command_invalid(err, "update: invalid %s \"%.200s\": --%s wants %s", name, value,
			       name, wants[row->form]);
}

static int write_options(FILE *out, const struct update_options *given, struct ctr_error *err)
{
	const char *group = NULL;

	fputc('{', out);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct row *row = &rows[i];
		const char *value = *(const char *const *)((const char *)given + row->offset);

		if (!value)
			continue;
		if (!group || strcmp(group, row->group) != 0)
			fprintf(out, "%s\"%s\":{", group ? "}," : "", row->group);
		else
			fputc(',', out);
		group = row->group;
		fprintf(out, "\"%s\":", row->key);
		if (!write_value(out, row, value))
			return refuse(row, value, err);
	}
	fputs(group ? "}}" : "}", out);
	return 0;
}

static int make_document(const struct update_options *given, char **ret, struct ctr_error *err)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out;
	int result;

	if (given->resources)
		return document_read("update", given->resources, ret, err);
	out = open_memstream(&text, &size);
	if (!out)
		return command_failed(err, ENOMEM, "update");
	result = write_options(out, given, err);
	if (fclose(out) != 0 && result == 0)
		result = command_failed(err, ENOMEM, "update");
	if (result == 0)
		*ret = text;
	else
		free(text);
	return result;
}

int cmd_update(struct ctr_runtime *runtime, const struct command_line *line, struct ctr_error *err)
{
	const struct update_options *given = line->options;
	struct ctr_update_options library = {
		.size = sizeof library,
		.l3_cache_schema = given->l3_cache_schema,
		.mem_bw_schema = given->mem_bw_schema,
	};
	char *document = NULL;
	int result = make_document(given, &document, err);

	if (result < 0)
		return result;
	library.resources = document;
	result = ctr_update(runtime, line->arguments[0], &library, err);
	free(document);
	return result;
}
