/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What ctr and its program ctr-criu say to each other: one request, a document, then
 * events over a SOCK_SEQPACKET pair, each of which is answered. Data only; nothing here
 * knows of containers or of CRIU's own messages.
 */
#pragma once

#include "base/json.h"

enum criu_operation { CRIU_DUMP, CRIU_PRE_DUMP, CRIU_RESTORE };

/* Switches of a request; their words are those of the command line where there is one. */
enum criu_flag {
	CRIU_LEAVE_RUNNING,
	CRIU_TCP_ESTABLISHED,
	CRIU_TCP_SKIP_IN_FLIGHT,
	CRIU_TCP_CLOSE,
	CRIU_EXT_UNIX_SK,
	CRIU_SHELL_JOB,
	CRIU_FILE_LOCKS,
	CRIU_LINK_REMAP,
	CRIU_AUTO_DEDUP,
	CRIU_LAZY_PAGES,
	CRIU_EMPTY_NETWORK,
	CRIU_TRACK_MEMORY,
	CRIU_NO_NEW_PRIVILEGES, /* CRIU itself, and so what it restores: it does not restore that */
	CRIU_FLAG_COUNT,
};

/* How the container's own cgroups are treated, in the words of --manage-cgroups-mode. */
enum criu_cgroups { CRIU_CGROUPS_SOFT, CRIU_CGROUPS_FULL, CRIU_CGROUPS_STRICT, CRIU_CGROUPS_IGNORE };
extern const char *const criu_request_cgroups_names[]; /* NULL-terminated */

enum criu_network_lock { CRIU_LOCK_IPTABLES, CRIU_LOCK_NFTABLES, CRIU_LOCK_SKIP };
extern const char *const criu_request_network_lock_names[];

/* A descriptor that the program inherits, and what CRIU knows it by. */
struct criu_descriptor {
	char *key;
	struct optional_int fd;
};

/* A namespace to be joined. */
struct criu_namespace {
	char *type; /* "ipc" */
	char *path;
};

struct criu_request {
	struct optional_int operation; /* enum criu_operation */
	struct optional_int images_fd, work_fd;
	char *work;		 /* the path of work_fd */
	char *log;		 /* a file in it */
	struct optional_int pid; /* dump: the container's init */
	LIST_OF(int) flags;	 /* enum criu_flag */
	char *parent;		 /* images of an earlier dump, relative to images_fd */
	char *freeze_cgroup;	 /* dump: the cgroup's directory */
	char *cgroup_root;	 /* restore: the container's new cgroup */
	struct optional_int cgroups, network_lock;
	char *lsm_profile, *lsm_mount_context;
	char *page_server;	      /* its address */
	struct optional_int port;
	char *place;		      /* restore: a directory to mount the trees below */
	struct optional_int root_fd;  /* restore: detached tree of the root filesystem */
	LIST_OF(char *) externals;    /* dump: "mnt[/data]:mount.data", "net[4026532000]:..." */
	LIST_OF(struct criu_descriptor) trees;	 /* restore: detached trees by their key */
	LIST_OF(struct criu_descriptor) inherit; /* restore: what replaces a key's file */
	LIST_OF(struct criu_namespace) joins;
};

extern const struct json_schema criu_request_schema;

/* Set a switch. Errors: ENOMEM. */
int criu_request_set(struct criu_request *request, enum criu_flag flag, struct error *err);

/* Errors: ENOMEM; `key` is copied. */
int criu_request_add_external(struct criu_request *request, const char *id, struct error *err);
int criu_request_add_tree(struct criu_request *request, const char *key, int fd,
			  struct error *err);
int criu_request_add_inherited(struct criu_request *request, const char *key, int fd,
			       struct error *err);
int criu_request_add_join(struct criu_request *request, const char *type, const char *path,
			  struct error *err);

void criu_request_release(struct criu_request *request);

enum criu_event_kind {
	CRIU_EVENT_NOTIFY, /* CRIU has come to the point `text`; a descriptor may be attached */
	CRIU_EVENT_DONE,   /* the last event: it has worked */
	CRIU_EVENT_FAILED, /* the last event: `error` says why not */
};

struct criu_event {
	int kind;
	int pid;	 /* of the restored init, when it is known; 0: not */
	char point[40]; /* "post-restore" */
	struct error error;
};

/* To a CRIU_EVENT_NOTIFY; anything but 0 makes CRIU give up and undo. */
struct criu_answer {
	int refused;
};
