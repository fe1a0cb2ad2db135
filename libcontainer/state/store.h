/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Containers on disk: <root>/<id>/ with state.json (the record below; creating.json until create has
 * succeeded), config.json (the
 * document as it was at create) and start.sock while init waits for start.
 *
 * Write-ahead: the directory and a record that names every kernel object exist before
 * the first of those objects does, and the pid with its start time is recorded before
 * init is released from its first wait.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/error.h"
#include "base/json.h"
#include "base/str.h"
#include "state/status.h"

/* The record: what the kernel holds for a container. Strings are owned. */
struct store_record {
	char *oci_version;
	char *id;
	char *bundle;
	char *rootfs;
	char *created;		   /* RFC 3339 with nanoseconds, UTC */
	struct optional_int owner; /* uid */
	bool complete;		   /* create has succeeded */
	struct optional_int pid;
	struct optional_uint start_time;   /* of pid, clock ticks since boot */
	char *boot_id;			   /* the pid means nothing after a reboot */
	bool shared_pid_namespace;	   /* init's end does not end the others */
	bool has_poststart;		   /* start has hooks to run, and so reads the config */
	char *cgroup_path;		   /* below the v2 mount; NULL: none */
	struct optional_uint cgroup_inode; /* of that one: another with its path is not ours */
	char *rdt_group;		   /* resctrl groups of its own; NULL: none */
	char *rdt_monitor;
	char *cgroup_manager; /* cgroupfs systemd disabled */
	bool systemd_cgroup;
	char *systemd_unit; /* "ctr-web1.scope": is or was about to be made; NULL: none */
	bool systemd_user;  /* ... by the user's manager */
	LIST_OF(struct json_pair) annotations;
};

extern const struct json_schema store_record_schema;
void store_record_release(struct store_record *record);

/* The state root, opened and checked: a directory of ours that nobody else can write. */
struct store {
	int fd;
	char *path;
	char boot_id[37]; /* of the running system, once store_is_this_boot has needed it */
};

/*
 * Open the root at the absolute `path`, making it (0700, with parents) when `create`. "/",
 * directories that others own or can write, and symlinks of others are refused.
 * Errors: ENOENT without `create`, EPERM, EINVAL, as mkdir(2).
 */
int store_open(const char *path, bool create, struct store *ret, struct error *err);
void store_close(struct store *store);

/* Where it is by default: /run/ctr; $XDG_RUNTIME_DIR/ctr for others than the host's root. */
int store_default_path(char **ret, struct error *err);

/*
 * [A-Za-z0-9][A-Za-z0-9_.+-]{0,127}; anything else is "invalid container ID format". A
 * hostile id never reaches a system call. Errors: EINVAL.
 */
int store_check_id(const char *id, struct error *err);

/*
 * Take an id: mkdir of its directory (exactly one caller wins), locked exclusively until
 * store_unlock, or until the returned descriptor and every copy of it that a fork made is
 * closed. Errors: EEXIST ("container with given ID already exists"), EBUSY (deleted at once
 * by someone else).
 */
int store_reserve(const struct store *store, const char *id, struct error *err);

/*
 * The container's directory, locked exclusively (for operations that change it) or not
 * at all. Errors: ENOENT ("container `ID` does not exist"), EWOULDBLOCK (another command
 * works on it; waits timeout_ms).
 */
int store_open_container(const struct store *store, const char *id, bool lock, int timeout_ms,
			 struct error *err);

/* End the lock now, also for copies of the descriptor that a child still has open. */
void store_unlock(int container_fd);

/*
 * Does a command hold the lock on this directory? 1: yes; 0: no. For descriptors that are
 * not locked themselves.
 */
int store_is_locked(int container_fd);

/*
 * Save and load the record. Errors of load: EINVAL (damaged, or missing beside a config), ENOENT
 * (create has not come so far).
 */
int store_save(int container_fd, const struct store_record *record, struct error *err);
int store_load(int container_fd, struct store_record *ret, struct error *err);

/*
 * For looking at many: the record without opening the container's directory. Errors: any, for
 * what is not an ordinary record; store_load then says what is wrong.
 */
int store_look(const struct store *store, const char *id, struct store_record *ret,
	       struct error *err);

/* Is there no socket any more at which init could wait for start? */
bool store_is_started(const struct store *store, const char *id);

/* The config as text, as it was at create. */
int store_save_config(int container_fd, const char *text, size_t len, struct error *err);
int store_load_config(int container_fd, char **ret, size_t *ret_len, struct error *err);

/* Remove the container's directory with everything in it. Absent is fine. */
int store_remove(const struct store *store, const char *id, struct error *err);

/* Every id in the root, sorted. */
int store_list(const struct store *store, struct strv *ret, struct error *err);

/* A directory below the root that only we can write, made when missing: ".cache". Returns its fd. */
int store_open_cache(const struct store *store, const char *name, struct error *err);

/* The boot's id, for record.boot_id; `ret` has room for 37 bytes. */
int store_boot_id(char ret[37], struct error *err);

/* Is it this boot's id? 1: yes, also for NULL (not recorded); 0: no. Asks the kernel once. */
int store_is_this_boot(struct store *store, const char *boot_id, struct error *err);
