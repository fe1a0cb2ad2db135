/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a system call is called by: its number on each architecture, as libseccomp
 * knows it, and the second way to it through socketcall(2) or ipc(2).
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct filter_number {
	int number;	       /* of the call itself; negative: it has none */
	int through;	       /* number of socketcall or ipc; negative: no such way */
	uint32_t through_call; /* their first argument, of which through_mask counts */
	uint32_t through_mask;
};

/* False: the architecture (libseccomp's token) does not have the call, or libseccomp not its name. */
bool filter_number_find(uint32_t token, const char *name, struct filter_number *ret);
