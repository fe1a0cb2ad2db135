/* SPDX-License-Identifier: Apache-2.0 */
/*
 * libcontainer: isolated servers on one Linux kernel, from OCI bundles. This is the
 * whole public interface; the command `ctr` uses it and nothing else.
 *
 * Conventions. Functions return 0 (or a documented positive answer) or a negative
 * errno, and then `*err` says in one sentence what failed, on which object and why.
 * Strings and documents given out through `char **ret` are the caller's to free(3);
 * outputs stay untouched on failure. Option structs may be NULL (all defaults) and are
 * zero-initialised by the caller with `.size = sizeof(struct ...)`, so that they can
 * grow. The library never prints; it writes debug lines to the log when one is open.
 * Nothing here is thread-safe: it creates processes and enters namespaces.
 */
#ifndef CTR_H
#define CTR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The class of a failure; the command's --error-format prints its word. */
enum ctr_error_class {
	CTR_E_NONE,
	CTR_E_INVALID,	   /* the input is wrong: config.json, flags, an id */
	CTR_E_NOT_FOUND,   /* no such container, file or program */
	CTR_E_EXISTS,	   /* the id is taken */
	CTR_E_STATE,	   /* the container's status does not allow it */
	CTR_E_PERMISSION,  /* the kernel refused */
	CTR_E_UNSUPPORTED, /* this host or this ctr cannot do it */
	CTR_E_BUSY,	   /* someone else is at it, or it did not end in time */
	CTR_E_RESOURCE,	   /* out of memory, descriptors, disk */
	CTR_E_SYSTEM,	   /* anything else */
};

struct ctr_error {
	int code; /* positive errno; 0 while nothing failed */
	enum ctr_error_class error_class;
	char text[500];
};

const char *ctr_error_class_name(enum ctr_error_class error_class);

/* The exit status that stands for the class; 0 for CTR_E_NONE. */
int ctr_error_class_status(enum ctr_error_class error_class);

/* What the class means, and what is to be done in general (NULL: nothing can be said). */
const char *ctr_error_class_meaning(enum ctr_error_class error_class);
const char *ctr_error_class_remedy(enum ctr_error_class error_class);

enum ctr_cgroup_manager {
	CTR_CGROUP_CGROUPFS,
	CTR_CGROUP_SYSTEMD,
	CTR_CGROUP_DISABLED,
};

enum ctr_log_level { CTR_LOG_ERROR, CTR_LOG_WARNING, CTR_LOG_INFO, CTR_LOG_DEBUG };

struct ctr_runtime; /* a state root and how containers in it are made */

struct ctr_runtime_options {
	size_t size;
	const char *root; /* NULL: /run/ctr, or $XDG_RUNTIME_DIR/ctr */
	enum ctr_cgroup_manager cgroup_manager;
	const char *log; /* file to append to; NULL: standard error */
	bool log_json;
	enum ctr_log_level log_level;
	const char *store; /* NULL: $CTR_STORE, or /var/lib/ctr */
};

/*
 * Call ctr_runtime_new before anything else and once: it makes the process
 * non-dumpable and keeps 0, 1 and 2 open.
 */
int ctr_runtime_new(const struct ctr_runtime_options *options, struct ctr_runtime **ret,
		    struct ctr_error *err);
void ctr_runtime_free(struct ctr_runtime *runtime);

/*
 * Keep containers from writing to the program that made them, which root in a container can
 * reach through /proc/self/exe: the program is executed again, with the same arguments and
 * environment, from a read-only clone of its mount. For main, before anything else, in a program
 * that calls ctr_create, ctr_run or ctr_exec as root; returns 0 when that is so.
 */
int ctr_protect(char *const *argv, struct ctr_error *err);

/* Write the one final error line of a command to the log and to standard error. */
void ctr_log_error(struct ctr_runtime *runtime, const struct ctr_error *err);

/* Status of a container (runtime.md#state). */
enum ctr_status {
	CTR_CREATING,
	CTR_CREATED,
	CTR_RUNNING,
	CTR_PAUSED,
	CTR_STOPPED,
};
const char *ctr_status_name(enum ctr_status status);

/* create and run ------------------------------------------------------------------ */

