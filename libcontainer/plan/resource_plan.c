/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/resource_plan.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/str.h"

static int build_pids(const struct resource_context *x, const struct spec_pids *pids,
		      struct error *err)
{
	if (!pids || !pids->limit.set)
		return 0;
	/* The container's first process counts, and could not be born below a limit of 0. */
	return resource_write_add_limit(
		x, RESOURCE_WISH(HOST_PIDS, "linux.resources.pids.limit", "pids.max"),
		pids->limit.value ? pids->limit.value : 1, err);
}

/* "2MB": the size becomes part of a file's name */
static bool is_page_size(const char *text)
{
	size_t digits = strspn(text, "0123456789");

	return digits > 0 && digits < 16 && *text != '0' && text[digits] &&
	       strchr("KMG", text[digits]) && !strcmp(text + digits + 1, "B");
}

/* rsvd also counts pages that are reserved but not touched; kernels before 5.7 lack it. */
static int build_hugepage(const struct resource_context *x, size_t i,
			  const struct spec_hugepage_limit *page, struct error *err)
{
	char from[64], file[64], value[24];

	snprintf(from, sizeof from, "linux.resources.hugepageLimits[%zu].limit", i);
	if (!page->page_size || !is_page_size(page->page_size))
		return error_set(
			err, EINVAL,
			"linux.resources.hugepageLimits[%zu].pageSize: '%s' is not a size like 2MB",
			i, page->page_size ? page->page_size : "");
	snprintf(value, sizeof value, "%" PRIu64, page->limit.value);
	snprintf(file, sizeof file, "hugetlb.%s.max", page->page_size);
	TRY(resource_write_add(x, RESOURCE_WISH(HOST_HUGETLB, from, file, .value = value), err));
	snprintf(file, sizeof file, "hugetlb.%s.rsvd.max", page->page_size);
	return resource_write_add(
		x, RESOURCE_WISH(HOST_HUGETLB, from, file, .value = value, .may_be_missing = true),
		err);
}

static int build_network(const struct spec_network *network, struct error *err)
{
	if (network && network->class_id.set && network->class_id.value)
		return resource_write_refuse_v1("linux.resources.network.classID", err);
	if (network && network->priorities.n)
		return resource_write_refuse_v1("linux.resources.network.priorities", err);
	return 0;
}

static int build_rdma(const struct resource_context *x, const struct spec_rdma *rdma,
		      struct error *err)
{
	cleanup_free char *value = NULL;
	cleanup_free char *from = NULL;
	cleanup_str struct str text = {};

	TRY(str_printf(&from, err, "linux.resources.rdma[%s]", rdma->key));
	if (!*rdma->key || strpbrk(rdma->key, " \t\n"))
		return error_set(err, EINVAL, "%s: is not the name of a device", from);
	if (!rdma->hca_handles.set && !rdma->hca_objects.set)
		return error_set(err, EINVAL, "%s: wants hcaHandles or hcaObjects", from);
	str_add(&text, rdma->key);
	if (rdma->hca_handles.set)
		str_addf(&text, " hca_handle=%" PRId64, rdma->hca_handles.value);
	if (rdma->hca_objects.set)
		str_addf(&text, " hca_object=%" PRId64, rdma->hca_objects.value);
	TRY(str_steal(&text, &value, err));
	return resource_write_add(x, RESOURCE_WISH(HOST_RDMA, from, "rdma.max", .value = value),
				  err);
}

/* The bit of the controller that `file` belongs to, what stands before the first dot; 0: none. */
static unsigned file_controller(const char *file)
{
	size_t len = strcspn(file, ".");

	for (int i = 0; host_controller_names[i]; i++)
		if (strlen(host_controller_names[i]) == len &&
		    !strncmp(host_controller_names[i], file, len))
			return 1u << i;
	return 0;
}

/* Of the cgroup's own files those that hold limits; the others would move or kill. */
static bool is_harmless_core_file(const char *file)
{
	return !strncmp(file, "cgroup.max.", strlen("cgroup.max.")) ||
	       !strcmp(file, "cgroup.pressure");
}

static int check_unified(const struct json_pair *pair, unsigned *ret, struct error *err)
{
	const char *file = pair->key;

	*ret = 0;
	if (!*file || *file == '.' || strpbrk(file, "/\n") || !strchr(file, '.'))
		return error_set(err, EINVAL,
				 "linux.resources.unified: '%s' is not a file of a cgroup", file);
	if (!strncmp(file, "cgroup.", strlen("cgroup."))) {
		if (is_harmless_core_file(file))
			return 0;
		return error_set(err, EINVAL,
				 "linux.resources.unified: %s is for the runtime alone", file);
	}
	/* One that is unknown here is the kernel's to know (config-linux.md#unified). */
	*ret = file_controller(file);
	return 0;
}

/* Files of several devices take one line a write(2), so each line is a write. */
static int build_unified(const struct resource_context *x, const struct json_pair *pair,
			 struct error *err)
{
	cleanup_free char *from = NULL;
	cleanup_free char *lines = NULL;
	struct resource_wish wish;
	unsigned controller;
	char *rest, *line;

	TRY(check_unified(pair, &controller, err));
	TRY(str_printf(&from, err, "linux.resources.unified[%s]", pair->key));
	TRY(str_printf(&lines, err, "%s", pair->value));
	wish = RESOURCE_WISH(controller, from, pair->key, .value = lines);
	if (!strchr(lines, '\n'))
		return resource_write_add(x, wish, err);
	for (rest = lines; (line = strsep(&rest, "\n"));) {
		wish.value = line;
		if (*line)
			TRY(resource_write_add(x, wish, err));
	}
	return 0;
}

int resource_plan_build(const struct spec_resources *resources, const struct host *host,
			struct cgroup_plan *ret, struct error *err)
{
	const struct resource_context x = { host, ret };
	const struct spec_resources *r = resources;

	TRY(build_pids(&x, r->pids, err));
	TRY(memory_plan_build(&x, r->memory, err));
	TRY(io_plan_build(&x, r->block_io, err));
	TRY(cpu_plan_build(&x, r->cpu, err));
	TRY(build_network(r->network, err));
	for (size_t i = 0; i < r->hugepage_limits.n; i++)
		TRY(build_hugepage(&x, i, &r->hugepage_limits.item[i], err));
	for (size_t i = 0; i < r->rdma.n; i++)
		TRY(build_rdma(&x, &r->rdma.item[i], err));
	/* Last, so that what is asked for by a file's name stands. */
	for (size_t i = 0; i < r->unified.n; i++)
		TRY(build_unified(&x, &r->unified.item[i], err));
	return 0;
}
