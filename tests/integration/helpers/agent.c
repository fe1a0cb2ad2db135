/* SPDX-License-Identifier: Apache-2.0 */
/*
 * agent SOCKET NAME: listen on SOCKET for a seccomp listener, print the JSON that comes
 * with it, then answer every notification: with the errno called NAME, or, when NAME is
 * "continue", by letting it go on. Ends when the filter has no task left.
 */
#include <errno.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static int listen_and_accept(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
	if (bind(fd, (struct sockaddr *)&address, sizeof address) < 0 || listen(fd, 1) < 0)
		exit(2);
	return accept(fd, NULL, NULL);
}

/* The descriptor comes with the first part of the text. */
static int receive(int socket)
{
	static char text[65536];
	char control[64];
	struct iovec part = { text, sizeof text };
	struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1,
				  .msg_control = control, .msg_controllen = sizeof control };
	struct cmsghdr *header;
	ssize_t n = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
	int fd = -1;

	header = CMSG_FIRSTHDR(&message);
	if (header)
		memcpy(&fd, CMSG_DATA(header), sizeof fd);
	for (; n > 0; n = read(socket, text, sizeof text))
		fwrite(text, 1, (size_t)n, stdout);
	putchar('\n');
	fflush(stdout);
	return fd;
}

static int find_errno(const char *name)
{
	for (int i = 1; i < 134; i++)
		if (strerrorname_np(i) && !strcmp(strerrorname_np(i), name))
			return i;
	return 0;
}

static int answer(int fd, int code)
{
	struct seccomp_notif request = { 0 };
	struct seccomp_notif_resp response = { 0 };

	if (ioctl(fd, SECCOMP_IOCTL_NOTIF_RECV, &request) < 0)
		return errno == ENOENT ? 0 : -1;
	response.id = request.id;
	response.error = -code;
	response.flags = code ? 0 : SECCOMP_USER_NOTIF_FLAG_CONTINUE;
	ioctl(fd, SECCOMP_IOCTL_NOTIF_SEND, &response);
	printf("syscall %d\n", request.data.nr);
	fflush(stdout);
	return 0;
}

int main(int argc, char **argv)
{
	int fd, code;

	if (argc != 3)
		return 2;
	code = find_errno(argv[2]);
	fd = receive(listen_and_accept(argv[1]));
	for (;;) {
		struct pollfd wait = { fd, POLLIN, 0 };

		if (poll(&wait, 1, -1) < 0 || wait.revents & POLLHUP)
			return 0;
		if (answer(fd, code) < 0)
			return 1;
	}
}
