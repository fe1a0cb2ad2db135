/* SPDX-License-Identifier: Apache-2.0 */
/*
 * CRIU's part in a checkpoint and in a restore: a request, what is answered when CRIU asks,
 * and the reason out of its log. Private to the room.
 */
#pragma once

#include <stddef.h>

#include "criu/request.h"
#include "lifecycle/lifecycle.h"

/* Where images and log go. */
struct criu_directories {
	int images_fd, work_fd; /* the same directory twice when there is no --work-path */
	char *images, *work;	/* absolute, for errors */
	const char *log;
};
#define CRIU_NO_DIRECTORIES { .images_fd = -1, .work_fd = -1 }

/* Open them, making (0700) what is missing when `make`. Errors: as mkdir(2) and open(2). */
int criu_open_directories(const char *images, const char *work, bool make,
			  struct criu_directories *ret, struct error *err);
void criu_release_directories(struct criu_directories *directories);
#define cleanup_directories __attribute__((__cleanup__(criu_release_directories)))

struct criu_call {
	struct criu_request *request;
	const struct criu_directories *directories;
	const int *keep; /* the request's other descriptors */
	size_t n_keep;
	const int *stdio;
	const char *keyring;
	int cgroup_fd, interrupt_fd;
	/* ctr-criu is there, as `pid`, and has not begun; NULL: nothing to do */
	int (*born)(void *argument, pid_t pid, struct error *err);
	/* CRIU has come to event->point, where `*fd` may come along; a failure makes it give up. */
	int (*notify)(void *argument, const struct criu_event *event, int *fd, struct error *err);
	void *argument;
};

/*
 * Have CRIU do it; the request is completed with what the call says. Errors: what notify
 * failed with, EINTR, ENOTSUP (no CRIU here), CRIU's own with the last error of its log.
 */
int criu_run(const struct criu_call *call, struct error *err);

/* Set `flag` where a bool of the options is true. */
struct criu_switch {
	size_t offset;
	enum criu_flag flag;
};
int criu_set_switches(const struct criu_switch *switches, size_t n, const void *options,
		      struct criu_request *request, struct error *err);
