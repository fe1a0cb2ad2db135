/* SPDX-License-Identifier: Apache-2.0 */
#include "init/phase.h"

#include <errno.h>

static const char *const names[PHASE_COUNT] = {
	[PHASE_BORN] = "born",
	[PHASE_IDMAP] = "idmap",
	[PHASE_NET_DEVICES] = "net-devices",
	[PHASE_RUNTIME_HOOKS] = "runtime-hooks",
	[PHASE_CONSOLE] = "console",
	[PHASE_CREATED] = "created",
};

const char *phase_name(enum phase phase)
{
	return names[phase];
}

int phase_accept(struct phase_sequence *sequence, int phase, struct error *err)
{
	if (phase < 0 || phase >= PHASE_COUNT)
		return error_set(err, EPROTO, "init sent an unknown phase %d", phase);
	if (!(sequence->needed & 1u << phase))
		return error_set(err, EPROTO, "init sent '%s', which is not needed", names[phase]);
	if (phase == PHASE_IDMAP && phase == sequence->last)
		return 0;
	if (phase <= sequence->last)
		return error_set(err, EPROTO, "init sent '%s' out of order", names[phase]);
	for (int skipped = sequence->last + 1; skipped < phase; skipped++)
		if (sequence->needed & 1u << skipped)
			return error_set(err, EPROTO, "init sent '%s' before '%s'", names[phase],
					 names[skipped]);
	sequence->last = phase;
	return 0;
}
