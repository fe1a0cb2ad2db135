/* SPDX-License-Identifier: Apache-2.0 */
#include "state/status.h"

#include <criterion/criterion.h>

static int allows(enum status status, enum status_operation operation, struct error *err)
{
	*err = (struct error){ 0 };
	return status_allows(status, operation, "web1", err);
}

Test(status, has_the_words_of_the_runtime_spec)
{
	cr_assert_str_eq(status_name(STATUS_CREATING), "creating");
	cr_assert_str_eq(status_name(STATUS_CREATED), "created");
	cr_assert_str_eq(status_name(STATUS_RUNNING), "running");
	cr_assert_str_eq(status_name(STATUS_PAUSED), "paused");
	cr_assert_str_eq(status_name(STATUS_STOPPED), "stopped");
}

Test(status, allows_each_operation_in_exactly_these_statuses)
{
	static const unsigned allowed[STATUS_OP_COUNT] = {
		[STATUS_OP_START] = 1 << STATUS_CREATED,
		[STATUS_OP_EXEC] = 1 << STATUS_CREATED | 1 << STATUS_RUNNING,
		[STATUS_OP_KILL] = 1 << STATUS_CREATED | 1 << STATUS_RUNNING | 1 << STATUS_PAUSED,
		[STATUS_OP_DELETE] = 1 << STATUS_CREATED | 1 << STATUS_STOPPED,
		[STATUS_OP_PAUSE] = 1 << STATUS_RUNNING,
		[STATUS_OP_RESUME] = 1 << STATUS_PAUSED,
		[STATUS_OP_UPDATE] = 1 << STATUS_CREATED | 1 << STATUS_RUNNING | 1 << STATUS_PAUSED,
		[STATUS_OP_CHECKPOINT] = 1 << STATUS_RUNNING,
	};
	struct error err;

	for (int op = 0; op < STATUS_OP_COUNT; op++)
		for (int s = 0; s < STATUS_COUNT; s++)
			cr_expect_eq(allows((enum status)s, (enum status_operation)op, &err) == 0,
				     !!(allowed[op] & 1u << s), "operation %d in %s", op,
				     status_name((enum status)s));
}

Test(status, a_signal_for_a_stopped_container_has_the_words_that_containerd_matches)
{
	struct error err;

	cr_assert_eq(allows(STATUS_STOPPED, STATUS_OP_KILL, &err), -ESRCH);
	cr_assert_str_eq(err.text, "container not running: no such process");
}

Test(status, a_refused_delete_names_the_container_and_its_status)
{
	struct error err;

	cr_assert_eq(allows(STATUS_RUNNING, STATUS_OP_DELETE, &err), -STATUS_REFUSED);
	cr_assert_str_eq(err.text, "cannot delete container web1 that is not stopped: running");
}

Test(status, the_other_texts_are_those_that_clients_match)
{
	struct error err;

	allows(STATUS_STOPPED, STATUS_OP_START, &err);
	cr_expect_str_eq(err.text, "cannot start a container that has stopped");
	allows(STATUS_RUNNING, STATUS_OP_START, &err);
	cr_expect_str_eq(err.text, "cannot start an already running container");
	allows(STATUS_STOPPED, STATUS_OP_EXEC, &err);
	cr_expect_str_eq(err.text, "cannot exec in a stopped container");
	allows(STATUS_PAUSED, STATUS_OP_EXEC, &err);
	cr_expect_str_eq(err.text,
			 "cannot exec in a paused container (use --ignore-paused to override)");
	allows(STATUS_RUNNING, STATUS_OP_RESUME, &err);
	cr_expect_str_eq(err.text, "container not paused");
}
