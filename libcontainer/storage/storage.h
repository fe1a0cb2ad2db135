/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The store: templates, layers and tenants on disk, below one directory that is ours alone.
 *
 *	lock			the lock of the whole store, see below
 *	templates/NAME/		template.json: which layers, and what is known of them
 *	layers/ID/		layer.json, and diff/: a plain overlay diff with on-disk ids
 *				0..65535 that is never changed once it stands here
 *	tenants/NAME/		of the room that deploys; here only its references are read
 *	staging/OP/		what an operation makes before it stands anywhere else
 *	journal/OP.json		what an operation intends (journal.h)
 *	trash/			what is only still to be deleted
 *
 * Nothing is reached by path: every step goes through openat2(2) below the store's
 * descriptor and follows no link. Nothing becomes visible but by rename.
 *
 * Locks. The store's lock is held only while the store is changed or a list of what refers
 * to what must hold, never while data is copied; taking it exclusively first finishes what
 * an operation left behind that was killed. An operation's own lock is staging/OP/lock and
 * says that someone is still at it. The kernel mounts one upper directory
 * twice with no more than a line in its log, so whoever uses a tenant holds a lock on it.
 *
 * What the tenant room stands on: rootfs.json of a bundle (spec/rootfs.h) names layers/ID/diff
 * and tenants/NAME/upper below the store; a snapshot is a journal whose steps move upper to
 * layers/ID/diff and a staged directory to upper; a linked clone is a document that names the
 * same layers (reference.h counts them).
 */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

#include "base/error.h"
#include "base/str.h"

#define STORAGE_PATH_MAX 256 /* of a path below the store that we make ourselves */

struct storage {
	int fd;
	char *path;
	int lock_fd; /* -1 while not locked */
	bool exclusive;
};
#define cleanup_storage __attribute__((__cleanup__(storage_close)))

enum storage_open {
	STORAGE_LOOK, /* it must be there: nothing is made to look at it */
	STORAGE_MAKE,
};

/*
 * Open the store at the absolute `path` and check that it is ours and of a format that we
 * know. Errors: ENOENT with STORAGE_LOOK, as private_dir_open; ENOTSUP (format).
 */
int storage_open(const char *path, enum storage_open how, struct storage *ret, struct error *err);
void storage_close(struct storage *storage);

/* Where it is by default: $CTR_STORE, or /var/lib/ctr. Borrowed. */
const char *storage_default_path(void);

/*
 * Lock the store until storage_unlock. Exclusively also replays the journals of operations
 * that were killed. Errors: EWOULDBLOCK (someone keeps it), EROFS, as journal_replay.
 */
int storage_lock(struct storage *storage, bool exclusive, struct error *err);
void storage_unlock(struct storage *storage);

/* openat2(2) of `path` below the store, through no link; O_CLOEXEC is added. Returns the fd. */
int storage_openat(const struct storage *storage, const char *path, int flags, struct error *err);

/* 1: there is such a path; 0: there is none. */
int storage_exists(const struct storage *storage, const char *path, struct error *err);

/* As renameat2(2) between two paths below the store. */
int storage_rename(const struct storage *storage, const char *from, const char *to, unsigned flags,
		   struct error *err);

/* fsync of the directory that holds `path`. */
int storage_sync_parent(const struct storage *storage, const char *path, struct error *err);

/* Make the directory `path` (0700); an existing one is fine. */
int storage_make_directory(const struct storage *storage, const char *path, struct error *err);

/* The entries of the directory `path`, sorted, without those that begin with a dot. */
int storage_list(const struct storage *storage, const char *path, struct strv *ret,
		 struct error *err);

/* Those that file_replace left there when it was killed. */
int storage_list_temporary(const struct storage *storage, const char *path, struct strv *ret,
			   struct error *err);

/* Print "a/b" below the store; longer than STORAGE_PATH_MAX is an error (ENAMETOOLONG). */
int storage_path(char ret[STORAGE_PATH_MAX], struct error *err, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/*
 * Names of templates and tenants: [a-z0-9][a-z0-9_.-]{0,62}, so that a name can be a
 * hostname and a container id. `what` is for errors. Errors: EINVAL. (storage_name.c, pure)
 */
int storage_check_name(const char *what, const char *name, struct error *err);

/* Ids of layers and operations: 16 of 0-9 a-f. */
#define STORAGE_ID_SIZE 17
bool storage_is_id(const char *text);

/* A new random id. */
int storage_new_id(char ret[STORAGE_ID_SIZE], struct error *err);

/* "sha256:" and 64 of 0-9 a-f. */
bool storage_is_digest(const char *text);

/* The id of an imported layer: the first 16 digits of its digest, which is well-formed. */
void storage_digest_id(const char *digest, char ret[STORAGE_ID_SIZE]);
