/* SPDX-License-Identifier: Apache-2.0 */
#include "lifecycle/criu.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/fd.h"
#include "base/log.h"
#include "base/path.h"
#include "base/str.h"
#include "criu/log.h"
#include "kernel/helper.h"

enum { LOG_TAIL = 1 << 16 };

static int open_directory(const char *path, bool make, char **ret_path, struct error *err)
{
	char here[PATH_MAX];
	int fd;

	if (!getcwd(here, sizeof here))
		return error_errno(err, errno, "the working directory");
	TRY(path_absolute(here, path, ret_path, err));
	if (make && mkdir(*ret_path, 0700) < 0 && errno != EEXIST)
		return error_errno(err, errno, "make %s", *ret_path);
	fd = open(*ret_path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return fd >= 0 ? fd : error_errno(err, errno, "open %s", *ret_path);
}

int criu_open_directories(const char *images, const char *work, bool make,
			  struct criu_directories *ret, struct error *err)
{
	ret->images_fd = open_directory(images, make, &ret->images, err);
	if (ret->images_fd < 0)
		return error_prefix(err, "--image-path: ");
	ret->work_fd = open_directory(work ? work : images, true, &ret->work, err);
	return ret->work_fd < 0 ? error_prefix(err, "--work-path: ") : 0;
}

void criu_release_directories(struct criu_directories *directories)
{
	cleanup_close_at(&directories->images_fd);
	cleanup_close_at(&directories->work_fd);
	free(directories->images);
	free(directories->work);
}

int criu_set_switches(const struct criu_switch *switches, size_t n, const void *options,
		      struct criu_request *request, struct error *err)
{
	for (size_t i = 0; i < n; i++)
		if (*(const bool *)((const char *)options + switches[i].offset))
			TRY(criu_request_set(request, switches[i].flag, err));
	return 0;
}

/* Put CRIU's own reason behind the text of the error. */
static int quote_log(const struct criu_directories *directories, struct error *err)
{
	cleanup_close int fd = openat(directories->work_fd, directories->log,
				      O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	cleanup_free char *text = malloc(LOG_TAIL + 1);
	struct error first = *err;
	char reason[300];
	struct stat st;
	ssize_t n;

	if (fd < 0 || !text || fstat(fd, &st) < 0)
		return -err->code;
	n = pread(fd, text, LOG_TAIL, st.st_size > LOG_TAIL ? st.st_size - LOG_TAIL : 0);
	if (n <= 0)
		return -err->code;
	text[n] = 0;
	criu_log_last_error(text, reason, sizeof reason);
	if (!*reason)
		return error_set(err, first.code, "%s (see %s/%s)", first.text, directories->work,
				 directories->log);
	return error_set(err, first.code, "%s: %s (see %s/%s)", first.text, reason,
			 directories->work, directories->log);
}

static int wait_event(const struct criu_call *call, const struct helper *helper, struct error *err)
{
	struct pollfd p[] = { { .fd = helper->socket, .events = POLLIN },
			      { .fd = call->interrupt_fd, .events = POLLIN } };

	while (poll(p, 2, -1) < 0)
		if (errno != EINTR)
			return error_errno(err, errno, "wait for CRIU");
	return p[1].revents ? error_set(err, EINTR, "interrupted by a signal") : 0;
}

/* One event: 1 when it was the last and CRIU has done it, 0 when there are more. */
static int take_event(const struct criu_call *call, const struct helper *helper, struct error *err)
{
	cleanup_close int fd = -1;
	struct criu_answer answer = { 0 };
	struct criu_event event;
	size_t len, n_fds;

	TRY(fd_receive(helper->socket, &event, sizeof event, &len, &fd, 1, &n_fds, err));
	if (len != sizeof event)
		return error_set(err, EIO, "ctr-criu ended without a word");
	event.point[sizeof event.point - 1] = 0;
	if (event.kind == CRIU_EVENT_DONE)
		return 1;
	if (event.kind != CRIU_EVENT_NOTIFY) {
		event.error.text[sizeof event.error.text - 1] = 0;
		*err = event.error;
		return err->code > 0 ? quote_log(call->directories, err) :
				       error_set(err, EPROTO, "ctr-criu failed");
	}
	log_debug("criu: %s", event.point);
	TRY(call->notify(call->argument, &event, &fd, err));
	return fd_send(helper->socket, &answer, sizeof answer, NULL, 0, err);
}

int criu_run(const struct criu_call *call, struct error *err)
{
	const struct criu_directories *d = call->directories;
	cleanup_helper struct helper helper = HELPER_NONE;
	cleanup_free char *text = NULL;
	cleanup_free int *keep = calloc(call->n_keep + 2, sizeof *keep);
	struct helper_call start = {
		.name = "ctr-criu",
		.keep = keep,
		.n_keep = call->n_keep + 2,
		.stdio = call->stdio,
		.cgroup_fd = call->cgroup_fd,
		.keyring = call->keyring,
	};
	int r = 0;

	if (!keep)
		return error_errno(err, ENOMEM, "ask CRIU");
	keep[0] = d->images_fd;
	keep[1] = d->work_fd;
	for (size_t i = 0; i < call->n_keep; i++)
		keep[2 + i] = call->keep[i];
	call->request->images_fd = (struct optional_int){ true, d->images_fd };
	call->request->work_fd = (struct optional_int){ true, d->work_fd };
	TRY(str_printf(&call->request->work, err, "%s", d->work));
	TRY(str_printf(&call->request->log, err, "%s", d->log));
	TRY(helper_start(&start, &helper, err));
	if (call->born)
		TRY(call->born(call->argument, helper.pid, err));
	TRY(json_encode(&criu_request_schema, call->request, JSON_COMPACT, &text, err));
	log_debug("criu: %s", text);
	TRY(helper_begin(&helper, text, err));
	while (r == 0) {
		r = wait_event(call, &helper, err);
		if (r == 0)
			r = take_event(call, &helper, err);
	}
	return r < 0 ? r : 0;
}
