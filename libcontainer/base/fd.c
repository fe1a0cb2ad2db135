/* SPDX-License-Identifier: Apache-2.0 */
#include "base/fd.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"

/* One byte beyond `max` is read, to tell a file of that size from a larger one. */
static size_t first_room(int fd, size_t max)
{
	struct stat st;

	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size > 0 &&
	    (size_t)st.st_size < max)
		return (size_t)st.st_size + 1;
	return max < 4096 ? max + 1 : 4096; /* files of /proc and cgroupfs say 0 */
}

static int grow(char **text, size_t *room, size_t max, const char *name, struct error *err)
{
	size_t wanted = *room <= max / 2 ? 2 * *room : max + 1;
	char *more;

	if (*room > max)
		return error_set(err, EFBIG, "read %s: is larger than %zu bytes", name, max);
	more = realloc(*text, wanted + 1);
	if (!more)
		return error_errno(err, ENOMEM, "read %s", name);
	*text = more;
	*room = wanted;
	return 0;
}

int fd_read_all(int fd, const char *name, size_t max, char **ret, size_t *ret_len,
		struct error *err)
{
	size_t len = 0, room = first_room(fd, max);
	cleanup_free char *text = malloc(room + 1);

	if (!text)
		return error_errno(err, ENOMEM, "read %s", name);
	for (;;) {
		ssize_t n;

		if (len == room)
			TRY(grow(&text, &room, max, name, err));
		n = read(fd, text + len, room - len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return error_errno(err, errno, "read %s", name);
		if (n == 0)
			break;
		len += n;
	}
	if (len > max)
		return error_set(err, EFBIG, "read %s: is larger than %zu bytes", name, max);
	text[len] = '\0';
	if (ret_len)
		*ret_len = len;
	*ret = steal_ptr(&text);
	return 0;
}

int fd_read_file(int dir_fd, const char *path, size_t max, char **ret, size_t *ret_len,
		 struct error *err)
{
	cleanup_close int fd = openat(dir_fd, path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct stat st;

	if (fd < 0)
		return error_errno(err, errno, "open %s", path);
	if (fstat(fd, &st) < 0)
		return error_errno(err, errno, "stat %s", path);
	if (!S_ISREG(st.st_mode))
		return error_set(err, EINVAL, "read %s: is not a regular file", path);
	return fd_read_all(fd, path, max, ret, ret_len, err);
}

int fd_write_all(int fd, const char *name, const void *data, size_t len, struct error *err)
{
	const char *p = data;

	while (len) {
		ssize_t n = write(fd, p, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return error_errno(err, n < 0 ? errno : EIO, "write %s", name);
		p += n;
		len -= n;
	}
	return 0;
}

int fd_write_file(int dir_fd, const char *path, const char *text, struct error *err)
{
	cleanup_close int fd = openat(dir_fd, path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
	const size_t len = strlen(text), line = strcspn(text, "\n");
	ssize_t n;

	if (fd < 0)
		return error_errno(err, errno, "open %s", path);
	do
		n = write(fd, text, len);
	while (n < 0 && errno == EINTR);
	/* A kernel file takes the whole value in one write or has not understood it. */
	if (n < 0 || (size_t)n != len)
		return error_errno(err, n < 0 ? errno : EIO, "write '%.*s' to %s",
				   line < 64 ? (int)line : 64, text, path);
	return 0;
}

int fd_socketpair(int ret[2], struct error *err)
{
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ret) < 0)
		return error_errno(err, errno, "create a pair of sockets");
	return 0;
}

int fd_send(int socket, const void *data, size_t len, const int *fds, size_t n_fds,
	    struct error *err)
{
	union {
		struct cmsghdr align;
		char room[CMSG_SPACE(FD_MESSAGE_FDS * sizeof(int))];
	} control = {};
	struct iovec part = { .iov_base = (void *)data, .iov_len = len };
	struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1 };
	ssize_t n;

