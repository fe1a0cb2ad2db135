/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which part of this machine's files becomes a template (pure): an allow-list, because a
 * server's root may read every file of its template. Of /usr, /etc and the package databases
 * enters what any local user may read already; of the other directories only that they are
 * there; what makes this machine this one stays out, and so does everything that is not named.
 */
#pragma once

#include <sys/stat.h>

#include "base/error.h"
#include "storage/tree_copy.h"

/* For tree_copy of "/"; `data` is not used. */
enum tree_choice host_list_choose(const void *data, const char *path, const struct stat *st);

/*
 * The accounts of a template: those of the system (ids below 1000, and 65534), without
 * passwords and without members who are gone. New texts that the caller frees. Errors: ENOMEM.
 */
struct host_accounts {
	char *passwd, *shadow, *group, *gshadow;
};
int host_list_accounts(const char *passwd, const char *group, struct host_accounts *ret,
		       struct error *err);
void host_list_release(struct host_accounts *accounts);
#define cleanup_host_accounts __attribute__((__cleanup__(host_list_release)))
