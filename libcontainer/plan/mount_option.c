/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/mount_option.h"

#include <string.h>
#include <sys/mount.h>

#include "plan/mount_plan.h"

#define N_OPTIONS (sizeof options / sizeof *options)

/* clang-format off */
#define ATTRIBUTE(name, field, set)                                          \
	{ name,     MOUNT_OPTION_ATTRIBUTE, MOUNT_ATTR_##field, set, 0, false, 0, NULL }, \
	{ "r" name, MOUNT_OPTION_RECURSIVE, MOUNT_ATTR_##field, set, 0, false, 0, NULL },
#define PROPAGATION(name, flags)    { name, MOUNT_OPTION_PROPAGATION, 0, 0, flags, false, 0, NULL },
#define BIND(name, recursive)       { name, MOUNT_OPTION_BIND, 0, 0, 0, recursive, 0, NULL },
#define REMOUNT(name)               { name, MOUNT_OPTION_REMOUNT, 0, 0, 0, false, 0, NULL },
#define PARAMETER(name)             { name, MOUNT_OPTION_PARAMETER, 0, 0, 0, false, 0, NULL },
#define SWITCH(name, member, only)  { name, MOUNT_OPTION_SWITCH, 0, 0, 0, false, offsetof(struct mount_op, member), only },
#define IDMAP(name, recursive)      { name, MOUNT_OPTION_IDMAP, 0, 0, 0, recursive, 0, NULL },
#define IGNORED(name)               { name, MOUNT_OPTION_IGNORED, 0, 0, 0, false, 0, NULL },

static const struct mount_option options[] = {
#include "plan/mount_option.def"
};
/* clang-format on */

const struct mount_option *mount_option_find(const char *name)
{
	for (size_t i = 0; i < N_OPTIONS; i++)
		if (!strcmp(options[i].name, name))
			return &options[i];
	return NULL;
}

void mount_option_apply(const struct mount_option *option, uint64_t *set, uint64_t *clear)
{
	/* The kernel takes an atime word only when the whole field is cleared with it. */
	uint64_t cleared =
		option->mask == MOUNT_ATTR__ATIME ? option->mask : option->mask & ~option->set;

	*set = (*set & ~option->mask) | option->set;
	*clear = (*clear & ~option->mask) | cleared;
}

static bool is_meant(const struct mount_option *option, uint64_t set, uint64_t clear)
{
	if (option->set)
		return (set & option->mask) == option->set;
	return !(set & option->mask) && (clear & option->mask) == option->mask;
}

void mount_option_print(enum mount_option_kind kind, uint64_t set, uint64_t clear, struct str *out)
{
	uint64_t said = 0;

	for (size_t i = 0; i < N_OPTIONS; i++) {
		const struct mount_option *option = &options[i];

		if (option->kind != kind || (said & option->mask) || !is_meant(option, set, clear))
			continue;
		str_addf(out, " %s", option->name);
		said |= option->mask;
	}
}

const char *mount_option_propagation(unsigned long flags)
{
	for (size_t i = 0; i < N_OPTIONS; i++)
		if (options[i].kind == MOUNT_OPTION_PROPAGATION && options[i].propagation == flags)
			return options[i].name;
	return "?";
}
