/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the operations need beside inspect_open.
 */
#pragma once

#include "lifecycle/lifecycle.h"

/* As much of a record as the state document needs, where there is none. Errors: ENOMEM. */
int inspect_empty_record(const char *id, struct store_record *ret, struct error *err);

/*
 * The recorded process as a pidfd in `*ret`, which stays untouched when it has ended (or
 * belongs to another boot). Errors: what keeps us from knowing (EMFILE, ENOMEM).
 */
int inspect_open_process(struct lifecycle *l, const struct store_record *record, int *ret,
			 struct error *err);

/*
 * Before something is done to the process: is it in the container's cgroup? Pid and start
 * time name a process up to a clock tick; this is the second witness. Reads procfs, so
 * merely looking does without. Errors: ESRCH (it is someone else's process).
 */
int inspect_verify(struct lifecycle *l, const struct store_record *record, struct error *err);

/* The container's cgroup. Returns its descriptor. Errors: ENOENT, ENOTSUP (it has none). */
int inspect_open_cgroup(const struct container *container, struct error *err);

/* The name of a user on this host, or the number as text; the caller frees. Errors: ENOMEM. */
int inspect_user_name(int64_t uid, char **ret, struct error *err);

/*
 * For looking at one container or at all of them: what they have in common is opened once,
 * and nothing of a container stays open.
 */
struct inspect_view {
	struct lifecycle *l;
	int mount_fd; /* of cgroup v2, when has_mount; -1: there is none */
	bool has_mount;
};

static inline struct inspect_view inspect_view(struct lifecycle *l)
{
	return (struct inspect_view){ .l = l, .mount_fd = -1 };
}
void inspect_view_release(struct inspect_view *view);
#define cleanup_view __attribute__((__cleanup__(inspect_view_release)))

/* As inspect_open without a lock, cheaper; fd and pidfd of the result may be -1. */
int inspect_look(struct inspect_view *view, const char *id, struct container *ret,
		 struct error *err);
