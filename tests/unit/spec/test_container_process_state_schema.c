/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>

#include "spec/state.h"
#include "tests/unit/spec/data.h"

Test(container_process_state_schema, it_is_the_message_that_agents_read)
{
	static const char text[] =
		"{\"ociVersion\":\"1.3.0\",\"fds\":[\"seccompFd\"],\"pid\":7,\"metadata\":\"m\","
		"\"state\":{\"ociVersion\":\"1.3.0\",\"id\":\"a\",\"status\":\"creating\","
		"\"bundle\":\"/b\"}}";
	struct spec_container_process_state message = {};
	cleanup_free char *out = NULL;
	struct error err;

	data_decode(&spec_container_process_state_schema, text, &message);
	cr_expect_str_eq(message.fds.item[0], "seccompFd");
	cr_expect_str_eq(message.state->id, "a");
	cr_assert_eq(json_encode(&spec_container_process_state_schema, &message, JSON_COMPACT, &out,
				 &err),
		     0);
	cr_expect_str_eq(out, text);
	json_release(&spec_container_process_state_schema, &message);
}
