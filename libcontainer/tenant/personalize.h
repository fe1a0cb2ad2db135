/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Making a guest its own: names, identity, users, keys. Nothing of the guest is executed, and
 * every path is followed inside its root only. What is written belongs to the guest's root.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

struct personalize_account {
	const char *user;
	const char *hash;	     /* of crypt(5); NULL: as it is, locked for a new user */
	const char *authorized_keys; /* the text of the file; NULL: as it is */
};

struct personalize {
	const char *hostname;	 /* NULL: as it is */
	const char *uuid;	 /* NULL: no cloud-init seed */
	const char *resolv_conf; /* the text of the file; NULL: as it is. A symlink stays */
	const char *user_data;	 /* for cloud-init; NULL: none */
	const struct personalize_account *accounts;
	size_t n_accounts;
	bool keep_identity; /* leave machine-id, host keys and seeds alone */
};

/*
 * Apply it to the root filesystem at root_fd, which a guest is not running in. Users that do not
 * exist are made, with a home. Errors: EINVAL (user, hash), EROFS, ENOSPC and as openat2(2),
 * with the path inside the guest; what was done before stays, so this is done to a tree that
 * goes when it fails.
 */
int personalize_apply(int root_fd, const struct personalize *p, struct error *err);

/*
 * Remove what one machine alone may have: machine-id, host keys, seeds, leases
 * (personalize_scrub.c). With `secrets` also what a template must not pass on: logs, shell
 * histories, authorized keys, caches. For publish.
 */
int personalize_scrub(int root_fd, bool secrets, struct error *err);
