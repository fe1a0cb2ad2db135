/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <errno.h>

#include "spec/config_validate.h"
#include "tests/unit/spec/data.h"

static struct spec_resources resources;
static struct error err;

static void release(void)
{
	json_release(&spec_resources_schema, &resources);
}

TestSuite(config_validate_resources, .fini = release);

static void expect(const char *text, int result)
{
	data_decode(&spec_resources_schema, text, &resources);
	cr_expect_eq(spec_config_validate_resources(&resources, &err), result, "%s: %s", text,
		     err.text);
	release();
}

Test(config_validate_resources, no_resources_are_fine)
{
	expect("{}", 0);
	expect("{\"memory\":{},\"cpu\":{},\"pids\":{},\"blockIO\":{},\"network\":{}}", 0);
}

Test(config_validate_resources, access_is_made_of_three_letters)
{
	expect("{\"devices\":[{\"allow\":true,\"access\":\"mwr\"}]}", 0);
	expect("{\"devices\":[{\"allow\":true,\"access\":\"\"}]}", 0);
	expect("{\"devices\":[{\"allow\":true,\"access\":\"rwx\"}]}", -EINVAL);
}

Test(config_validate_resources, a_weight_is_unset_or_from_10_to_1000)
{
	expect("{\"blockIO\":{\"weight\":0,\"leafWeight\":0}}", 0);
	expect("{\"blockIO\":{\"weight\":10,\"leafWeight\":1000}}", 0);
	expect("{\"blockIO\":{\"weight\":1}}", -EINVAL);
	expect("{\"blockIO\":{\"leafWeight\":9}}", -EINVAL);
}

Test(config_validate_resources, page_sizes_are_as_the_kernel_names_them)
{
	expect("{\"hugepageLimits\":[{\"pageSize\":\"16384KB\",\"limit\":0}]}", 0);
	expect("{\"hugepageLimits\":[{\"pageSize\":\"02MB\",\"limit\":0}]}", -EINVAL);
	expect("{\"hugepageLimits\":[{\"pageSize\":\"2\",\"limit\":0}]}", -EINVAL);
	expect("{\"hugepageLimits\":[{\"pageSize\":\"\",\"limit\":0}]}", -EINVAL);
	expect("{\"hugepageLimits\":[{\"pageSize\":\"../2MB\",\"limit\":0}]}", -EINVAL);
}

Test(config_validate_resources, unified_keys_stay_in_the_cgroup)
{
	expect("{\"unified\":{\"memory.high\":\"1\",\"...\":\"1\"}}", 0);
	expect("{\"unified\":{\"../cgroup.procs\":\"1\"}}", -EINVAL);
	expect("{\"unified\":{\"..\":\"1\"}}", -EINVAL);
}
