/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/fd.h"

static char dir[] = "/tmp/ctr-test-fd-XXXXXX";
static int dir_fd = -1;

static void make_dir(void)
{
	cr_assert_not_null(mkdtemp(dir));
	dir_fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	cr_assert_geq(dir_fd, 0);
}

static void remove_dir(void)
{
	char command[100];

	snprintf(command, sizeof command, "rm -rf %s", dir);
	cr_assert_eq(system(command), 0);
	close(dir_fd);
}

TestSuite(fd, .init = make_dir, .fini = remove_dir);

static void put(const char *name, size_t len)
{
	cleanup_close int fd = openat(dir_fd, name, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	cleanup_free char *data = malloc(len + 1);
	struct error err;

	memset(data, 'x', len);
	cr_assert_eq(fd_write_all(fd, name, data, len, &err), 0);
}

static bool is_cloexec(int fd)
{
	return fcntl(fd, F_GETFD) == FD_CLOEXEC;
}

Test(fd, a_file_is_read_whole_up_to_the_limit_and_not_beyond)
{
	static const size_t sizes[] = { 0, 1, 4095, 4096, 4097, 8191, 8192, 8193, 100000 };
	struct error err;

	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		cleanup_free char *text = NULL, *none = NULL;
		size_t len = 7;

		put("f", sizes[i]);
		cr_assert_eq(fd_read_file(dir_fd, "f", sizes[i], &text, &len, &err), 0);
		cr_expect(len == sizes[i] && strlen(text) == len);
		if (!sizes[i])
			continue;
		cr_expect_eq(fd_read_file(dir_fd, "f", sizes[i] - 1, &none, &len, &err), -EFBIG);
		cr_expect(!none && len == sizes[i] && strstr(err.text, "read f: is larger"));
	}
}

Test(fd, files_of_proc_that_claim_no_size_are_read)
{
	cleanup_free char *text = NULL;
	struct error err;

	cr_assert_eq(fd_read_file(AT_FDCWD, "/proc/self/status", 1 << 20, &text, NULL, &err), 0);
	cr_expect(strstr(text, "Pid:"));
}

Test(fd, only_regular_files_are_read)
{
	char *text = NULL;
	struct error err;

	cr_assert_eq(mkfifoat(dir_fd, "fifo", 0600), 0);
	cr_expect_eq(fd_read_file(dir_fd, "fifo", 10, &text, NULL, &err), -EINVAL);
	cr_expect_str_eq(err.text, "read fifo: is not a regular file");
	cr_expect_eq(fd_read_file(AT_FDCWD, "/dev/zero", 10, &text, NULL, &err), -EINVAL);
	cr_expect_eq(fd_read_file(AT_FDCWD, dir, 10, &text, NULL, &err), -EINVAL);
	cr_expect_eq(fd_read_file(dir_fd, "absent", 10, &text, NULL, &err), -ENOENT);
	cr_expect_str_eq(err.text, "open absent: No such file or directory");
	cr_expect_null(text);
}

Test(fd, a_pipe_is_read_to_its_end_and_bounded)
{
	cleanup_free char *text = NULL;
	size_t len;
	struct error err;
	int ends[2];

	cr_assert_eq(pipe(ends), 0);
	cr_assert_eq(fd_write_all(ends[1], "pipe", "0123456789", 10, &err), 0);
	close(ends[1]);
	cr_assert_eq(fd_read_all(ends[0], "pipe", 10, &text, &len, &err), 0);
	cr_expect(len == 10 && !strcmp(text, "0123456789"));
	close(ends[0]);
}

Test(fd, write_all_survives_short_writes)
{
	const size_t size = 1 << 20; /* a pipe holds less */
	cleanup_free char *data = calloc(1, size);
	struct error err;
	int ends[2], status;
	pid_t child;

	cr_assert_eq(pipe(ends), 0);
	child = fork();
	if (child == 0) {
		char *text;
		size_t len;

		close(ends[1]);
		_exit(fd_read_all(ends[0], "pipe", size, &text, &len, &err) || len != size);
	}
	close(ends[0]);
	cr_assert_eq(fd_write_all(ends[1], "pipe", data, size, &err), 0);
	close(ends[1]);
	cr_assert_eq(waitpid(child, &status, 0), child);
	cr_expect_eq(status, 0);
}

