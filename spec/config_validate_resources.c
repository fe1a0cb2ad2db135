/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <string.h>

#include "spec/config_validate.h"

#define WEIGHT_MIN     10
#define SWAPPINESS_MAX 100

/* config-linux.md#allowed-device-list: access is made of r (read), w (write), m (mknod). */
static int check_device_rules(const struct spec_resources *resources, struct error *err)
{
	for (size_t i = 0; i < resources->devices.n; i++) {
		const char *access = resources->devices.item[i].access;

		if (access && access[strspn(access, "rwm")] != '\0')
			return error_set(err, EINVAL,
					 "devices[%zu].access: wants letters of \"rwm\"", i);
	}
	return 0;
}

/* config-linux.md#memory */
static int check_swappiness(const struct spec_resources *resources, struct error *err)
{
	const struct spec_memory *memory = resources->memory;

	if (memory && memory->swappiness.set && memory->swappiness.value > SWAPPINESS_MAX)
		return error_set(err, EINVAL, "memory.swappiness: wants 0 to %d", SWAPPINESS_MAX);
	return 0;
}

static int check_list(const char *key, const char *list, struct error *err)
{
	if (list && list[strspn(list, "0123456789-, ")] != '\0')
		return error_set(err, EINVAL, "cpu.%s: wants a list such as 0-3,8", key);
	return 0;
}

/* config-linux.md#cpu: cpus and mems are cpuset(7) lists. */
static int check_cpu_lists(const struct spec_resources *resources, struct error *err)
{
	if (!resources->cpu)
		return 0;
	TRY(check_list("cpus", resources->cpu->cpus, err));
	return check_list("mems", resources->cpu->mems, err);
}

static bool is_weight(const struct optional_int *weight)
{
	return !weight->set || weight->value == 0 || weight->value >= WEIGHT_MIN;
}

static int check_weight(const struct optional_int *weight, const struct optional_int *leaf_weight,
			struct error *err)
{
	if (!is_weight(weight) || !is_weight(leaf_weight))
		return error_set(err, EINVAL, "%s: wants 10 to 1000, or 0 for unset",
				 is_weight(weight) ? "leafWeight" : "weight");
	return 0;
}

/* config-linux.md#block-io: weights, of which a device has at least one. */
static int check_block_io(const struct spec_resources *resources, struct error *err)
{
	const struct spec_block_io *io = resources->block_io;

	if (!io)
		return 0;
	if (check_weight(&io->weight, &io->leaf_weight, err) < 0)
		return error_prefix(err, "blockIO.");
	for (size_t i = 0; i < io->weight_device.n; i++) {
		const struct spec_weight_device *device = &io->weight_device.item[i];

		if (!device->weight.set && !device->leaf_weight.set)
			return error_set(err, EINVAL,
					 "blockIO.weightDevice[%zu]: needs weight or leafWeight",
					 i);
		if (check_weight(&device->weight, &device->leaf_weight, err) < 0)
			return error_prefix(err, "blockIO.weightDevice[%zu].", i);
	}
	return 0;
}

/* "64KB", "2MB", "1GB": a number without leading zeros, then the unit. */
static bool is_page_size(const char *text)
{
	size_t n = strspn(text, "0123456789");

	return n > 0 && text[0] != '0' && text[n] && strchr("KMG", text[n]) &&
	       strcmp(text + n + 1, "B") == 0;
}

/* config-linux.md#huge-page-limits: the size as /sys/fs/cgroup/hugetlb.<size>.max has it. */
static int check_hugepage_limits(const struct spec_resources *resources, struct error *err)
{
	for (size_t i = 0; i < resources->hugepage_limits.n; i++)
		if (!is_page_size(resources->hugepage_limits.item[i].page_size))
			return error_set(
				err, EINVAL,
				"hugepageLimits[%zu].pageSize: wants a size such as 64KB, 2MB or 1GB",
				i);
	return 0;
}

/* config-linux.md#rdma: an entry sets at least one of the two limits. */
static int check_rdma(const struct spec_resources *resources, struct error *err)
{
	for (size_t i = 0; i < resources->rdma.n; i++) {
		const struct spec_rdma *rdma = &resources->rdma.item[i];

		if (!*rdma->key)
			return error_set(err, EINVAL, "rdma: a key is empty (name the device)");
		if (!rdma->hca_handles.set && !rdma->hca_objects.set)
			return error_set(err, EINVAL,
					 "rdma: entry %zu needs hcaHandles or hcaObjects", i + 1);
	}
	return 0;
}

/* config-linux.md#unified: a key is a file of the container's own cgroup directory. */
static int check_unified(const struct spec_resources *resources, struct error *err)
{
	for (size_t i = 0; i < resources->unified.n; i++) {
		const char *key = resources->unified.item[i].key;

		if (!*key || strchr(key, '/') || strcmp(key, ".") == 0 || strcmp(key, "..") == 0)
			return error_set(
				err, EINVAL,
				"unified: key %zu is no file of a cgroup (wants a name such as memory.high)",
				i + 1);
	}
	return 0;
}

int spec_config_validate_resources(const struct spec_resources *resources, struct error *err)
{
	static int (*const checks[])(const struct spec_resources *, struct error *) = {
		check_device_rules,    check_swappiness, check_cpu_lists, check_block_io,
		check_hugepage_limits, check_rdma,	 check_unified,
	};

	for (size_t i = 0; i < sizeof checks / sizeof *checks; i++)
		TRY(checks[i](resources, err));
	return 0;
}
