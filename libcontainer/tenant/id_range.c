/* SPDX-License-Identifier: Apache-2.0 */
#include "tenant/id_range.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define ID_MAX 4294967294u /* 2^32-1 is never an id */

/* A decimal number that ends at `end`; returns what follows the end, NULL: it is none. */
static const char *read_number(const char *text, const char *ends, uint64_t *ret)
{
	size_t n = strspn(text, "0123456789");

	if (n == 0 || n > 10 || !strchr(ends, text[n]))
		return NULL;
	*ret = strtoull(text, NULL, 10);
	return text[n] ? text + n + 1 : text + n;
}

void id_range_find(const char *text, const char *name, struct id_range *ret)
{
	size_t n = strlen(name);

	*ret = (struct id_range){};
	while (text && *text) {
		uint64_t base, count;
		const char *at = text;

		text = strchr(text, '\n');
		text = text ? text + 1 : NULL;
		if (strncmp(at, name, n) != 0 || at[n] != ':')
			continue;
		at = read_number(at + n + 1, ":", &base);
		if (!at || !read_number(at, "\n", &count))
			continue;
		if (base > ID_MAX || count > ID_MAX || base + count > (uint64_t)ID_MAX + 1)
			continue;
		*ret = (struct id_range){ (uint32_t)base, (uint32_t)count };
		return;
	}
}

static uint64_t align_up(uint64_t id)
{
	return (id + ID_RANGE_SIZE - 1) / ID_RANGE_SIZE * ID_RANGE_SIZE;
}

static uint64_t end_of(const struct id_range *range)
{
	return (uint64_t)range->base + range->count;
}

int id_range_block(const char *subuid, const char *subgid, struct id_range *ret, struct error *err)
{
	struct id_range uids, gids;
	uint64_t base, end;

	id_range_find(subuid, "ctr", &uids);
	id_range_find(subgid, "ctr", &gids);
	if (!uids.count && !gids.count) {
		*ret = (struct id_range){ ID_RANGE_DEFAULT_BASE, ID_RANGE_DEFAULT_COUNT };
		return 0;
	}
	if (!uids.count || !gids.count)
		return error_set(err, EINVAL,
				 "%s gives ctr no ids, but %s does: add the same line there",
				 uids.count ? "/etc/subgid" : "/etc/subuid",
				 uids.count ? "/etc/subuid" : "/etc/subgid");
	base = uids.base > gids.base ? uids.base : gids.base;
	end = end_of(&uids) < end_of(&gids) ? end_of(&uids) : end_of(&gids);
	/* Id 0 is the host's root, whatever the files say. */
	base = align_up(base ? base : 1);
	if (end < base + ID_RANGE_SIZE)
		return error_set(
			err, EINVAL,
			"/etc/subuid and /etc/subgid give ctr no %u ids in common that begin at "
			"a multiple of %u",
			ID_RANGE_SIZE, ID_RANGE_SIZE);
	*ret = (struct id_range){ (uint32_t)base, (uint32_t)(end - base) };
	return 0;
}

static int compare(const void *left, const void *right)
{
	uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;

	return a < b ? -1 : a > b;
}

int id_range_choose(const struct id_range *block, uint32_t *taken, size_t n, uint32_t *ret,
		    struct error *err)
{
	uint64_t base = align_up(block->base);

	if (n)
		qsort(taken, n, sizeof *taken, compare);
	for (size_t i = 0; i < n; i++) {
		if ((uint64_t)taken[i] + ID_RANGE_SIZE <= base)
			continue;
		if (taken[i] >= base + ID_RANGE_SIZE)
			break;
		base = align_up((uint64_t)taken[i] + ID_RANGE_SIZE);
	}
	if (base + ID_RANGE_SIZE > end_of(block))
		return error_set(err, ENOSPC,
				 "all ids from %" PRIu32 " to %" PRIu64
				 " are given to tenants: give ctr "
				 "more in /etc/subuid and /etc/subgid",
				 block->base, end_of(block) - 1);
	*ret = (uint32_t)base;
	return 0;
}

int id_range_check(const struct id_range *block, uint32_t base, struct error *err)
{
	if (base % ID_RANGE_SIZE)
		return error_set(err, EINVAL, "id range %" PRIu32 ": wants a multiple of %u", base,
				 ID_RANGE_SIZE);
	if (base < block->base || (uint64_t)base + ID_RANGE_SIZE > end_of(block))
		return error_set(err, EINVAL,
				 "id range %" PRIu32 ": is outside of %" PRIu32 " to %" PRIu64
				 ", which are ctr's",
				 base, block->base, end_of(block) - 1);
	return 0;
}
