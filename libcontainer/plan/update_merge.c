/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/update_merge.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* All lists of documents have this layout (LIST_OF). */
struct any_list {
	char *item;
	size_t n;
};

struct list_rule { /* a list, and which of its items mean the same thing */
	size_t offset, size;
	bool (*same)(const void *a, const void *b);
};

static bool same_page_size(const void *a, const void *b)
{
	const struct spec_hugepage_limit *left = a, *right = b;

	return strcmp(left->page_size, right->page_size) == 0;
}

static bool same_rdma(const void *a, const void *b)
{
	const struct spec_rdma *left = a, *right = b;

	return strcmp(left->key, right->key) == 0;
}

static bool same_file(const void *a, const void *b)
{
	const struct json_pair *left = a, *right = b;

	return strcmp(left->key, right->key) == 0;
}

static bool same_weight_device(const void *a, const void *b)
{
	const struct spec_weight_device *left = a, *right = b;

	return left->major.value == right->major.value && left->minor.value == right->minor.value;
}

static bool same_throttle_device(const void *a, const void *b)
{
	const struct spec_throttle_device *left = a, *right = b;

	return left->major.value == right->major.value && left->minor.value == right->minor.value;
}

/* clang-format off */
#define LIST(s, m, same_) { offsetof(struct s, m), sizeof *((struct s *)0)->m.item, same_ }
static const struct list_rule resource_lists[] = {
	LIST(spec_resources, hugepage_limits, same_page_size),
	LIST(spec_resources, rdma,            same_rdma),
	LIST(spec_resources, unified,         same_file),
};
static const struct list_rule io_lists[] = {
	LIST(spec_block_io, weight_device,              same_weight_device),
	LIST(spec_block_io, throttle_read_bps_device,   same_throttle_device),
	LIST(spec_block_io, throttle_write_bps_device,  same_throttle_device),
	LIST(spec_block_io, throttle_read_iops_device,  same_throttle_device),
	LIST(spec_block_io, throttle_write_iops_device, same_throttle_device),
};
#undef LIST
/* clang-format on */

#define N_OF(array) (sizeof(array) / sizeof *(array))

static void lay_item(struct any_list *list, const struct list_rule *rule, const void *item)
{
	size_t i = 0;

	while (i < list->n && !rule->same(list->item + i * rule->size, item))
		i++;
	memcpy(list->item + i * rule->size, item, rule->size);
	if (i == list->n)
		list->n++;
}

/* The list of `ret`, a new one, from those of two structs of the same type; NULL has none. */
static int merge_list(const struct list_rule *rule, const void *former, const void *request,
		      void *ret, struct error *err)
{
	static const struct any_list none;
	const struct any_list *under =
		former ? (const void *)((const char *)former + rule->offset) : (const void *)&none;
	const struct any_list *over = (const void *)((const char *)request + rule->offset);
	struct any_list *list = (void *)((char *)ret + rule->offset);

	*list = none;
	if (under->n + over->n == 0)
		return 0;
	list->item = calloc(under->n + over->n, rule->size);
	if (!list->item)
		return error_errno(err, ENOMEM, "plan update");
	for (size_t i = 0; i < under->n; i++)
		lay_item(list, rule, under->item + i * rule->size);
	for (size_t i = 0; i < over->n; i++)
		lay_item(list, rule, over->item + i * rule->size);
	return 0;
}

static void lay_int(const struct optional_int *over, struct optional_int *ret)
{
	if (over->set && over->value)
		*ret = *over;
}

static void lay_uint(const struct optional_uint *over, struct optional_uint *ret)
{
	if (over->set && over->value)
		*ret = *over;
}

static void merge_memory(const struct spec_memory *over, struct spec_memory *ret)
{
	lay_int(&over->limit, &ret->limit);
	lay_int(&over->reservation, &ret->reservation);
	lay_int(&over->swap, &ret->swap);
	lay_int(&over->kernel, &ret->kernel);
	lay_int(&over->kernel_tcp, &ret->kernel_tcp);
	/* As cgroup v1 had it: without a limit on memory there is none on both together. */
	if (over->limit.value == -1 && !over->swap.value)
		ret->swap = over->limit;
	ret->check_before_update |= over->check_before_update;
}

static void merge_cpu(const struct spec_cpu *over, struct spec_cpu *ret)
{
	lay_uint(&over->shares, &ret->shares);
	lay_int(&over->quota, &ret->quota);
	lay_uint(&over->period, &ret->period);
	lay_int(&over->realtime_runtime, &ret->realtime_runtime);
	lay_uint(&over->realtime_period, &ret->realtime_period);
	if (over->burst.set)
		ret->burst = over->burst;
	if (over->idle.set)
		ret->idle = over->idle;
	if (over->cpus && *over->cpus)
		ret->cpus = over->cpus;
	if (over->mems && *over->mems)
		ret->mems = over->mems;
}

static int merge_io(const struct spec_block_io *under, const struct spec_block_io *over,
		    struct spec_block_io *ret, struct error *err)
{
	*ret = (struct spec_block_io){};
	if (under) {
		ret->weight = under->weight;
		ret->leaf_weight = under->leaf_weight;
	}
	lay_int(&over->weight, &ret->weight);
	lay_int(&over->leaf_weight, &ret->leaf_weight);
	for (size_t i = 0; i < N_OF(io_lists); i++)
		TRY(merge_list(&io_lists[i], under, over, ret, err));
	return 0;
}

static void merge_scalars(const struct spec_resources *under, const struct spec_resources *over,
			  struct update_plan *ret)
{
	if (under->memory)
		ret->memory = *under->memory;
	if (over->memory)
		merge_memory(over->memory, &ret->memory);
	if (under->cpu)
		ret->cpu = *under->cpu;
	if (over->cpu)
		merge_cpu(over->cpu, &ret->cpu);
	if (under->pids)
		ret->pids = *under->pids;
	if (over->pids)
		lay_int(&over->pids->limit, &ret->pids.limit);
	ret->result.memory = under->memory || over->memory ? &ret->memory : NULL;
	ret->result.cpu = under->cpu || over->cpu ? &ret->cpu : NULL;
	ret->result.pids = ret->pids.limit.set ? &ret->pids : NULL;
}

int update_merge(const struct spec_resources *former, const struct spec_resources *request,
		 struct update_plan *ret, struct error *err)
{
	static const struct spec_resources nothing;
	static const struct spec_block_io no_io;
	const struct spec_resources *under = former ? former : &nothing;
	const struct spec_resources *rules = request->devices.n ? request : under;

	merge_scalars(under, request, ret);
	ret->result.devices.item = rules->devices.item;
	ret->result.devices.n = rules->devices.n;
	ret->result.network = under->network;
	ret->result.block_io = under->block_io || request->block_io ? &ret->block_io : NULL;
	TRY(merge_io(under->block_io, request->block_io ? request->block_io : &no_io,
		     &ret->block_io, err));
	for (size_t i = 0; i < N_OF(resource_lists); i++)
		TRY(merge_list(&resource_lists[i], under, request, &ret->result, err));
	return 0;
}

static void free_lists(const struct list_rule *rules, size_t n, void *base)
{
	for (size_t i = 0; i < n; i++)
		free(((struct any_list *)(void *)((char *)base + rules[i].offset))->item);
}

void update_merge_release(struct update_plan *plan)
{
	free_lists(resource_lists, N_OF(resource_lists), &plan->result);
	free_lists(io_lists, N_OF(io_lists), &plan->block_io);
}
