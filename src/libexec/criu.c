/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ctr-criu SOCKET REQUEST: carry out a request of ctr's with CRIU. The request is a document
 * in the file that the second descriptor is; what happens is told over the socket, which is
 * the first. It stands between ctr and CRIU so that ctr need not contain protocol buffers,
 * and its mount namespace is CRIU's.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/fd.h"
#include "config.h"
#include "criu_rpc.h"
#include "criu_yard.h"

enum { RESPONSE_MAX = 1 << 16 };

struct work {
	int socket; /* to ctr */
	int criu;   /* to CRIU */
	pid_t pid;
	struct criu_request request;
};

static int take_descriptor(const char *text, int *ret, struct error *err)
{
	char *end;
	long fd = text ? strtol(text, &end, 10) : -1;

	if (!text || *end || fd < 3 || fcntl((int)fd, F_SETFD, FD_CLOEXEC) < 0)
		return error_set(err, EINVAL, "usage: ctr-criu SOCKET REQUEST (started by ctr)");
	*ret = (int)fd;
	return 0;
}

static int read_request(int fd, struct criu_request *ret, struct error *err)
{
	cleanup_free char *text = NULL;
	size_t len;

	TRY(fd_read_all(fd, "the request", JSON_SIZE_MAX, &text, &len, err));
	return json_decode(&criu_request_schema, text, len, ret, err);
}

/* CRIU gets the descriptors that stand for files; trees are mounted by now. */
static void keep_from_criu(const struct criu_request *request)
{
	if (request->root_fd.set)
		fcntl((int)request->root_fd.value, F_SETFD, FD_CLOEXEC);
	for (size_t i = 0; i < request->trees.n; i++)
		fcntl((int)request->trees.item[i].fd.value, F_SETFD, FD_CLOEXEC);
}

static bool wants(const struct criu_request *request, enum criu_flag flag)
{
	for (size_t i = 0; i < request->flags.n; i++)
		if (request->flags.item[i] == (int)flag)
			return true;
	return false;
}

static int start_criu(struct work *work, struct error *err)
{
	char number[16];
	char *const argv[] = { (char *)"criu", (char *)"swrk", number, NULL };
	/* It runs iptables and tar. */
	char *const envp[] = { (char *)"PATH=/usr/sbin:/usr/bin:/sbin:/bin", NULL };
	int ends[2];

	if (access(CTR_CRIU_PATH, X_OK) < 0)
		return error_errno(err, errno == ENOENT ? ENOTSUP : errno,
				   "%s: CRIU is needed (package criu)", CTR_CRIU_PATH);
	TRY(fd_socketpair(ends, err));
	work->criu = ends[0];
	snprintf(number, sizeof number, "%d", ends[1]);
	keep_from_criu(&work->request);
	work->pid = fork();
	if (work->pid == 0) {
		fcntl(ends[1], F_SETFD, 0);
		if (wants(&work->request, CRIU_NO_NEW_PRIVILEGES))
			prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
		execve(CTR_CRIU_PATH, argv, envp);
		_exit(127);
	}
	close(ends[1]);
	return work->pid > 0 ? 0 : error_errno(err, errno, "start %s", CTR_CRIU_PATH);
}

static int send_request(struct work *work, struct error *err)
{
	struct criu_rpc_bytes bytes;
	int r;

	TRY(criu_rpc_pack(&work->request, &bytes, err));
	r = fd_send(work->criu, bytes.data, bytes.len, NULL, 0, err);
	free(bytes.data);
	return r;
}

/* Why CRIU went without a word. */
static int criu_is_gone(struct work *work, struct error *err)
{
	int status = 0;

	waitpid(work->pid, &status, 0);
	work->pid = 0;
	if (WIFSIGNALED(status))
		return error_set(err, EIO, "CRIU was ended by signal %d", WTERMSIG(status));
	return error_set(err, EIO, "CRIU ended with status %d", WEXITSTATUS(status));
}

/* ctr's word on a notification; without ctr CRIU is to give up, which undoes what it has done. */
static int ask_ctr(const struct work *work, const struct criu_event *event, int fd)
{
	struct criu_answer answer = { .refused = 1 };
	struct error ignored;
	size_t len, n_fds;

	if (fd_send(work->socket, event, sizeof *event, &fd, fd >= 0, &ignored) < 0 ||
	    fd_receive(work->socket, &answer, sizeof answer, &len, NULL, 0, &n_fds, &ignored) < 0 ||
	    len != sizeof answer)
		return 0;
	return !answer.refused;
}

static int answer_criu(const struct work *work, int success, struct error *err)
{
	struct criu_rpc_bytes bytes;
	int r;

	TRY(criu_rpc_pack_answer(success, &bytes, err));
	r = fd_send(work->criu, bytes.data, bytes.len, NULL, 0, err);
	free(bytes.data);
	return r;
}

/* Until CRIU has done it (0) or has failed, which is in `*last` too. */
static int converse(struct work *work, struct criu_event *last, struct error *err)
{
	cleanup_free uint8_t *data = malloc(RESPONSE_MAX);

	if (!data)
		return error_errno(err, ENOMEM, "talk to CRIU");
	for (;;) {
		cleanup_close int fd = -1;
		size_t len, n_fds;

		TRY(fd_receive(work->criu, data, RESPONSE_MAX, &len, &fd, 1, &n_fds, err));
		if (len == 0)
			return criu_is_gone(work, err);
		TRY(criu_rpc_unpack(data, len, last, err));
		if (last->kind != CRIU_EVENT_NOTIFY)
			return 0;
		TRY(answer_criu(work, ask_ctr(work, last, fd), err));
	}
}

/* ctr has something to do first with the process that we are. */
static int wait_to_begin(const struct work *work, struct error *err)
{
	size_t len, n_fds;
	char word;

	TRY(fd_receive(work->socket, &word, 1, &len, NULL, 0, &n_fds, err));
	return len ? 0 : error_set(err, ECANCELED, "ctr has given up");
}

static int carry_out(struct work *work, int request_fd, struct criu_event *last, struct error *err)
{
	TRY(wait_to_begin(work, err));
	TRY(read_request(request_fd, &work->request, err));
	if (work->request.operation.value == CRIU_RESTORE)
		TRY(criu_yard_enter(&work->request, err));
	TRY(start_criu(work, err));
	TRY(send_request(work, err));
	return converse(work, last, err);
}

static void end_criu(struct work *work)
{
	if (work->criu >= 0)
		close(work->criu);
	while (work->pid > 0 && waitpid(work->pid, NULL, 0) < 0 && errno == EINTR)
		;
}

int main(int argc, char **argv)
{
	struct work work = { .socket = -1, .criu = -1 };
	struct criu_event last = { 0 };
	struct error err = { 0 };
	int request_fd = -1;

	if (argc != 3 || take_descriptor(argv[1], &work.socket, &err) < 0 ||
	    take_descriptor(argv[2], &request_fd, &err) < 0) {
		fprintf(stderr, "ctr-criu: %s\n", err.code ? err.text : "it is started by ctr");
		return EXIT_FAILURE;
	}
	signal(SIGPIPE, SIG_IGN);
	if (carry_out(&work, request_fd, &last, &err) < 0) {
		last.kind = CRIU_EVENT_FAILED;
		last.error = err;
	}
	/* First, so that whoever waits for us finds nothing of CRIU's left. */
	end_criu(&work);
	fd_send(work.socket, &last, sizeof last, NULL, 0, &err);
	criu_request_release(&work.request);
	return last.kind == CRIU_EVENT_DONE ? EXIT_SUCCESS : EXIT_FAILURE;
}
