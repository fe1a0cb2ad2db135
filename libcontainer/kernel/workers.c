/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel/workers.h"

#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/fd.h"
#include "kernel/process.h"

#define PROCESSES_MAX 64

/* Seen by all of them. */
struct shared {
	atomic_size_t next;
	atomic_bool stop;
};

struct team {
	const struct workers *workers;
	struct shared *shared;
	int sockets[2]; /* the caller's end, theirs */
	pid_t caller;
	int pidfds[PROCESSES_MAX];
	size_t n, done;
	bool failed;
};

static void release_team(struct team *team)
{
	for (size_t i = 0; i < team->n; i++)
		cleanup_close_at(&team->pidfds[i]);
	cleanup_close_at(&team->sockets[0]);
	cleanup_close_at(&team->sockets[1]);
	if (team->shared)
		munmap(team->shared, sizeof *team->shared);
}
#define cleanup_team __attribute__((__cleanup__(release_team)))

static size_t count_processors(size_t most)
{
	cpu_set_t set;
	size_t n = sched_getaffinity(0, sizeof set, &set) == 0 ? (size_t)CPU_COUNT(&set) : 1;

	n = n < PROCESSES_MAX ? n : PROCESSES_MAX;
	return n < most ? n : most;
}

/* In a process of its own: one piece after the other, each with a message about its end. */
static int work_on(void *argument)
{
	struct team *team = argument;
	const struct workers *workers = team->workers;

	close(team->sockets[0]);
	for (;;) {
		size_t i = atomic_fetch_add(&team->shared->next, 1);
		struct error error = {}, ignored;

		if (i >= workers->n || atomic_load(&team->shared->stop) ||
		    getppid() != team->caller)
			return 0;
		/* What was no failure in the end may have left its words. */
		if (workers->work(workers->data, i, &error) < 0)
			atomic_store(&team->shared->stop, true);
		else
			error.code = 0;
		if (fd_send(team->sockets[1], &error, sizeof error, NULL, 0, &ignored) < 0)
			return 1;
	}
}

static int begin(struct team *team, size_t n, struct error *err)
{
	void *shared = mmap(NULL, sizeof *team->shared, PROT_READ | PROT_WRITE,
			    MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (shared == MAP_FAILED)
		return error_errno(err, ENOMEM, "begin to work side by side");
	team->shared = shared;
	TRY(fd_socketpair(team->sockets, err));
	while (team->n < n) {
		const struct process_clone clone = {
			.cgroup_fd = -1,
			.run = work_on,
			.argument = team,
		};
		pid_t pid;
		int pidfd = process_clone(&clone, &pid, err);

		if (pidfd < 0 && team->n > 0)
			return 0; /* fewer will do */
		TRY(pidfd);
		team->pidfds[team->n++] = pidfd;
	}
	return 0;
}

/* One message. The first error stays. */
static int receive(struct team *team, struct error *err)
{
	const struct workers *workers = team->workers;
	struct error error;
	size_t len, n_fds;

	TRY(fd_receive(team->sockets[0], &error, sizeof error, &len, NULL, 0, &n_fds, err));
	if (len != sizeof error)
		return error_set(err, EPROTO, "a worker sent something else");
	if (error.code && !team->failed)
		*err = error;
	team->failed = team->failed || error.code;
	team->done += !error.code;
	if (workers->tell && !team->failed)
		workers->tell(workers->tell_data, team->done, workers->n);
	return 0;
}

/* Is there a message? It waits until there is one or the process `pidfd` has ended. */
static bool has_message(const struct team *team, int pidfd)
{
	struct pollfd ready[] = { { .fd = team->sockets[0], .events = POLLIN },
				  { .fd = pidfd, .events = POLLIN } };

	while (poll(ready, 2, -1) < 0 && errno == EINTR)
		;
	return ready[0].revents & POLLIN;
}

static int listen_to(struct team *team, struct error *err)
{
	struct error ignored;
	int r = 0, status;

	for (size_t i = 0; i < team->n; i++) {
		while (r == 0 && has_message(team, team->pidfds[i]))
			r = receive(team, err);
		if (r < 0 && team->sockets[0] >= 0) {
			/* Nobody listens any more: whoever sends learns it. */
			atomic_store(&team->shared->stop, true);
			close(steal_fd(&team->sockets[0]));
		}
		process_wait(team->pidfds[i], -1, &status, &ignored);
	}
	return r;
}

static int run_alone(const struct workers *workers, struct error *err)
{
	for (size_t i = 0; i < workers->n; i++) {
		TRY(workers->work(workers->data, i, err));
		if (workers->tell)
			workers->tell(workers->tell_data, i + 1, workers->n);
	}
	return 0;
}

int workers_run(const struct workers *workers, struct error *err)
{
	cleanup_team struct team team = { .workers = workers,
					  .sockets = { -1, -1 },
					  .caller = getpid() };
	size_t n = count_processors(workers->n);

	if (n < 2)
		return run_alone(workers, err);
	TRY(begin(&team, n, err));
	TRY(listen_to(&team, err));
	if (team.failed)
		return -err->code;
	if (team.done < workers->n)
		return error_set(err, EIO, "a worker died: %zu of %zu are done", team.done,
				 workers->n);
	return 0;
}
