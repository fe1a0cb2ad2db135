/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "plan/resource_plan.h"
#include "resources_fixture.h"

#define IO "linux.resources.blockIO."

Test(io_plan, weights_are_stretched_to_the_scale_of_v2)
{
	expect("{\"blockIO\":{\"weight\":10}}", "io.weight=default 1;");
	expect("{\"blockIO\":{\"weight\":500}}", "io.weight=default 4950;");
	expect("{\"blockIO\":{\"weight\":1000}}", "io.weight=default 10000;");
	expect("{\"blockIO\":{\"weight\":0,\"leafWeight\":0}}", "");
}

Test(io_plan, bfq_has_the_scale_of_the_config)
{
	struct host bfq = host;
	struct error err = {};
	char *text;

	bfq.io_bfq = true;
	text = writes_on(&bfq,
			 "{\"blockIO\":{\"weight\":500,\"weightDevice\":"
			 "[{\"major\":8,\"minor\":16,\"weight\":20}]}}",
			 &err);
	cr_assert_str_eq(text, "io.bfq.weight=default 500;io.bfq.weight=8:16 20;");
	free(text);
}

Test(io_plan, each_device_is_a_write)
{
	expect("{\"blockIO\":{\"weightDevice\":[{\"major\":8,\"minor\":0,\"weight\":1000},"
	       "{\"major\":8,\"minor\":16,\"weight\":10}]}}",
	       "io.weight=8:0 10000;io.weight=8:16 1;");
}

Test(io_plan, each_throttle_has_its_key)
{
	expect("{\"blockIO\":{"
	       "\"throttleReadBpsDevice\":[{\"major\":8,\"minor\":0,\"rate\":600}],"
	       "\"throttleWriteBpsDevice\":[{\"major\":8,\"minor\":1,\"rate\":18446744073709551615}],"
	       "\"throttleReadIOPSDevice\":[{\"major\":8,\"minor\":2,\"rate\":3}],"
	       "\"throttleWriteIOPSDevice\":[{\"major\":8,\"minor\":3,\"rate\":4},"
	       "{\"major\":8,\"minor\":4,\"rate\":0}]}}",
	       "io.max=8:0 rbps=600;io.max=8:1 wbps=18446744073709551615;io.max=8:2 riops=3;"
	       "io.max=8:3 wiops=4;?io.max=8:4 wiops=max;");
}

Test(io_plan, leaf_weights_are_of_v1)
{
	expect_error("{\"blockIO\":{\"leafWeight\":10}}", ENOTSUP,
		     IO "leafWeight is cgroup v1 only");
	expect_error(
		"{\"blockIO\":{\"weightDevice\":[{\"major\":8,\"minor\":0,\"leafWeight\":10}]}}",
		ENOTSUP, IO "weightDevice[0].leafWeight is cgroup v1 only");
}

Test(io_plan, weights_have_their_range)
{
	expect_error("{\"blockIO\":{\"weight\":9}}", EINVAL,
		     IO "weight: wants 10..1000, or 0 for the default");
	expect_error("{\"blockIO\":{\"weightDevice\":[{\"major\":8,\"minor\":0,\"weight\":9}]}}",
		     EINVAL, IO "weightDevice[0].weight: wants 10..1000, or 0 for the default");
}