Test(fd, write_file_does_not_create_and_names_the_value)
{
	cleanup_free char *text = NULL;
	struct error err;

	cr_expect_eq(fd_write_file(dir_fd, "absent", "1", &err), -ENOENT);
	put("f", 0);
	cr_assert_eq(fd_write_file(dir_fd, "f", "100\n", &err), 0);
	cr_assert_eq(fd_read_file(dir_fd, "f", 10, &text, NULL, &err), 0);
	cr_expect_str_eq(text, "100\n");
	cr_expect_lt(fd_write_file(AT_FDCWD, "/proc/self/oom_score_adj", "never\n", &err), 0);
	cr_expect_str_eq(err.text, "write 'never' to /proc/self/oom_score_adj: Invalid argument");
}

Test(fd, messages_carry_descriptors_close_on_exec)
{
	struct error err;
	int s[2], fds[FD_MESSAGE_FDS], n_open[2] = { dir_fd, 1 };
	char data[16];
	size_t len, n;
	struct stat a, b;

	cr_assert_eq(fd_socketpair(s, &err), 0);
	cr_expect(is_cloexec(s[0]) && is_cloexec(s[1]));
	cr_assert_eq(fd_send(s[0], "hello", 5, n_open, 2, &err), 0);
	cr_assert_eq(fd_send(s[0], "again", 5, NULL, 0, &err), 0);
	cr_assert_eq(fd_receive(s[1], data, sizeof data, &len, fds, 8, &n, &err), 0);
	cr_assert(len == 5 && n == 2 && !memcmp(data, "hello", 5));
	cr_expect(is_cloexec(fds[0]) && is_cloexec(fds[1]));
	fstat(fds[0], &a);
	fstat(dir_fd, &b);
	cr_expect(a.st_ino == b.st_ino && a.st_dev == b.st_dev);
	cr_assert_eq(fd_receive(s[1], data, sizeof data, &len, fds, 8, &n, &err), 0);
	cr_expect(len == 5 && n == 0 && !memcmp(data, "again", 5));
	close(s[0]);
	cr_assert_eq(fd_receive(s[1], data, sizeof data, &len, fds, 8, &n, &err), 0);
	cr_expect(len == 0 && n == 0);
}

/* The next descriptor the kernel would give: the same before and after when none leaked. */
static int next_fd(void)
{
	cleanup_close int fd = dup(0);

	return fd;
}

Test(fd, descriptors_without_room_are_closed)
{
	struct error err;
	int s[2], fds[2] = { -1, -1 }, sent[FD_MESSAGE_FDS], next;
	char data[2];
	size_t len, n;

	for (int i = 0; i < FD_MESSAGE_FDS; i++)
		sent[i] = dir_fd;
	cr_assert_eq(fd_socketpair(s, &err), 0);
	next = next_fd();
	cr_assert_eq(fd_send(s[0], "x", 1, sent, FD_MESSAGE_FDS, &err), 0);
	cr_assert_eq(fd_receive(s[1], data, 2, &len, fds, 1, &n, &err), 0);
	cr_expect(n == 1 && fds[0] == next && fds[1] == -1);
	close(fds[0]);
	cr_expect_eq(next_fd(), next);
	n = 77;
	cr_assert_eq(fd_send(s[0], "too long", 8, sent, 3, &err), 0);
	cr_assert_eq(fd_receive(s[1], data, 2, &len, fds, 1, &n, &err), -EMSGSIZE);
	cr_expect(n == 77 && next_fd() == next);
}

Test(fd, the_last_words_of_a_peer_that_left_ours_unread_arrive)
{
	struct error err;
	int s[2];
	char data[8];
	size_t len, n;

	cr_assert_eq(fd_socketpair(s, &err), 0);
	cr_assert_eq(fd_send(s[0], "unread", 6, NULL, 0, &err), 0);
	cr_assert_eq(fd_send(s[1], "failed", 6, NULL, 0, &err), 0);
	close(s[1]);
	cr_assert_eq(fd_receive(s[0], data, sizeof data, &len, NULL, 0, &n, &err), 0);
	cr_expect(len == 6 && !memcmp(data, "failed", 6));
	cr_assert_eq(fd_receive(s[0], data, sizeof data, &len, NULL, 0, &n, &err), 0);
	cr_expect_eq(len, 0);
	cr_expect_eq(fd_send(s[0], "x", 1, NULL, 0, &err), -EPIPE);
}

