/* SPDX-License-Identifier: Apache-2.0 */
/*
 * console KIND PATH [SECONDS]: be one end of a console socket, of which KIND says what is wrong:
 * bound (nobody listens), datagram, close (accepts and closes), deaf (listens, never accepts),
 * silent (accepts, never reads), or good: takes what comes, prints "fds N" for each message
 * and then "end", and copies what the terminal says.
 */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static int take(int socket)
{
	char text[4096], control[256];
	struct iovec part = { text, sizeof text };
	struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1,
				  .msg_control = control, .msg_controllen = sizeof control };
	int fd = -1;

	while (recvmsg(socket, &message, 0) > 0) {
		struct cmsghdr *header = CMSG_FIRSTHDR(&message);
		size_t n = header ? (header->cmsg_len - CMSG_LEN(0)) / sizeof fd : 0;

		if (n > 0)
			memcpy(&fd, CMSG_DATA(header), sizeof fd);
		printf("fds %zu\n", n);
		message.msg_controllen = sizeof control;
	}
	printf("end\n");
	return fd;
}

static void copy(int fd)
{
	char text[4096];
	ssize_t n;

	while ((n = read(fd, text, sizeof text)) > 0)
		fwrite(text, 1, (size_t)n, stdout);
}

int main(int argc, char **argv)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	const char *kind = argc > 2 ? argv[1] : "";
	int fd;

	if (argc < 3)
		return 2;
	setvbuf(stdout, NULL, _IOLBF, 0);
	alarm(argc > 3 ? (unsigned)atoi(argv[3]) : 20);
	fd = socket(AF_UNIX, !strcmp(kind, "datagram") ? SOCK_DGRAM : SOCK_STREAM, 0);
	snprintf(address.sun_path, sizeof address.sun_path, "%s", argv[2]);
	if (bind(fd, (struct sockaddr *)&address, sizeof address) < 0)
		return 1;
	if (!strcmp(kind, "bound") || !strcmp(kind, "datagram"))
		pause();
	listen(fd, !strcmp(kind, "deaf") ? 0 : 5);
	printf("listening\n");
	if (!strcmp(kind, "deaf"))
		pause();
	fd = accept(fd, NULL, NULL);
	if (!strcmp(kind, "silent"))
		pause();
	if (!strcmp(kind, "good"))
		copy(take(fd));
	return 0;
}
