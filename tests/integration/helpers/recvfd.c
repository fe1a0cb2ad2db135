/* SPDX-License-Identifier: Apache-2.0 */
/*
 * recvfd SOCKET [LINE]: listen on SOCKET, take one connection and one message from it, and
 * print "payload TEXT" and "fds N". If what came is a terminal, print "tty", its size as
 * "size ROWS COLUMNS", then send LINE and copy what it says to stdout until it is closed.
 * For a pidfd, print "pid N".
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static int accept_one(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
	if (bind(fd, (struct sockaddr *)&address, sizeof address) < 0 || listen(fd, 1) < 0) {
		perror(path);
		exit(1);
	}
	return accept(fd, NULL, NULL);
}

static int receive(int socket)
{
	char text[4096] = "", control[256];
	struct iovec part = { text, sizeof text - 1 };
	struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1,
				  .msg_control = control, .msg_controllen = sizeof control };
	struct cmsghdr *header;
	int fds[8] = { -1 };
	size_t n = 0;

	if (recvmsg(socket, &message, 0) < 0)
		return -1;
	header = CMSG_FIRSTHDR(&message);
	if (header) {
		n = (header->cmsg_len - CMSG_LEN(0)) / sizeof(int);
		memcpy(fds, CMSG_DATA(header), n * sizeof(int));
	}
	printf("payload %s\nfds %zu\n", text, n);
	if (recvmsg(socket, &message, 0) > 0)
		printf("a second message\n");
	return fds[0];
}

static void print_pid(int pidfd)
{
	char path[64], line[256];
	FILE *file;

	snprintf(path, sizeof path, "/proc/self/fdinfo/%d", pidfd);
	file = fopen(path, "r");
	while (file && fgets(line, sizeof line, file))
		if (!strncmp(line, "Pid:", 4))
			printf("pid %ld\n", strtol(line + 4, NULL, 10));
}

int main(int argc, char **argv)
{
	struct winsize size;
	char buffer[4096];
	ssize_t n;
	int fd;

	if (argc < 2)
		return 2;
	setvbuf(stdout, NULL, _IOLBF, 0);
	fd = receive(accept_one(argv[1]));
	if (ioctl(fd, TIOCGWINSZ, &size) < 0) {
		print_pid(fd);
		return 0;
	}
	printf("tty\nsize %d %d\n", size.ws_row, size.ws_col);
	if (argc > 2)
		dprintf(fd, "%s\n", argv[2]);
	while ((n = read(fd, buffer, sizeof buffer)) > 0)
		fwrite(buffer, 1, (size_t)n, stdout);
	return 0;
}
