/* SPDX-License-Identifier: Apache-2.0 */
/*
 * agent: runs commands in the test VM for the host; both sides are this one static program.
 *
 *	agent serve PORT KEYFILE	in the guest: every connection is one command
 *	agent run PORT KEYFILE [-C DIRECTORY] [-e NAME=VALUE]... [-T SECONDS]
 *		COMMAND [ARGUMENT]...	on the host: have a command run
 *	agent port			print a port that is free
 *	agent tsc			print the rate of the time stamp counter in kHz
 *
 * `run` gives the command its own standard input, prints the command's output and errors
 * as they come and exits as it did (128 + N after signal N); 124 when the time is over,
 * 125 when the guest cannot be reached. SIGINT, SIGTERM and SIGHUP go to the command, and
 * a command whose `run` is gone is killed with its session.
 *
 * Both sides send frames: a type, a length and as many bytes. Who connects shows the key
 * first, because the port is open to every user of the host.
 */
#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <x86intrin.h>

#define STATUS_TIMEOUT 124
#define STATUS_LOST    125
#define FRAME_MAX      (256u << 10)
#define N_WORDS_MAX    4096

/* To the guest: KEY, then DIRECTORY, VARIABLE and ARGUMENT, then GO; INPUT (empty: its end), SIGNAL. */
enum { KEY = 'k', DIRECTORY = 'd', VARIABLE = 'v', ARGUMENT = 'a', GO = 'g', INPUT = 'i' };
enum { SIGNAL = 's', OUTPUT = '1', ERRORS = '2', STATUS = 'x' };

struct frame {
	char type;
	uint32_t length;
	char *data; /* with a NUL behind it */
};

/* A command in the guest. */
struct command {
	const char *directory;
	char *arguments[N_WORDS_MAX + 1];
	size_t n_arguments;
	pid_t pid;
	int pidfd, input, output, errors;
};

static int write_all(int fd, const char *data, size_t length)
{
	ssize_t n;

	for (; length > 0; data += n, length -= (size_t)n) {
		n = write(fd, data, length);
		if (n < 0 && errno != EINTR)
			return -1;
		if (n < 0)
			n = 0;
	}
	return 0;
}

static int read_all(int fd, char *data, size_t length)
{
	ssize_t n;

	for (; length > 0; data += n, length -= (size_t)n) {
		n = read(fd, data, length);
		if (n == 0 || (n < 0 && errno != EINTR))
			return -1;
		if (n < 0)
			n = 0;
	}
	return 0;
}

static int frame_send(int socket, char type, const void *data, size_t length)
{
	uint32_t size = (uint32_t)length;
	char head[1 + sizeof(size)] = { type };

	memcpy(head + 1, &size, sizeof(size));
	if (send(socket, head, sizeof(head), length > 0 ? MSG_MORE : 0) != (ssize_t)sizeof(head))
		return -1;
	return write_all(socket, data, length);
}

/* The data is the caller's to free. */
static int frame_receive(int socket, struct frame *frame)
{
	char head[1 + sizeof(frame->length)];

	if (read_all(socket, head, sizeof(head)) < 0)
		return -1;
	frame->type = head[0];
	memcpy(&frame->length, head + 1, sizeof(frame->length));
	if (frame->length > FRAME_MAX)
		return -1;
	frame->data = calloc(1, frame->length + 1);
	return frame->data ? read_all(socket, frame->data, frame->length) : -1;
}

static struct sockaddr_in address(in_addr_t host, const char *port)
{
	return (struct sockaddr_in){ .sin_family = AF_INET,
				     .sin_addr.s_addr = htonl(host),
				     .sin_port = htons((uint16_t)atoi(port)) };
}

static void read_key(const char *path, char *key, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd >= 0 ? read(fd, key, size - 1) : -1;

	if (n <= 0)
		errx(STATUS_LOST, "cannot read the key %s", path);
	key[n] = '\0';
	close(fd);
}

/* --- the guest ------------------------------------------------------------------------ */

static void child(const struct command *command, const int pipes[3][2])
{
	setsid();
	for (int fd = 0; fd < 3; fd++)
		dup2(pipes[fd][fd == 0 ? 0 : 1], fd);
	signal(SIGPIPE, SIG_DFL);
	signal(SIGCHLD, SIG_DFL);
	if (command->directory && chdir(command->directory) < 0)
		err(126, "chdir %s", command->directory);
	execvp(command->arguments[0], command->arguments);
	err(127, "exec %s", command->arguments[0]);
}