	/* An empty message would read as the end of the connection. */
	assert(len > 0 && n_fds <= FD_MESSAGE_FDS);
	if (n_fds) {
		struct cmsghdr *header = &control.align;

		message.msg_control = &control;
		message.msg_controllen = CMSG_SPACE(n_fds * sizeof(int));
		header->cmsg_level = SOL_SOCKET;
		header->cmsg_type = SCM_RIGHTS;
		header->cmsg_len = CMSG_LEN(n_fds * sizeof(int));
		memcpy(CMSG_DATA(header), fds, n_fds * sizeof(int));
	}
	do
		n = sendmsg(socket, &message, MSG_NOSIGNAL);
	while (n < 0 && errno == EINTR);
	if (n < 0 || (size_t)n != len)
		return error_errno(err, n < 0 ? errno : EIO, "send a message");
	return 0;
}

/* What the kernel lets one message carry (SCM_MAX_FD of unix(7)). */
#define MESSAGE_FDS_MAX 253

/* Descriptors that have just arrived: closed again unless they are handed over. */
struct arrived {
	int fd[MESSAGE_FDS_MAX];
	size_t n;
};

static void close_arrived(struct arrived *a)
{
	for (size_t i = 0; i < a->n; i++)
		cleanup_close_at(&a->fd[i]);
}

static void collect(struct msghdr *message, struct arrived *ret)
{
	for (struct cmsghdr *h = CMSG_FIRSTHDR(message); h; h = CMSG_NXTHDR(message, h)) {
		size_t size = h->cmsg_len - CMSG_LEN(0);

		if (h->cmsg_level != SOL_SOCKET || h->cmsg_type != SCM_RIGHTS)
			continue;
		memcpy(ret->fd + ret->n, CMSG_DATA(h), size);
		ret->n += size / sizeof(int);
	}
}

static ssize_t receive(int socket, struct msghdr *message)
{
	ssize_t n;

	/*
	 * ECONNRESET says that the peer left some of ours unread. It is told once and
	 * before what the peer has sent, such as the error it died of: ask again.
	 */
	do
		n = recvmsg(socket, message, MSG_CMSG_CLOEXEC);
	while (n < 0 && (errno == EINTR || errno == ECONNRESET));
	return n;
}

int fd_receive(int socket, void *data, size_t room, size_t *ret_len, int *fds, size_t room_fds,
	       size_t *ret_n_fds, struct error *err)
{
	union {
		struct cmsghdr align;
		char room[CMSG_SPACE(MESSAGE_FDS_MAX * sizeof(int))];
	} control;
	struct iovec part = { .iov_base = data, .iov_len = room };
	struct msghdr message = { .msg_iov = &part,
				  .msg_iovlen = 1,
				  .msg_control = &control,
				  .msg_controllen = sizeof control };
	__attribute__((__cleanup__(close_arrived))) struct arrived arrived;
	ssize_t n;

	arrived.n = 0;
	n = receive(socket, &message);
	if (n < 0)
		return error_errno(err, errno, "receive a message");
	collect(&message, &arrived);
	if (message.msg_flags & (MSG_TRUNC | MSG_CTRUNC))
		return error_set(err, EMSGSIZE, "receive a message: it was cut off");
	*ret_len = n;
	*ret_n_fds = arrived.n < room_fds ? arrived.n : room_fds;
	for (size_t i = 0; i < *ret_n_fds; i++)
		fds[i] = steal_fd(&arrived.fd[i]);
	return 0;
}

static int set_address(struct sockaddr_un *address, const char *path)
{
	if (strlen(path) >= sizeof address->sun_path)
		return -ENAMETOOLONG;
	address->sun_family = AF_UNIX;
	strcpy(address->sun_path, path);
	return 0;
}

/* Name the socket through a descriptor of its directory, which `*ret_dir` keeps open. */
static int set_long_address(struct sockaddr_un *address, const char *path, int *ret_dir,
			    struct error *err)
{
	const char *slash = strrchr(path, '/');
	cleanup_free char *dir = slash ? strndup(path, slash - path) : NULL;
	char link[sizeof address->sun_path + 1];
	int len;

	if (!slash)
		return error_errno(err, ENAMETOOLONG, "connect to %s", path);
	if (!dir)
		return error_errno(err, ENOMEM, "connect to %s", path);
	*ret_dir = open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (*ret_dir < 0)
		return error_errno(err, errno, "open %s", dir);
	len = snprintf(link, sizeof link, "/proc/self/fd/%d%s", *ret_dir, slash);
	if (len >= (int)sizeof link || set_address(address, link) < 0)
		return error_errno(err, ENAMETOOLONG, "connect to %s", path);
	return 0;
}

/*
 * A full queue of the listener makes a non-blocking connect fail, with nothing to
 * poll for; the send timeout bounds a blocking one (unix(7)).
 */
static int connect_within(int fd, const struct sockaddr_un *address, int timeout_ms)
{
	const long long end = clock_monotonic_ms() + timeout_ms;

	for (;;) {
		long long left = end - clock_monotonic_ms();
		struct timeval limit = { .tv_usec = 1000 }; /* zero would mean for ever */

		if (left > 0)
			limit = (struct timeval){ left / 1000, left % 1000 * 1000 };
		setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
		if (connect(fd, (const struct sockaddr *)address, sizeof *address) == 0)
			break;
		if (errno == EAGAIN || (errno == EINTR && left <= 0))
			return -ETIMEDOUT;
		if (errno != EINTR)
			return -errno;
	}
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &(struct timeval){}, sizeof(struct timeval));
	return 0;
}

int fd_connect(int type, const char *path, int timeout_ms, struct error *err)
{
	struct sockaddr_un address = {};
	cleanup_close int dir = -1;
	cleanup_close int fd = socket(AF_UNIX, type | SOCK_CLOEXEC, 0);
	struct stat st;
	int r;

	if (fd < 0)
		return error_errno(err, errno, "create a socket");
	if (set_address(&address, path) < 0)
		TRY(set_long_address(&address, path, &dir, err));
	r = connect_within(fd, &address, timeout_ms);
	/* The kernel calls a plain file a refused connection. */
	if (r == -ECONNREFUSED && stat(address.sun_path, &st) == 0 && !S_ISSOCK(st.st_mode))
		r = -ENOTSOCK;
	if (r < 0)
		return error_errno(err, -r, "connect to %s", path);
	return steal_fd(&fd);
}

int fd_reserve_standard(struct error *err)
{
	for (int fd = 0; fd <= 2; fd++) {
		if (fcntl(fd, F_GETFD) >= 0)
			continue;
		/*
		 * The lowest free number is this one. Not close-on-exec, alone of all: what is
		 * started later must not get its own files as 0, 1 and 2 either.
		 */
		if (open("/dev/null", O_RDWR) != fd)
			return error_errno(err, errno, "open /dev/null as descriptor %d", fd);
	}
	return 0;
}