struct ctr_create_options {
	size_t size;
	const char *bundle;	    /* NULL: "." */
	const char *config;	    /* NULL: config.json; relative to the bundle */
	const char *pid_file;	    /* NULL: none; relative to the working directory */
	const char *console_socket; /* NULL: none */
	const char *pidfd_socket;   /* NULL: none */
	int preserve_fds;
	bool no_pivot, no_new_keyring;
};

/*
 * Create a container; its process waits for ctr_start. On failure nothing is left.
 */
int ctr_create(struct ctr_runtime *runtime, const char *id,
	       const struct ctr_create_options *options, struct ctr_error *err);

/*
 * Start a created container, or a tenant that does not run; returns when its program is being
 * executed.
 */
int ctr_start(struct ctr_runtime *runtime, const char *id, struct ctr_error *err);

struct ctr_run_options {
	size_t size;
	struct ctr_create_options create;
	bool detach, keep;
};

/*
 * Create and start. Not detached: relay the terminal and signals, wait, delete (unless
 * keep), and return the process's status as a shell would (128 + signal). The calling thread's
 * signals are blocked meanwhile and as they were at the end.
 */
int ctr_run(struct ctr_runtime *runtime, const char *id, const struct ctr_run_options *options,
	    struct ctr_error *err);

/* The plan that create would carry out, as text; changes nothing and needs no privilege. */
int ctr_plan(struct ctr_runtime *runtime, const char *id,
	     const struct ctr_create_options *options, char **ret, struct ctr_error *err);

/* exec -------------------------------------------------------------------------------- */

struct ctr_exec_options {
	size_t size;
	const char *process;	/* file with a process document; then the others up to
				   no_new_privs are not used */
	char *const *args;	/* NULL-terminated */
	const char *cwd;	/* NULL: config's */
	char *const *env;	/* NULL-terminated, added to config's; NULL: none */
	const char *user;	/* "uid[:gid]"; NULL: config's */
	const uint32_t *additional_gids;
	size_t n_additional_gids;
	char *const *caps;	/* NULL-terminated names, added to config's */
	const char *apparmor, *process_label;
	int tty;		/* -1: as config; 0, 1 */
	bool no_new_privs;
	bool detach;
	bool ignore_paused;
	const char *pid_file, *console_socket, *pidfd_socket;
	const char *cgroup;	/* sub-cgroup, "[controllers:]path" */
	int preserve_fds;
};

/*
 * Run one more process in a container. Detached: returns once execve has happened.
 * Else relays and returns the status as ctr_run does. A negative result always means
 * that the program did not run.
 */
int ctr_exec(struct ctr_runtime *runtime, const char *id, const struct ctr_exec_options *options,
	     struct ctr_error *err);

/* looking ---------------------------------------------------------------------------- */

/* The state document (runtime.md#state), indented JSON. */
int ctr_state(struct ctr_runtime *runtime, const char *id, char **ret, struct ctr_error *err);

struct ctr_container {
	char *id;
	enum ctr_status status;
	int pid; /* 0 when there is none */
	char *bundle;
	char *created;
	char *owner;	 /* user name or number */
	char *rootfs;
	char *problem;	 /* NULL, or why this entry cannot be read; then only id is valid */
};

/*
 * Every container of the root, and every tenant of the store that does not run, sorted by id.
 * A broken entry is listed with its problem.
 */
int ctr_list(struct ctr_runtime *runtime, struct ctr_container **ret, size_t *ret_n,
	     struct ctr_error *err);
void ctr_list_free(struct ctr_container *containers, size_t n);

/* The same as a JSON array of state documents; "[]" for none. */
int ctr_list_json(struct ctr_runtime *runtime, char **ret, struct ctr_error *err);

/* Host pids of the container's processes, from its cgroup (from its pid alone without one). */
int ctr_processes(struct ctr_runtime *runtime, const char *id, pid_t **ret, size_t *ret_n,
		  struct ctr_error *err);

struct ctr_events_options {
	size_t size;
	int64_t interval_ms; /* between statistics; 0: once, and no other events */
	/* A line of JSON without its newline; a negative result ends ctr_events with it. */
	int (*emit)(void *data, const char *line);
	void *data;
};

/*
 * Tell what the containers use (events of type "stats", as runc prints them) and when the kernel
 * killed one of their processes for want of memory ("oom"). Returns when all have ended.
 */
