/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Resource ownership. A variable marked cleanup_* owns its resource and
 * releases it when it leaves scope; steal_* hands the resource to a new owner.
 */
#pragma once

#include <dirent.h>
#include <stdlib.h>
#include <unistd.h>

#define cleanup_with(fn) __attribute__((__cleanup__(fn##_at)))

/* DEFINE_CLEANUP(struct spec *, spec_free) makes cleanup_with(spec_free) usable. */
#define DEFINE_CLEANUP(type, fn)            \
	static inline void fn##_at(type *p) \
	{                                   \
		if (*p)                     \
			fn(*p);             \
	}

static inline void cleanup_free_at(void *p)
{
	free(*(void **)p);
}
#define cleanup_free __attribute__((__cleanup__(cleanup_free_at)))

static inline void cleanup_close_at(int *fd)
{
	if (*fd >= 0)
		close(*fd);
}
#define cleanup_close __attribute__((__cleanup__(cleanup_close_at)))

#define steal_ptr(pp)                   \
	({                              \
		__auto_type p_ = *(pp); \
		*(pp) = NULL;           \
		p_;                     \
	})

static inline int steal_fd(int *fd)
{
	int stolen = *fd;

	*fd = -1;
	return stolen;
}
