/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Everything that is done to the container's file tree, as a list of operations in
 * order: computed here, printed for tests and --dry-run, carried out by
 * init/mounts.c with a loop and a switch. Targets are resolved inside the rootfs
 * when their turn comes; sources are host paths, opened before the clone, unless
 * they lie inside the rootfs.
 *
 * Attributes are MOUNT_ATTR_* (mount_setattr(2)); propagation is MS_* and separate.
 */
#pragma once

#include <stdint.h>
#include <sys/types.h>

#include "plan/host.h"
#include "plan/idmap_plan.h"
#include "plan/namespace_plan.h"
#include "spec/config.h"

enum mount_op_kind {
	MOUNT_OP_BIND,	     /* clone source's tree, set attributes on the clone, attach   */
	MOUNT_OP_FILESYSTEM, /* a new filesystem of type fstype, attach                    */
	MOUNT_OP_CGROUP,     /* fstype cgroup2 from the new cgroup namespace; with a source: a
				bind of that, the host's v2 tree                           */
	MOUNT_OP_ATTRIBUTES, /* change attributes of the mount at target                   */
	MOUNT_OP_READONLY,   /* bind target on itself, then ro (readonlyPaths)             */
	MOUNT_OP_MASK,	     /* hide target: /dev/null on files, an empty ro tmpfs on dirs */
	MOUNT_OP_DEVICE,     /* make the node at target; bind the host's when it may not   */
	MOUNT_OP_SYMLINK,    /* target -> source; an existing one stays                    */
	MOUNT_OP_DIRECTORY,  /* make target and its parents (process.cwd)                  */
	MOUNT_OP_CONSOLE,    /* the terminal's slave on /dev/console                       */
};

/* A filesystem parameter for fsconfig(2): value NULL is a flag. */
struct mount_parameter {
	char *key;
	char *value;
};

/* How a mount shows ids: container_id is as the file system has it, host_id as the host. */
struct mount_idmap {
	struct idmap_ranges uids, gids;
	bool joined; /* both are those of the user namespace that the container joins */
};

struct mount_op {
	enum mount_op_kind kind;
	char from[48];	    /* where in the config: "mounts[3]" */
	const char *target; /* inside the container, absolute, not resolved */
	const char *source; /* of a bind: an absolute host path */
	const char *fstype;
	LIST_OF(struct mount_parameter) parameters;
	uint64_t attr_set, attr_clear;
	uint64_t attr_set_recursive, attr_clear_recursive;
	LIST_OF(unsigned long) propagation; /* MS_SHARED ... with MS_REC, applied in order */
	bool recursive;			    /* a bind takes the submounts too */
	size_t idmap;			    /* 1 + the index of plan->idmaps; 0: as they are */
	bool idmap_recursive;
	bool source_in_rootfs; /* source is below the rootfs: opened by init, in turn */
	bool source_nofollow, target_nofollow;
	bool copy_symlink;   /* a symlink source is re-created, not mounted */
	bool copy_up;	     /* tmpcopyup: fill the new tmpfs with what target held */
	bool real_directory; /* target itself must not be a symlink (proc, sysfs) */
	bool optional;	     /* a missing target is fine (masks, readonlyPaths) */
	bool late_readonly;  /* ro is set at the end by another operation */
	struct {
		mode_t type; /* S_IFCHR, S_IFBLK, S_IFIFO */
		mode_t mode;
		unsigned major, minor;
		uint32_t uid, gid;
		bool bind; /* mknod is not allowed here: bind the host's node */
		bool keep; /* an existing node of the right kind is fine */
	} device;
};

struct mount_plan {
	LIST_OF(struct mount_op) ops;
	LIST_OF(struct mount_idmap) idmaps; /* no two are the same */
	size_t n_early; /* ops before this one precede the createRuntime and createContainer hooks
			   and pivot_root; the others (read-only, masks) follow them */
	unsigned long parent_propagation; /* of "/" in the new mount namespace and of every host
					     tree that is bound: MS_SLAVE | MS_REC by default */
	unsigned long root_propagation;	  /* applied to the root after pivot_root; 0: none */
	bool mount_namespace;		  /* false: no mounts at all, chroot */
	char *mount_label;		  /* borrowed */
	LIST_OF(char *) paths;		  /* owned: normalised paths that ops point into */
};

/* What the mounts depend on beside the config. */
struct mount_plan_facts {
	const struct host *host;
	const char *bundle; /* absolute: relative sources are below it */
	const char *rootfs; /* absolute and normalised: the root filesystem on the host */
	const struct namespace_plan *namespaces;
	const struct idmap_plan *idmap;
};

/*
 * Plan the mounts of `config`, which must outlive the plan: strings are borrowed.
 * Release with mount_plan_release, also after a failure. Errors: EINVAL (unknown or
 * contradicting option, with its place), ENOTSUP, ENOMEM.
 */
int mount_plan_build(const struct spec_config *config, const struct mount_plan_facts *facts,
		     struct mount_plan *ret, struct error *err);
void mount_plan_release(struct mount_plan *plan);

/*
 * For the parts of the plan that stand in other files. mount_plan_add_op: a new, zeroed
 * operation from `format` at the end, good until the next is added. mount_plan_path:
 * path_absolute, with the result owned by the plan.
 */
struct mount_op *mount_plan_add_op(struct mount_plan *plan, enum mount_op_kind kind,
				   struct error *err, const char *format, ...)
	__attribute__((format(printf, 4, 5)));
int mount_plan_path(struct mount_plan *plan, const char *base, const char *path, const char **ret,
		    struct error *err);

/* Will the kernel treat the container as without privilege over the host's devices and mounts? */
bool mount_plan_confined(const struct mount_plan_facts *facts);

/* Has it an id map, and a tree that only init can open? Then init asks the parent to set the map. */
bool mount_plan_idmap_is_asked(const struct mount_op *op);

/* The words of every mount option that is not filesystem data, for features. NULL-terminated. */
extern const char *const mount_plan_option_names[];
