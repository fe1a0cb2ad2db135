/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <errno.h>

#include "init/phase.h"

#define NEEDED (1u << PHASE_BORN | 1u << PHASE_CONSOLE | 1u << PHASE_CREATED)

static struct phase_sequence sequence;
static struct error err;

static void begin(void)
{
	sequence = (struct phase_sequence){ .needed = NEEDED, .last = -1 };
	err = (struct error){};
}

TestSuite(phase, .init = begin);

Test(phase, needed_phases_come_in_order)
{
	cr_assert_eq(phase_accept(&sequence, PHASE_BORN, &err), 0);
	cr_assert_eq(phase_accept(&sequence, PHASE_CONSOLE, &err), 0);
	cr_assert_eq(phase_accept(&sequence, PHASE_CREATED, &err), 0);
}

Test(phase, a_skipped_phase_is_named)
{
	cr_assert_eq(phase_accept(&sequence, PHASE_BORN, &err), 0);
	cr_assert_eq(phase_accept(&sequence, PHASE_CREATED, &err), -EPROTO);
	cr_assert_str_eq(err.text, "init sent 'created' before 'console'");
}

Test(phase, a_repeated_phase_is_out_of_order)
{
	cr_assert_eq(phase_accept(&sequence, PHASE_BORN, &err), 0);
	cr_assert_eq(phase_accept(&sequence, PHASE_BORN, &err), -EPROTO);
	cr_assert_str_eq(err.text, "init sent 'born' out of order");
}

Test(phase, every_mount_may_ask_for_its_id_map_but_not_later)
{
	sequence.needed |= 1u << PHASE_IDMAP;
	cr_assert_eq(phase_accept(&sequence, PHASE_BORN, &err), 0);
	cr_assert_eq(phase_accept(&sequence, PHASE_IDMAP, &err), 0);
	cr_assert_eq(phase_accept(&sequence, PHASE_IDMAP, &err), 0);
	cr_assert_eq(phase_accept(&sequence, PHASE_CONSOLE, &err), 0);
	cr_assert_eq(phase_accept(&sequence, PHASE_IDMAP, &err), -EPROTO);
}

Test(phase, an_unneeded_phase_is_refused)
{
	cr_assert_eq(phase_accept(&sequence, PHASE_RUNTIME_HOOKS, &err), -EPROTO);
	cr_assert_str_eq(err.text, "init sent 'runtime-hooks', which is not needed");
}

Test(phase, a_number_that_is_no_phase_is_refused)
{
	cr_assert_eq(phase_accept(&sequence, PHASE_COUNT, &err), -EPROTO);
	cr_assert_eq(phase_accept(&sequence, -7, &err), -EPROTO);
}
