/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <errno.h>

#include "spec/config.h"
#include "tests/unit/spec/data.h"

static struct spec_resources resources;
static struct error err;

static void release(void)
{
	json_release(&spec_resources_schema, &resources);
}

TestSuite(resources_schema, .fini = release);

static void expect_error(const char *text, const char *expected)
{
	cr_expect_eq(json_decode(&spec_resources_schema, text, strlen(text), &resources, &err),
		     -EINVAL);
	cr_expect_str_eq(err.text, expected);
	release();
}

Test(resources_schema, resources_are_a_document_of_their_own)
{
	data_decode(&spec_resources_schema,
		    "{\"memory\":{\"limit\":-1,\"swappiness\":0},\"pids\":{\"limit\":0},"
		    "\"cpu\":{\"quota\":-1,\"shares\":18446744073709551615}}",
		    &resources);
	cr_expect_eq(resources.memory->limit.value, -1);
	cr_expect(resources.memory->swappiness.set);
	cr_expect_not(resources.memory->swap.set);
	cr_expect(resources.pids->limit.set);
	cr_expect_eq(resources.pids->limit.value, 0);
	cr_expect_eq(resources.cpu->shares.value, UINT64_MAX);
	free(data_round_trip(&spec_resources_schema, &resources));
}

Test(resources_schema, every_property_survives_a_round_trip)
{
	cleanup_free char *text = data_read("config/valid/every-property.json");
	cleanup_free char *out = NULL;
	struct spec_config config = {};

	data_decode(&spec_config_schema, text, &config);
	out = data_round_trip(&spec_resources_schema, config.linux_->resources);
	cr_expect_not_null(strstr(out, "\"throttleWriteIOPSDevice\""));
	cr_expect_not_null(strstr(out, "\"mlx5_1\""));
	cr_expect_not_null(strstr(out, "8:0 rbps=1\\n8:16 rbps=2"));
	json_release(&spec_config_schema, &config);
}

Test(resources_schema, a_device_rule_without_type_is_for_all)
{
	data_decode(
		&spec_resources_schema,
		"{\"devices\":[{\"allow\":false},{\"allow\":true,\"type\":\"a\",\"major\":-1}]}",
		&resources);
	cr_expect_eq(resources.devices.item[0].type.value, SPEC_DEVICE_ALL);
	cr_expect_eq(resources.devices.item[1].type.value, SPEC_DEVICE_ALL);
	cr_expect(resources.devices.item[0].allow.set);
	cr_expect_not(resources.devices.item[0].allow.value);
	cr_expect_not(resources.devices.item[0].major.set);
	cr_expect_eq(resources.devices.item[1].major.value, -1);
}

Test(resources_schema, rdma_devices_are_keys)
{
	data_decode(&spec_resources_schema, "{\"rdma\":{\"mlx5_1\":{\"hcaHandles\":3}}}",
		    &resources);
	cr_expect_str_eq(resources.rdma.item[0].key, "mlx5_1");
	cr_expect_eq(resources.rdma.item[0].hca_handles.value, 3);
	cr_expect_not(resources.rdma.item[0].hca_objects.set);
}

Test(resources_schema, paths_in_errors_begin_at_the_resources)
{
	expect_error("{\"devices\":[{}]}", "devices[0].allow: is required");
	expect_error("{\"rdma\":{\"a\":{\"hcaObjects\":-1}}}",
		     "rdma['a'].hcaObjects: -1 is out of range (0 to 4294967295)");
	expect_error("{\"hugepageLimits\":[{\"pageSize\":\"2MB\"}]}",
		     "hugepageLimits[0].limit: is required");
}
