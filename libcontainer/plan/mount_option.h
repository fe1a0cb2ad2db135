/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The words of mounts[].options (config.md#linux-mount-options) as a table: what
 * each one means, for decoding a config and for printing a plan.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

enum mount_option_kind {
	MOUNT_OPTION_ATTRIBUTE,	  /* of the mount */
	MOUNT_OPTION_RECURSIVE,	  /* the same of the whole tree */
	MOUNT_OPTION_PROPAGATION, /* applied in the order given */
	MOUNT_OPTION_BIND,
	MOUNT_OPTION_REMOUNT,
	MOUNT_OPTION_PARAMETER, /* a flag of the superblock: new filesystems only */
	MOUNT_OPTION_SWITCH,	/* a bool of struct mount_op */
	MOUNT_OPTION_IDMAP,	/* see mount_idmap.h */
	MOUNT_OPTION_IGNORED,
};

struct mount_option {
	const char *name;
	enum mount_option_kind kind;
	uint64_t mask, set; /* MOUNT_ATTR_*: the field under mask becomes set */
	unsigned long propagation;
	bool recursive;	  /* BIND, IDMAP: submounts too */
	size_t offset;	  /* SWITCH: in struct mount_op */
	const char *only; /* SWITCH: the only type it is for; NULL: any */
};

/* The option of that name, or NULL. */
const struct mount_option *mount_option_find(const char *name);

/*
 * Apply an attribute to a pair of mount_setattr(2) masks, of which the later of two
 * contradicting words wins.
 */
void mount_option_apply(const struct mount_option *option, uint64_t *set, uint64_t *clear);

/* Append " ro nosuid ..." for masks; kind is MOUNT_OPTION_ATTRIBUTE or _RECURSIVE. */
void mount_option_print(enum mount_option_kind kind, uint64_t set, uint64_t clear, struct str *out);

/* The word for MS_* propagation flags, or "?". */
const char *mount_option_propagation(unsigned long flags);
