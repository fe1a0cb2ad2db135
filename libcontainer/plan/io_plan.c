/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

#include "plan/resource_plan.h"

#define IO "linux.resources.blockIO."

/* v1's weights, 10..1000, are BFQ's own scale; io.weight has 1..10000. */
static int64_t weight_on_host(const struct resource_context *x, int64_t weight)
{
	return x->host->io_bfq ? weight : 1 + (weight - 10) * 9999 / 990;
}

static struct resource_wish weight_wish(const struct resource_context *x, const char *from)
{
	return RESOURCE_WISH(HOST_IO, from, x->host->io_bfq ? "io.bfq.weight" : "io.weight");
}

static int check_weight(const char *from, int64_t weight, struct error *err)
{
	if (weight < 10 || weight > 1000)
		return error_set(err, EINVAL, "%s: wants 10..1000, or 0 for the default", from);
	return 0;
}

static bool is_given(const struct optional_int *number)
{
	return number->set && number->value;
}

static int build_weight(const struct resource_context *x, const struct spec_block_io *io,
			struct error *err)
{
	struct resource_wish wish = weight_wish(x, IO "weight");
	char text[48];

	if (is_given(&io->leaf_weight))
		return resource_write_refuse_v1(IO "leafWeight", err);
	if (!is_given(&io->weight))
		return 0;
	TRY(check_weight(wish.from, io->weight.value, err));
	snprintf(text, sizeof text, "default %" PRId64, weight_on_host(x, io->weight.value));
	wish.value = text;
	return resource_write_add(x, wish, err);
}

static int build_weight_device(const struct resource_context *x, size_t i,
			       const struct spec_weight_device *device, struct error *err)
{
	struct resource_wish wish;
	char from[80], text[80];

	snprintf(from, sizeof from, IO "weightDevice[%zu].leafWeight", i);
	if (is_given(&device->leaf_weight))
		return resource_write_refuse_v1(from, err);
	if (!is_given(&device->weight))
		return 0;
	snprintf(from, sizeof from, IO "weightDevice[%zu].weight", i);
	TRY(check_weight(from, device->weight.value, err));
	snprintf(text, sizeof text, "%" PRId64 ":%" PRId64 " %" PRId64, device->major.value,
		 device->minor.value, weight_on_host(x, device->weight.value));
	wish = weight_wish(x, from);
	wish.value = text;
	return resource_write_add(x, wish, err);
}

/* One write each: the kernel takes one device at a time. A rate of 0 ends a limit, as in v1. */
static int build_throttle(const struct resource_context *x, const char *from, const char *key,
			  const struct spec_throttle_device *device, struct error *err)
{
	bool limited = device->rate.set && device->rate.value;
	char text[96];
	int n;

	n = snprintf(text, sizeof text, "%" PRId64 ":%" PRId64 " %s=", device->major.value,
		     device->minor.value, key);
	if (limited)
		snprintf(text + n, sizeof text - n, "%" PRIu64, device->rate.value);
	else
		snprintf(text + n, sizeof text - n, "max");
	return resource_write_add(
		x, RESOURCE_WISH(HOST_IO, from, "io.max", .value = text, .is_default = !limited),
		err);
}

static int build_throttles(const struct resource_context *x, const struct spec_block_io *io,
			   struct error *err)
{
	const struct {
		const char *from, *key;
		const struct spec_throttle_device *item;
		size_t n;
	} lists[] = {
		{ IO "throttleReadBpsDevice", "rbps", io->throttle_read_bps_device.item,
		  io->throttle_read_bps_device.n },
		{ IO "throttleWriteBpsDevice", "wbps", io->throttle_write_bps_device.item,
		  io->throttle_write_bps_device.n },
		{ IO "throttleReadIOPSDevice", "riops", io->throttle_read_iops_device.item,
		  io->throttle_read_iops_device.n },
		{ IO "throttleWriteIOPSDevice", "wiops", io->throttle_write_iops_device.item,
		  io->throttle_write_iops_device.n },
	};

	for (size_t l = 0; l < sizeof lists / sizeof *lists; l++)
		for (size_t i = 0; i < lists[l].n; i++)
			TRY(build_throttle(x, lists[l].from, lists[l].key, &lists[l].item[i], err));
	return 0;
}

int io_plan_build(const struct resource_context *x, const struct spec_block_io *io,
		  struct error *err)
{
	if (!io)
		return 0;
	TRY(build_weight(x, io, err));
	for (size_t i = 0; i < io->weight_device.n; i++)
		TRY(build_weight_device(x, i, &io->weight_device.item[i], err));
	return build_throttles(x, io, err);
}
