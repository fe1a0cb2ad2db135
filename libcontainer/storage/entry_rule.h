/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What may enter a layer, whether it comes from an archive or from a directory (pure). Both
 * are input of strangers: an archive's entry may be named anything, and the attributes that
 * overlayfs trusts must never come from outside.
 *
 *	ids		0..65535, what a tenant's range maps; others are refused
 *	devices		left out: a container's /dev is made at its start; 0:0, which is a
 *			whiteout, is refused
 *	sockets		left out
 *	set-id bits	kept: a layer is only ever mounted nosuid on the host, and inside a
 *			user namespace they mean the tenant's ids
 *	attributes	user.* (but user.overlay.*), POSIX ACLs, security.capability; the
 *			others are dropped
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/error.h"

#define ENTRY_RULE_ID_MAX 65535
#define ENTRY_RULE_DEPTH_MAX \
	256 /* so that deleting, which keeps a descriptor a level, can follow */
#define ENTRY_RULE_PATH_MAX 4096 /* with the NUL */
#define ENTRY_RULE_NAME_MAX 255

/*
 * An archive's path as one below the layer's root: without "." and needless slashes, a
 * leading slash taken off as tar does; "" is the root itself. Refused: "..", control of
 * length and depth, an empty path. Errors: EINVAL, ENAMETOOLONG.
 */
int entry_rule_path(const char *path, char ret[ENTRY_RULE_PATH_MAX], struct error *err);

/* A last component in a layer of an OCI image (image-spec layer.md#whiteouts). */
enum entry_rule_mark {
	ENTRY_RULE_PLAIN,
	ENTRY_RULE_WHITEOUT, /* of what follows ".wh." */
	ENTRY_RULE_OPAQUE,
	ENTRY_RULE_AUFS, /* ".wh..wh." and more: an old file system's own, left out */
	ENTRY_RULE_BAD,	 /* hides ".", ".." or nothing */
};
enum entry_rule_mark entry_rule_mark(const char *name);
#define ENTRY_RULE_WHITEOUT_PREFIX 4 /* length of ".wh." */

enum entry_rule_kind {
	ENTRY_RULE_TAKE,
	ENTRY_RULE_LEAVE_OUT,
	ENTRY_RULE_REFUSE_WHITEOUT,
	ENTRY_RULE_REFUSE_TYPE,
	ENTRY_RULE_REFUSE_ID,
};
enum entry_rule_kind entry_rule_kind(mode_t mode, dev_t device, int64_t uid, int64_t gid);

/* Why it was refused, in words. NULL: it was not. */
const char *entry_rule_reason(enum entry_rule_kind kind);

/*
 * May this extended attribute enter? A file capability that is bound to a user namespace's
 * root is made an ordinary one when that root is 0; `value` is changed in place then and
 * `*len` gets shorter.
 */
bool entry_rule_attribute(const char *name, void *value, size_t *len);
