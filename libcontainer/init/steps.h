/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The steps of init, one file a subject. Private to the room; init.c has their order.
 */
#pragma once

#include "init/init.h"

/* root.c: the tree that becomes "/" */
int root_attach(struct init *init, struct error *err);
int root_pivot(struct init *init, struct error *err);
int root_enter(struct init *init, struct error *err); /* exec, and without a mount namespace */

/* mounts.c: the operations of the mount plan, from first to before last */
int mounts_apply(struct init *init, size_t first, size_t last, struct error *err);

/* mount_special.c: operations that make more than a mount */
struct mounts_hidden { /* what masks are clones of, once it is attached somewhere */
	int directory_fd, null_fd;
	bool null_attached;
};
/* The directory of the node or link made last: the next one is usually beside it. */
struct mounts_parent {
	int fd;
	char path[256];
};
int mount_special_parent(struct init *init, const char *target, struct mounts_parent *parent,
			 const char **ret_name, struct error *err);
int mount_special_mask(struct init *init, const struct mount_op *op, struct mounts_hidden *hidden,
		       struct error *err);
int mount_special_device(struct init *init, const struct mount_op *op, struct mounts_parent *parent,
			 struct error *err);
int mount_special_bind_device(struct init *init, const struct mount_op *op, int source_fd,
			      struct error *err);
int mount_special_console(struct init *init, const struct mount_op *op, struct error *err);

/* copy_up.c: fill a new tmpfs with what its target holds */
int copy_up_tree(int from_fd, int to_fd, struct error *err);

/* identity.c: who the process is */
int identity_become(struct init *init, struct error *err);
int identity_enter_user_namespace(struct init *init, struct error *err);

/* program.c: what will be executed, where, with which environment */
int program_find(struct init *init, struct error *err);
int program_enter_cwd(struct init *init, struct error *err);

/* terminal.c: session, controlling terminal, standard descriptors */
int terminal_set_up(struct init *init, struct error *err);
int terminal_open(struct init *init, struct error *err); /* exec: from the container's devpts */

/* confine.c: everything after which nothing more is allowed, and execve */
int confine_descriptors(struct init *init, struct error *err);
int confine_and_exec(struct init *init, struct error *err);

/* The private procfs, mounted on first use. Returns the descriptor, which init owns. */
int init_proc(struct init *init, struct error *err);
