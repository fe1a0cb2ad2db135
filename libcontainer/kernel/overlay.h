/* SPDX-License-Identifier: Apache-2.0 */
/*
 * overlayfs (overlayfs.rst) on layers that are descriptors. The result is a detached mount:
 * nothing appears in the caller's mount table, at no time.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/error.h"

struct overlay {
	const int *lower; /* O_PATH, the topmost first */
	size_t n_lower;
	int upper, work; /* below one mount; -1: read-only */
	/* The detached mounts that the layers are below; good for this one overlay. */
	const int *trees;
	size_t n_trees;
	/*
	 * Whoever makes the overlay does its copying up and its whiteouts: where the layers are
	 * idmapped that must be one whom their map has, or all is read-only without a word.
	 */
	bool as_owner;
	uid_t uid;
	gid_t gid;
	bool is_volatile;
	bool detached; /* the kernel (6.15) takes layers of detached mounts: else a helper attaches
			  them in a mount namespace that lasts no longer than that */
};

/*
 * A directory below the detached mount `tree`, "layers/a/diff", through no link and into no
 * other mount. Returns an O_PATH descriptor. Errors: as openat2(2).
 */
int overlay_open_layer(int tree, const char *name, struct error *err);

/*
 * Mount it, with index=off, metacopy=off and redirect_dir=nofollow, so that layers may be
 * used by others and merged later. `proc_fd` is the host's /proc. Returns the mount's
 * descriptor. Errors: EROFS (the kernel made it read-only), as mount(2).
 */
int overlay_mount(const struct overlay *overlay, int proc_fd, struct error *err);
