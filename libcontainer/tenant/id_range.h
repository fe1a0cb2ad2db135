/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which of the host's ids a tenant's user namespace maps: 65536 in a row that no other tenant
 * has and that nobody else on the host uses. Pure.
 *
 * The block to take them from is what /etc/subuid and /etc/subgid give to "ctr"; where they do
 * not name it, ID_RANGE_DEFAULT_BASE and the ID_RANGE_DEFAULT_COUNT ids that follow: above
 * what distributions give to users (adduser ends at 60000, useradd's subordinate ids begin at
 * 100000 and systemd-nspawn takes 524288 to 1879048191), and below 2^31, which old software
 * takes for negative.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

#define ID_RANGE_SIZE	       65536u
#define ID_RANGE_DEFAULT_BASE  1879048192u
#define ID_RANGE_DEFAULT_COUNT 268369920u /* 4095 tenants */

struct id_range {
	uint32_t base, count;
};

/*
 * The first entry of `name` in the text of a subuid(5) file. `*ret` is {0, 0} without one.
 * Lines that are not of the form are passed over, as newuidmap does. `text` may be NULL.
 */
void id_range_find(const char *text, const char *name, struct id_range *ret);

/*
 * The ids that both files give, or the default when neither names "ctr". Errors: EINVAL (only
 * one of them does, or no whole range is in both).
 */
int id_range_block(const char *subuid, const char *subgid, struct id_range *ret, struct error *err);

/*
 * The lowest multiple of ID_RANGE_SIZE in `block` whose range no entry of `taken` touches; bases
 * of tenants in any order, which are sorted here. Errors: ENOSPC (names what to enlarge).
 */
int id_range_choose(const struct id_range *block, uint32_t *taken, size_t n, uint32_t *ret,
		    struct error *err);

/* Is `base` one a tenant may have: aligned, within the block? Errors: EINVAL. */
int id_range_check(const struct id_range *block, uint32_t base, struct error *err);
