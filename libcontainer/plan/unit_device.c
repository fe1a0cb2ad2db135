/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/list.h"
#include "plan/cgroup_plan.h"

enum { READ = 1, WRITE = 2, MKNOD = 4, ALL = 7, ANY = -1 };

/* What one kind of devices is allowed by now. */
struct entry {
	char type; /* c, b */
	int64_t major, minor;
	int access;
};

struct entries {
	LIST_OF(struct entry) list;
};

static void release(struct entries *entries)
{
	free(entries->list.item);
}

static int access_of(const struct spec_device_rule *rule)
{
	int access = 0;

	for (const char *c = rule->access ? rule->access : ""; *c; c++)
		access |= *c == 'r' ? READ : *c == 'w' ? WRITE : *c == 'm' ? MKNOD : 0;
	return access ? access : ALL;
}

static int64_t number_of(const struct optional_int *number)
{
	return number->set ? number->value : ANY;
}

/* systemd has no name for "any major with this minor": that becomes any device. */
static int allow(struct entries *entries, struct entry rule, struct error *err)
{
	struct entry *entry = NULL;

	if (rule.major == ANY)
		rule.minor = ANY;
	for (size_t i = 0; i < entries->list.n; i++)
		if (entries->list.item[i].type == rule.type &&
		    entries->list.item[i].major == rule.major &&
		    entries->list.item[i].minor == rule.minor)
			entry = &entries->list.item[i];
	if (!entry) {
		entry = list_add(&entries->list);
		if (!entry)
			return error_errno(err, ENOMEM, "plan device rules");
		*entry = rule;
	}
	entry->access |= rule.access;
	return 0;
}

/* Entries that the rule covers whole lose its access; others it does not narrow. */
static void deny(struct entries *entries, struct entry rule)
{
	for (size_t i = 0; i < entries->list.n; i++) {
		struct entry *entry = &entries->list.item[i];

		if (entry->type == rule.type && (rule.major == ANY || rule.major == entry->major) &&
		    (rule.minor == ANY || rule.minor == entry->minor))
			entry->access &= ~rule.access;
	}
}

static int take(struct entries *entries, const struct spec_device_rule *rule, char type,
		struct error *err)
{
	const struct entry entry = { type, number_of(&rule->major), number_of(&rule->minor),
				     access_of(rule) };

	if (rule->allow.set && rule->allow.value)
		return allow(entries, entry, err);
	deny(entries, entry);
	return 0;
}

static int add(const struct entry *entry, struct unit_plan *ret, struct error *err)
{
	const char *class = entry->type == 'c' ? "char" : "block";
	char name[64], item[96];

	if (!entry->access)
		return 0;
	if (entry->major == ANY)
		snprintf(name, sizeof name, "%s-*", class);
	else if (entry->minor == ANY)
		snprintf(name, sizeof name, "%s-%" PRId64, class, entry->major);
	else
		snprintf(name, sizeof name, "/dev/%s/%" PRId64 ":%" PRId64, class, entry->major,
			 entry->minor);
	snprintf(item, sizeof item, "('%s', '%s%s%s')", name, entry->access & READ ? "r" : "",
		 entry->access & WRITE ? "w" : "", entry->access & MKNOD ? "m" : "");
	return unit_plan_append(ret, "DeviceAllow", item, err);
}

int unit_device_build(const struct spec_device_rule *rules, size_t n, struct unit_plan *ret,
		      struct error *err)
{
	__attribute__((__cleanup__(release))) struct entries entries = {};

	for (size_t i = 0; i < n; i++) {
		int64_t type = rules[i].type.set ? rules[i].type.value : SPEC_DEVICE_ALL;

		if (type != SPEC_DEVICE_BLOCK)
			TRY(take(&entries, &rules[i], 'c', err));
		if (type == SPEC_DEVICE_BLOCK || type == SPEC_DEVICE_ALL)
			TRY(take(&entries, &rules[i], 'b', err));
	}
	TRY(unit_plan_set(ret, "DevicePolicy", 0, err, "'strict'"));
	for (size_t i = 0; i < entries.list.n; i++)
		TRY(add(&entries.list.item[i], ret, err));
	return 0;
}