static int listen_at(int below, const char *name, int backlog)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	snprintf(address.sun_path, sizeof address.sun_path, "/proc/self/fd/%d/%s", below, name);
	cr_assert_eq(bind(fd, (struct sockaddr *)&address, sizeof address), 0);
	cr_assert_eq(listen(fd, backlog), 0);
	return fd;
}

Test(fd, connects_to_short_and_long_paths)
{
	cleanup_close int near = listen_at(dir_fd, "s", 5), far = -1, below = -1, a = -1, b = -1;
	char path[512], name[60];
	struct error err;

	snprintf(path, sizeof path, "%s/s", dir);
	a = fd_connect(SOCK_STREAM, path, 1000, &err);
	cr_assert_geq(a, 0);
	cr_expect(is_cloexec(a) && !(fcntl(a, F_GETFL) & O_NONBLOCK));
	memset(name, 'd', sizeof name);
	name[sizeof name - 1] = '\0';
	cr_assert_eq(mkdirat(dir_fd, name, 0700), 0);
	below = openat(dir_fd, name, O_PATH | O_CLOEXEC);
	far = listen_at(below, name, 5);
	snprintf(path, sizeof path, "%s/%s/%s", dir, name, name);
	cr_assert_gt(strlen(path), 107);
	b = fd_connect(SOCK_STREAM, path, 1000, &err);
	cr_assert_geq(b, 0, "%s", err.text);
	cr_expect(near >= 0);
}

Test(fd, connect_says_what_is_wrong_with_the_path)
{
	char path[300];
	struct error err;

	snprintf(path, sizeof path, "%s/absent", dir);
	cr_expect_eq(fd_connect(SOCK_STREAM, path, 100, &err), -ENOENT);
	put("file", 1);
	snprintf(path, sizeof path, "%s/file", dir);
	cr_expect_eq(fd_connect(SOCK_STREAM, path, 100, &err), -ENOTSOCK);
	close(listen_at(dir_fd, "dead", 5));
	snprintf(path, sizeof path, "%s/dead", dir);
	cr_expect_eq(fd_connect(SOCK_STREAM, path, 100, &err), -ECONNREFUSED);
	memset(path + strlen(dir) + 1, 'x', 200);
	path[strlen(dir) + 201] = '\0';
	cr_expect_eq(fd_connect(SOCK_STREAM, path, 100, &err), -ENAMETOOLONG);
}

Test(fd, connect_gives_up_on_a_listener_that_does_not_accept)
{
	cleanup_close int listener = listen_at(dir_fd, "full", 0), first = -1;
	char path[100];
	struct error err;
	struct timespec from, to;

	snprintf(path, sizeof path, "%s/full", dir);
	first = fd_connect(SOCK_STREAM, path, 100, &err);
	cr_assert(first >= 0 && listener >= 0);
	clock_gettime(CLOCK_MONOTONIC, &from);
	cr_expect_eq(fd_connect(SOCK_STREAM, path, 100, &err), -ETIMEDOUT);
	clock_gettime(CLOCK_MONOTONIC, &to);
	cr_expect_geq((to.tv_sec - from.tv_sec) * 1000 + (to.tv_nsec - from.tv_nsec) / 1000000, 90);
	cr_expect_eq(fd_connect(SOCK_STREAM, path, 0, &err), -ETIMEDOUT);
}

Test(fd, closed_standard_descriptors_are_filled_with_dev_null)
{
	pid_t child = fork();
	int status;

	if (child == 0) {
		struct error err;
		struct stat st, null;

		close(0);
		close(2);
		if (fd_reserve_standard(&err) < 0 || fstat(0, &st) < 0 ||
		    stat("/dev/null", &null) < 0 || st.st_rdev != null.st_rdev)
			_exit(1);
		_exit(fcntl(2, F_GETFD) != 0);
	}
	cr_assert_eq(waitpid(child, &status, 0), child);
	cr_expect_eq(status, 0);
}