int ctr_events(struct ctr_runtime *runtime, const char *const *ids, size_t n,
	       const struct ctr_events_options *options, struct ctr_error *err);

/*
 * Wait for the container's end and return the status of its first process as ctr_run does. It need
 * not be our child, but the kernel tells others only from 6.15 on, and only who waits when it
 * ends. Errors: CTR_E_UNSUPPORTED (the kernel does not tell), CTR_E_STATE (ended before).
 */
int ctr_wait(struct ctr_runtime *runtime, const char *id, struct ctr_error *err);

/* changing ---------------------------------------------------------------------------- */

struct ctr_kill_options {
	size_t size;
	bool all; /* every process of the container; then a stopped one is no error */
};

/* Send a signal: "9", "KILL", "SIGKILL"; NULL is SIGTERM. */
int ctr_kill(struct ctr_runtime *runtime, const char *id, const char *signal,
	     const struct ctr_kill_options *options, struct ctr_error *err);

struct ctr_delete_options {
	size_t size;
	bool force; /* kill what runs; an unknown id is fine */
};
int ctr_delete(struct ctr_runtime *runtime, const char *id,
	       const struct ctr_delete_options *options, struct ctr_error *err);

struct ctr_update_options {
	size_t size;
	const char *resources; /* text of a document as linux.resources is; 0 is unset in it */
	const char *l3_cache_schema, *mem_bw_schema; /* as in linux.intelRdt; NULL: leave */
};

/*
 * Change the limits and device rules of a container that runs. On failure everything is as it
 * was before.
 */
int ctr_update(struct ctr_runtime *runtime, const char *id,
	       const struct ctr_update_options *options, struct ctr_error *err);

/*
 * Mount into a container that runs, or take mounts off it. `mounts` is a JSON array as the property
 * of config.json; of those to take off only the destinations count. All of them or none.
 */
int ctr_mounts_add(struct ctr_runtime *runtime, const char *id, const char *mounts,
		   struct ctr_error *err);
int ctr_mounts_remove(struct ctr_runtime *runtime, const char *id, const char *mounts,
		      struct ctr_error *err);

int ctr_pause(struct ctr_runtime *runtime, const char *id, struct ctr_error *err);
int ctr_resume(struct ctr_runtime *runtime, const char *id, struct ctr_error *err);

/* checkpoint and restore, which CRIU does ---------------------------------------------- */

/* Was this library built with it, and is its program installed? 0, or CTR_E_UNSUPPORTED. */
int ctr_checkpoint_check(struct ctr_error *err);

/* How CRIU treats the cgroups that the container itself has made. */
enum ctr_criu_cgroups {
	CTR_CRIU_CGROUPS_SOFT, /* make those that are missing, and set their properties */
	CTR_CRIU_CGROUPS_FULL, /* set the properties of all */
	CTR_CRIU_CGROUPS_STRICT, /* all must be new */
	CTR_CRIU_CGROUPS_IGNORE, /* all processes come into the container's own cgroup */
};

/* How connections are kept still meanwhile. */
enum ctr_criu_lock {
	CTR_CRIU_LOCK_DEFAULT,
	CTR_CRIU_LOCK_IPTABLES,
	CTR_CRIU_LOCK_NFTABLES,
	CTR_CRIU_LOCK_SKIP,
};

struct ctr_checkpoint_options {
	size_t size;
	const char *image_path;	 /* NULL: "checkpoint"; made when missing */
	const char *work_path;	 /* for the log and such; NULL: image_path */
	const char *parent_path; /* an earlier pre-dump, relative to image_path; NULL: none */
	const char *page_server; /* "ADDRESS:PORT" to send memory to; NULL: none */
	enum ctr_criu_cgroups cgroups;
	enum ctr_criu_lock network_lock;
	int status_fd; /* gets a zero byte when lazy pages can be fetched; 0: none */
	bool leave_running, pre_dump, tcp_established, tcp_skip_in_flight, ext_unix_sk, shell_job,
		file_locks, link_remap, auto_dedup, lazy_pages, empty_network;
};

/*
 * Write a running container to images. Afterwards it is gone, as by ctr_delete, unless
 * leave_running or pre_dump. On failure it runs on and there are no images.
 */
