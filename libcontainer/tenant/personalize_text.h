/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Edits of a guest's files as text: the old text in (NULL: there is no such file), the new one
 * out, which the caller frees. Lines that are not understood stay as they are. Pure.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

/* hosts(5): 127.0.1.1 becomes `hostname`, with its first label as an alias. Errors: ENOMEM. */
int personalize_text_hosts(const char *text, const char *hostname, char **ret, struct error *err);

/* A line of passwd(5). */
struct personalize_user {
	uint32_t uid, gid;
	char home[256];
};

/* Is there a line of `user`? */
bool personalize_text_find_user(const char *passwd, const char *user, struct personalize_user *ret);

/* The lowest id from 1000 on that neither file uses. Errors: ENOSPC. */
int personalize_text_free_id(const char *passwd, const char *group, uint32_t *ret,
			     struct error *err);

/* A line of `user` at the end of passwd(5), of group(5). Errors: ENOMEM. */
int personalize_text_add_user(const char *passwd, const char *user, uint32_t id, const char *shell,
			      char **ret, struct error *err);
int personalize_text_add_group(const char *group, const char *name, uint32_t id, char **ret,
			       struct error *err);

/* shadow(5): the password of `user` becomes `hash`; a missing line is added. Errors: ENOMEM. */
int personalize_text_shadow(const char *text, const char *user, const char *hash, char **ret,
			    struct error *err);

/* [a-z_][a-z0-9_-]{0,30}, as useradd(8) wants it. Errors: EINVAL. */
int personalize_text_check_user(const char *user, struct error *err);

/* What crypt(5) gives, or "!" and "*": printable, without ':'. Errors: EINVAL. */
int personalize_text_check_hash(const char *hash, struct error *err);