static void spawn(struct command *command)
{
	int pipes[3][2];

	for (int fd = 0; fd < 3; fd++) {
		if (pipe2(pipes[fd], O_CLOEXEC) < 0)
			_exit(1);
	}
	signal(SIGCHLD, SIG_DFL);
	command->pid = fork();
	if (command->pid == 0)
		child(command, (const int(*)[2])pipes);
	command->pidfd = pidfd_open(command->pid, 0);
	command->input = pipes[0][1];
	command->output = pipes[1][0];
	command->errors = pipes[2][0];
	fcntl(command->input, F_SETFL, O_NONBLOCK);
	close(pipes[0][0]);
	close(pipes[1][1]);
	close(pipes[2][1]);
}

/* What is to be run, once whoever asks has shown the key. The frames stay: they are its words. */
static void receive_command(int socket, const char *key, struct command *command)
{
	struct frame frame;

	if (frame_receive(socket, &frame) < 0 || frame.type != KEY || strcmp(frame.data, key) != 0)
		_exit(1);
	while (frame_receive(socket, &frame) == 0 && frame.type != GO) {
		if (frame.type == VARIABLE)
			putenv(frame.data);
		else if (frame.type == DIRECTORY)
			command->directory = frame.data;
		else if (command->n_arguments < N_WORDS_MAX)
			command->arguments[command->n_arguments++] = frame.data;
	}
	if (frame.type != GO || command->n_arguments == 0)
		_exit(1);
}

static void abandon(const struct command *command)
{
	kill(-command->pid, SIGTERM);
	usleep(300000);
	kill(-command->pid, SIGKILL);
	_exit(1);
}

/* Bring on what the command prints; closes *fd at the end of it. */
static void forward(int socket, char type, int *fd, short events, const struct command *command)
{
	static char data[FRAME_MAX / 4];
	ssize_t n;

	if (events == 0)
		return;
	n = read(*fd, data, sizeof(data));
	if (n > 0 && frame_send(socket, type, data, (size_t)n) < 0)
		abandon(command);
	if (n <= 0) {
		close(*fd);
		*fd = -1;
	}
}

/* Give the command its input, as much as it takes now; what it does not want is dropped. */
static void feed(struct command *command, struct frame *pending, size_t *fed)
{
	ssize_t n = write(command->input, pending->data + *fed, pending->length - *fed);

	if (n < 0 && errno == EAGAIN)
		return;
	*fed = n < 0 ? pending->length : *fed + (size_t)n;
	if (*fed < pending->length)
		return;
	if (pending->length == 0) {
		close(command->input);
		command->input = -1;
	}
	free(pending->data);
	*pending = (struct frame){ 0 };
	*fed = 0;
}

static void obey(int socket, struct command *command, struct frame *pending)
{
	struct frame frame;

	if (frame_receive(socket, &frame) < 0)
		abandon(command);
	if (frame.type == SIGNAL)
		kill(-command->pid, atoi(frame.data));
	else if (frame.type == INPUT && command->input >= 0)
		*pending = frame;
}

/*
 * Until the command has ended and all it printed is gone out. What it left in the
 * background may keep its output open: that is waited for one second without any.
 */
static void relay(int socket, struct command *command)
{
	struct frame pending = { 0 };
	size_t fed = 0;
	int ended = 0, n;

	while (!ended || command->output >= 0 || command->errors >= 0) {
		struct pollfd fds[] = {
			{ socket, pending.data ? POLLRDHUP : POLLIN, 0 },
			{ command->output, POLLIN, 0 },
			{ command->errors, POLLIN, 0 },
			{ ended ? -1 : command->pidfd, POLLIN, 0 },
			{ pending.data ? command->input : -1, POLLOUT, 0 },
		};

		n = poll(fds, sizeof(fds) / sizeof(*fds), ended ? 1000 : -1);
		if (n == 0)
			return;
		forward(socket, OUTPUT, &command->output, fds[1].revents, command);
		forward(socket, ERRORS, &command->errors, fds[2].revents, command);
		ended |= fds[3].revents != 0;
		if (fds[4].revents)
			feed(command, &pending, &fed);
		if (fds[0].revents && pending.data && !fds[4].revents)
			abandon(command);
		if (fds[0].revents && !pending.data)
			obey(socket, command, &pending);
	}
}