int ctr_checkpoint(struct ctr_runtime *runtime, const char *id,
		   const struct ctr_checkpoint_options *options, struct ctr_error *err);

struct ctr_restore_options {
	size_t size;
	struct ctr_create_options create; /* without preserve_fds */
	const char *image_path;		  /* NULL: "checkpoint" */
	const char *work_path;		  /* NULL: image_path */
	const char *lsm_profile;	  /* "TYPE:NAME" in place of the one it had; NULL: that */
	const char *lsm_mount_context;
	enum ctr_criu_cgroups cgroups;
	enum ctr_criu_lock network_lock;
	bool detach;
	bool tcp_established, tcp_close, ext_unix_sk, shell_job, file_locks, auto_dedup, lazy_pages,
		empty_network;
};

/* Make a container whose processes come out of images; else as ctr_run. */
int ctr_restore(struct ctr_runtime *runtime, const char *id,
		const struct ctr_restore_options *options, struct ctr_error *err);
/* templates --------------------------------------------------------------------------- */

/*
 * A template is a name for an immutable chain of layers in the store. `tell`, where it is
 * given, is called from time to time while something takes long.
 */
struct ctr_progress {
	uint64_t entries;
	uint64_t bytes;	 /* of file data */
	uint64_t shared; /* of those, without a copy: the file system has reflinks */
};

enum ctr_template_source {
	CTR_TEMPLATE_ROOTFS, /* a directory */
	CTR_TEMPLATE_TAR,    /* a tar archive, also gzip, xz or zstd */
	CTR_TEMPLATE_IMAGE,  /* an OCI image layout, an archive of one, or one of docker save */
	CTR_TEMPLATE_HOST,   /* the software of this machine, without its secrets */
};

struct ctr_template_import_options {
	size_t size;
	enum ctr_template_source source;
	const char *path;      /* "-": standard input (tar); not used for the host */
	const char *reference; /* an image's tag; NULL: the only one */
	uint64_t max_bytes;    /* of file data; 0: 64 GiB */
	uint64_t max_entries;  /* 0: 4,000,000 */
	void (*tell)(void *data, const struct ctr_progress *progress);
	void *tell_data;
};

/* Make a template. On failure nothing is left. */
int ctr_template_import(struct ctr_runtime *runtime, const char *name,
			const struct ctr_template_import_options *options, struct ctr_error *err);

struct ctr_template {
	char *name;
	char *source;
	char *system; /* "debian 12 amd64", as far as it is known */
	char *created;
	char *digest;
	uint64_t entries, bytes;
	char *problem; /* NULL, or why it cannot be read; then only name is valid */
};

/* Every template, sorted by name; a broken one is listed with its problem. */
int ctr_template_list(struct ctr_runtime *runtime, struct ctr_template **ret, size_t *ret_n,
		      struct ctr_error *err);
void ctr_template_list_free(struct ctr_template *templates, size_t n);

/* template.json, indented JSON. */
int ctr_template_info(struct ctr_runtime *runtime, const char *name, char **ret,
		      struct ctr_error *err);

/* Compute the digests anew; a difference is an error (EUCLEAN). `tell` may be NULL. */
int ctr_template_verify(struct ctr_runtime *runtime, const char *name,
			void (*tell)(void *data, const struct ctr_progress *progress),
			void *tell_data, struct ctr_error *err);

/* Remove a template that nothing was made from, with the layers that nobody else needs. */
int ctr_template_remove(struct ctr_runtime *runtime, const char *name, struct ctr_error *err);

/* Mount a template read-only on a directory; umount(2) ends it. */
int ctr_template_mount(struct ctr_runtime *runtime, const char *name, const char *directory,
		       struct ctr_error *err);

/* tenants ----------------------------------------------------------------------------- */

/*
 * A tenant is a server that was made from a template and made its own. While it runs it is a
 * container by its name. Its directory in the store is an OCI bundle.
 */
struct ctr_bind {
	const char *source;	 /* absolute, on the host */
	const char *destination; /* absolute, in the tenant */
	bool readonly;
};

