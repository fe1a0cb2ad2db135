/* SPDX-License-Identifier: Apache-2.0 */
#include "state/gate.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/cleanup.h"

#define SOCKET_FILE "start.sock"
#define START	    's'

/* Through the descriptor: a state root may be longer than sun_path. */
static struct sockaddr_un address_of(int container_fd)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };

	snprintf(address.sun_path, sizeof address.sun_path, "/proc/self/fd/%d/" SOCKET_FILE,
		 container_fd);
	return address;
}

int gate_create(int container_fd, struct error *err)
{
	struct sockaddr_un address = address_of(container_fd);
	cleanup_close int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return error_errno(err, errno, "make the start socket");
	/* The file takes its mode from the socket's inode: there is no moment of a wider one. */
	if (fchmod(fd, 0600) < 0)
		return error_errno(err, errno, "set the mode of the start socket");
	if (bind(fd, (struct sockaddr *)&address, sizeof address) < 0)
		return error_errno(err, errno, "bind " SOCKET_FILE);
	if (listen(fd, SOMAXCONN) < 0)
		return error_errno(err, errno, "listen on " SOCKET_FILE);
	return steal_fd(&fd);
}

int gate_wait(int listen_fd, struct error *err)
{
	for (;;) {
		cleanup_close int connection = accept4(listen_fd, NULL, NULL, SOCK_CLOEXEC);
		char byte;

		if (connection < 0 && errno != EINTR && errno != ECONNABORTED)
			return error_errno(err, errno, "wait for start");
		if (connection >= 0 && recv(connection, &byte, 1, MSG_PEEK) == 1 &&
		    byte == START)
			return steal_fd(&connection);
	}
}

void gate_release(int connection)
{
	char byte;

	(void)!recv(connection, &byte, 1, MSG_DONTWAIT);
}

void gate_fail(int connection, const struct error *failure)
{
	/* What is left unread would be heard before our words. Nobody is left to hear of a failure
	   here. */
	gate_release(connection);
	(void)!send(connection, failure, sizeof *failure, MSG_NOSIGNAL);
}

int gate_is_waiting(int container_fd)
{
	struct sockaddr_un address = address_of(container_fd);
	cleanup_close int fd = -1;

	if (faccessat(container_fd, SOCKET_FILE, F_OK, 0) < 0)
		return 0;
	fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return 0;
	if (connect(fd, (struct sockaddr *)&address, sizeof address) == 0)
		return 1;
	return errno == EAGAIN; /* someone listens, but is stopped and its queue is full */
}

int gate_open(int container_fd, struct error *err)
{
	struct sockaddr_un address = address_of(container_fd);
	cleanup_close int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	char byte = START;

	if (fd < 0)
		return error_errno(err, errno, "make a socket for start");
	if (connect(fd, (struct sockaddr *)&address, sizeof address) < 0) {
		if (errno == ENOENT || errno == ECONNREFUSED)
			return error_set(err, ECONNREFUSED,
					 "the container does not wait for start");
		return error_errno(err, errno, "connect to " SOCKET_FILE);
	}
	/* It stays unread until execve is all that is left: then the kernel tells death from exec. */
	if (send(fd, &byte, 1, MSG_NOSIGNAL) != 1)
		return error_errno(err, errno, "tell the container to start");
	return steal_fd(&fd);
}

int gate_wait_exec(int connection, struct error *err)
{
	struct error failure;
	ssize_t n;

	do
		n = recv(connection, &failure, sizeof failure, 0);
	while (n < 0 && errno == EINTR);
	if (n == 0)
		return 0;
	/* What we sent was never read. */
	if (n < 0 && errno == ECONNRESET)
		return error_set(err, ESRCH, "init ended before it was started");
	if (n < 0)
		return error_errno(err, errno, "wait for the container's program to be executed");
	if (n != sizeof failure || failure.code <= 0)
		return error_set(err, EPROTO, "the container's answer to start makes no sense");
	failure.text[sizeof failure.text - 1] = '\0';
	*err = failure;
	return -failure.code;
}

void gate_remove(int container_fd)
{
	unlinkat(container_fd, SOCKET_FILE, 0);
}