static void serve_one(int socket, const char *key)
{
	struct command command = { 0 };
	char text[16];
	int status;

	receive_command(socket, key, &command);
	spawn(&command);
	relay(socket, &command);
	waitpid(command.pid, &status, 0);
	snprintf(text, sizeof(text), "%d",
		 WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
	frame_send(socket, STATUS, text, strlen(text));
	_exit(0);
}

static int serve(const char *port, const char *key)
{
	struct sockaddr_in any = address(INADDR_ANY, port);
	int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), one = 1, connection, console;

	setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (bind(listener, (void *)&any, sizeof(any)) < 0 || listen(listener, 64) < 0)
		err(1, "listen");
	signal(SIGCHLD, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	console = open("/dev/console", O_WRONLY | O_NOCTTY | O_CLOEXEC);
	dprintf(console, "agent: ready\n");
	close(console);
	for (;;) {
		connection = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
		if (connection < 0)
			continue;
		setsockopt(connection, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
		if (fork() == 0)
			serve_one(connection, key);
		close(connection);
	}
}

/* --- the host ------------------------------------------------------------------------- */

static int guest = -1; /* for the handler */

static void on_signal(int number)
{
	char text[16];
	int saved = errno;

	snprintf(text, sizeof(text), "%d", number);
	frame_send(guest, SIGNAL, text, strlen(text));
	errno = saved;
}

/* Returns the command's status when it is known. */
static int show(void)
{
	struct frame frame;
	int status = -1;

	if (frame_receive(guest, &frame) < 0)
		errx(STATUS_LOST, "the guest is gone");
	if (frame.type == STATUS)
		status = atoi(frame.data);
	else
		write_all(frame.type == OUTPUT ? STDOUT_FILENO : STDERR_FILENO, frame.data,
			  frame.length);
	free(frame.data);
	return status;
}

static int converse(time_t end)
{
	static char data[FRAME_MAX / 4];
	struct pollfd fds[] = { { guest, POLLIN, 0 }, { STDIN_FILENO, POLLIN, 0 } };
	int status = -1;
	ssize_t n;

	while (status < 0) {
		if (time(NULL) >= end)
			errx(STATUS_TIMEOUT, "out of time");
		if (poll(fds, 2, 200) <= 0)
			continue;
		if (fds[1].revents) {
			n = read(STDIN_FILENO, data, sizeof(data));
			frame_send(guest, INPUT, data, n > 0 ? (size_t)n : 0);
			if (n <= 0)
				fds[1].fd = -1;
		}
		if (fds[0].revents)
			status = show();
	}
	return status;
}

/* No single transfer takes longer than this either. */
static void limit(long seconds)
{
	struct timeval value = { .tv_sec = seconds };

	setsockopt(guest, SOL_SOCKET, SO_SNDTIMEO, &value, sizeof(value));
	setsockopt(guest, SOL_SOCKET, SO_RCVTIMEO, &value, sizeof(value));
}

static void dial(const char *port, const char *key)
{
	struct sockaddr_in local = address(INADDR_LOOPBACK, port);
	int one = 1;

	guest = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (connect(guest, (void *)&local, sizeof(local)) < 0)
		err(STATUS_LOST, "connect to port %s", port);
	setsockopt(guest, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	frame_send(guest, KEY, key, strlen(key));
}

static void ask(char *const *arguments)
{
	for (; *arguments; arguments++)
		frame_send(guest, ARGUMENT, *arguments, strlen(*arguments));
	frame_send(guest, GO, "", 0);
}

static int run(const char *port, const char *key, int argc, char **argv)
{
	long seconds = 300;
	int option;

	dial(port, key);
	while ((option = getopt(argc, argv, "+C:e:T:")) != -1) {
		if (option == 'T')
			seconds = atol(optarg);
		else if (option == 'C' || option == 'e')
			frame_send(guest, option == 'C' ? DIRECTORY : VARIABLE, optarg, strlen(optarg));
		else
			return STATUS_LOST;
	}
	if (optind == argc)
		errx(STATUS_LOST, "run what?");
	limit(seconds);
	for (const int *number = (const int[]){ SIGINT, SIGTERM, SIGHUP, 0 }; *number; number++)
		signal(*number, on_signal);
	signal(SIGPIPE, SIG_IGN);
	ask(argv + optind);
	return converse(time(NULL) + seconds);
}

static double seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* Being scheduled away between the two clocks falsifies a long time little. */
static int tsc(void)
{
	double from = seconds(), took;
	unsigned long long ticks = __rdtsc();

	usleep(500000);
	took = seconds() - from;
	ticks = __rdtsc() - ticks;
	return printf("%.0f\n", (double)ticks / took / 1000) < 0;
}

static int port(void)
{
	struct sockaddr_in any = address(INADDR_LOOPBACK, "0");
	socklen_t size = sizeof(any);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (bind(fd, (void *)&any, size) < 0 || getsockname(fd, (void *)&any, &size) < 0)
		err(1, "bind");
	return printf("%d\n", ntohs(any.sin_port)) < 0;
}

int main(int argc, char **argv)
{
	char key[256];

	if (argc == 2 && strcmp(argv[1], "port") == 0)
		return port();
	if (argc == 2 && strcmp(argv[1], "tsc") == 0)
		return tsc();
	if (argc < 4)
		errx(STATUS_LOST, "usage: agent serve PORT KEYFILE, run PORT KEYFILE COMMAND, port, tsc");
	read_key(argv[3], key, sizeof(key));
	return strcmp(argv[1], "serve") == 0 ? serve(argv[2], key) :
					       run(argv[2], key, argc - 3, argv + 3);
}