struct ctr_deploy_options {
	size_t size;
	const char *template_name;
	int count;		    /* 0: one of exactly that name; else NAME1, NAME2... */
	bool start;
	bool keep_identity;	    /* leave machine-id and host keys as the template has them */
	bool host_network;	    /* else a network of its own with nothing but loopback */
	const char *hostname;	    /* NULL: the name */
	int64_t memory;		    /* bytes; 0: no limit */
	int64_t cpu_millis;	    /* thousandths of a processor; 0: no limit */
	int64_t pids;		    /* 0: no limit */
	int64_t id_base;	    /* the host's id of the (first) tenant's root; 0: chosen */
	char *const *env;	    /* NAME=VALUE, NULL-terminated; NULL: none */
	char *const *command;	    /* NULL-terminated; NULL: the template's */
	const struct ctr_bind *binds;
	size_t n_binds;
	const char *user;	    /* whose password and keys; NULL: root */
	const char *password_hash;  /* of crypt(5); NULL: as it is */
	const char *authorized_keys; /* text of the file; NULL: as it is */
	const char *user_data;	    /* for cloud-init; NULL: none */
	const char *resolv_conf;    /* text of the file; NULL: as it is */
	/* NULL: nobody. How many of them are made, and then started. */
	void (*tell)(void *data, size_t done, size_t n);
	void *tell_data;
};

/* Make one tenant or many: all of them or none. */
int ctr_deploy(struct ctr_runtime *runtime, const char *name,
	       const struct ctr_deploy_options *options, struct ctr_error *err);

struct ctr_stop_options {
	size_t size;
	int64_t timeout_ms; /* then it is killed; 0: 10 seconds */
};

/* Ask a tenant's init to shut down, wait, and kill what is left. A stopped one is fine. */
int ctr_tenant_stop(struct ctr_runtime *runtime, const char *name,
		    const struct ctr_stop_options *options, struct ctr_error *err);

/* Remove a tenant with everything it wrote. Running, it is refused without `force`. */
int ctr_tenant_destroy(struct ctr_runtime *runtime, const char *name, bool force,
		       struct ctr_error *err);

/* Give a tenant that does not run another name; its hostname stays. */
int ctr_tenant_rename(struct ctr_runtime *runtime, const char *name, const char *new_name,
		      struct ctr_error *err);

/* The login shell of root in a container that runs, or /bin/sh. */
int ctr_shell(struct ctr_runtime *runtime, const char *id, char **ret, struct ctr_error *err);

/* What is known of a tenant, indented JSON: its document, and what it does now. */
int ctr_tenant_info(struct ctr_runtime *runtime, const char *name, char **ret,
		    struct ctr_error *err);

/* the store --------------------------------------------------------------------------- */

struct ctr_garbage {
	char *path; /* below the store */
	char *why;
	uint64_t bytes; /* 0: not known */
};

struct ctr_gc_options {
	size_t size;
	bool dry_run;
};

/* Remove what nothing in the store refers to; `*ret` says what it was (or would be). */
int ctr_gc(struct ctr_runtime *runtime, const struct ctr_gc_options *options,
	   struct ctr_garbage **ret, size_t *ret_n, struct ctr_error *err);
void ctr_garbage_free(struct ctr_garbage *garbage, size_t n);

struct ctr_store_check {
	const char *name;   /* "reflink" */
	const char *what;   /* it is for */
	const char *remedy; /* where it is missing */
	bool needed;	    /* without it templates and servers do not work */
	bool found;
	char detail[120]; /* why it was not found */
};

/* Try what the store needs of its file system; makes the store if it is not there. */
int ctr_doctor_store(struct ctr_runtime *runtime, struct ctr_store_check **ret, size_t *ret_n,
		     struct ctr_error *err);
void ctr_store_checks_free(struct ctr_store_check *checks);

/* documents --------------------------------------------------------------------------- */

struct ctr_spec_options {
	size_t size;
	const char *bundle; /* NULL: "." */
	const char *file;   /* NULL: config.json */
	bool rootless;
};

/* Write a config.json for a new bundle; an existing file is an error. */
int ctr_spec(struct ctr_runtime *runtime, const struct ctr_spec_options *options,
	     struct ctr_error *err);

/* The features document (features.md), indented JSON. Needs no state root. */
int ctr_features(struct ctr_runtime *runtime, char **ret, struct ctr_error *err);

struct ctr_version {
	const char *version, *commit, *spec, *libseccomp;
};
void ctr_version_get(struct ctr_version *ret);

#ifdef __cplusplus
}
#endif

#endif
