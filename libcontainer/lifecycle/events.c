/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One process watches any number of containers: the end of each init, and memory.events, at which
 * the kernel wakes who polls it. Between two rounds of statistics it sleeps.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/fd.h"
#include "base/log.h"
#include "kernel/process.h"
#include "lifecycle/inspect.h"
#include "lifecycle/lifecycle.h"
#include "lifecycle/stats.h"

struct watched {
	const char *id;
	int pidfd, cgroup_fd;
	int memory_fd; /* memory.events; -1: no memory controller */
	uint64_t kills;
};

struct watch {
	const struct events_options *options;
	struct watched *item;
	struct pollfd *polls; /* two for each: pidfd, memory_fd */
	size_t n, n_left;
};

static void release(struct watch *w)
{
	for (size_t i = 0; w->item && i < w->n; i++) {
		cleanup_close_at(&w->item[i].pidfd);
		cleanup_close_at(&w->item[i].cgroup_fd);
		cleanup_close_at(&w->item[i].memory_fd);
	}
	free(w->item);
	free(w->polls);
}

/* How often the kernel has killed for want of memory; 0 when the cgroup is gone. */
static uint64_t count_kills(const struct watched *c)
{
	char text[512];
	ssize_t n = c->memory_fd < 0 ? -1 : pread(c->memory_fd, text, sizeof text - 1, 0);

	if (n <= 0)
		return 0;
	text[n] = '\0';
	return stats_value(text, "oom_kill");
}

static int open_one(struct lifecycle *l, const char *id, struct watched *ret, struct error *err)
{
	cleanup_container struct container c = { .fd = -1, .pidfd = -1 };

	TRY(inspect_open(l, id, false, &c, err));
	if (c.pidfd < 0)
		return error_set(err, STATUS_REFUSED, "container `%s`: container not running", id);
	ret->id = id;
	ret->cgroup_fd = inspect_open_cgroup(&c, err);
	TRY(ret->cgroup_fd);
	ret->pidfd = steal_fd(&c.pidfd);
	ret->memory_fd = openat(ret->cgroup_fd, "memory.events", O_RDONLY | O_CLOEXEC);
	ret->kills = count_kills(ret);
	return 0;
}

static int emit_stats(const struct watch *w, const struct watched *c, struct error *err)
{
	cleanup_stats struct stats stats = {};
	cleanup_free char *line = NULL;
	int r = stats_read(c->cgroup_fd, &stats, err);

	if (r == 0)
		r = stats_print(&stats, c->id, &line, err);
	if (r < 0)
		return error_prefix(err, "container `%s`: ", c->id);
	r = w->options->emit(w->options->data, line);
	return r < 0 ? error_errno(err, -r, "events") : 0;
}

/* One event for every look at which there were more kills than before. */
static int emit_kills(const struct watch *w, struct watched *c, struct error *err)
{
	uint64_t kills = count_kills(c);
	cleanup_free char *line = NULL;
	int r;

	if (kills <= c->kills)
		return 0;
	c->kills = kills;
	TRY(str_printf(&line, err, "{\"type\":\"oom\",\"id\":\"%s\"}", c->id));
	r = w->options->emit(w->options->data, line);
	return r < 0 ? error_errno(err, -r, "events") : 0;
}

/* What fails for one (it may end just now) must not keep the others' from being told. */
static int emit_round(const struct watch *w, struct error *err)
{
	struct error next;
	int r = 0;

	for (size_t i = 0; i < w->n; i++) {
		if (w->item[i].pidfd < 0 || emit_stats(w, &w->item[i], &next) == 0)
			continue;
		if (process_has_ended(w->item[i].pidfd))
			continue;
		if (r == 0)
			*err = next;
		r = -err->code;
	}
	return r;
}

static int look_at(struct watch *w, size_t i, struct error *err)
{
	struct watched *c = &w->item[i];
	bool ended = c->pidfd >= 0 && process_has_ended(c->pidfd);

	if (c->pidfd < 0)
		return 0;
	/* Behind the look at init: what killed it has been counted by then. */
	TRY(emit_kills(w, c, err));
	if (!ended)
		return 0;
	close(steal_fd(&c->pidfd));
	w->polls[2 * i].fd = w->polls[2 * i + 1].fd = -1;
	w->n_left--;
	return 0;
}

static int sleep_until(struct watch *w, int64_t when, struct error *err)
{
	int64_t left = when - clock_monotonic_ms();

	if (left < 0)
		left = 0;
	if (left > 1 << 30)
		left = 1 << 30;
	if (poll(w->polls, 2 * w->n, (int)left) < 0 && errno != EINTR)
		return error_errno(err, errno, "events: wait");
	for (size_t i = 0; i < w->n; i++)
		TRY(look_at(w, i, err));
	return 0;
}

static int watch(struct watch *w, struct error *err)
{
	int64_t interval = w->options->interval_ms, next = clock_monotonic_ms() + interval;

	for (size_t i = 0; i < w->n; i++) {
		w->polls[2 * i] = (struct pollfd){ .fd = w->item[i].pidfd, .events = POLLIN };
		w->polls[2 * i + 1] =
			(struct pollfd){ .fd = w->item[i].memory_fd, .events = POLLPRI };
	}
	while (w->n_left) {
		TRY(sleep_until(w, next, err));
		if (!w->n_left || clock_monotonic_ms() < next)
			continue;
		TRY(emit_round(w, err));
		next += interval;
	}
	return 0;
}

int events_containers(struct lifecycle *l, const struct events_options *options, struct error *err)
{
	__attribute__((__cleanup__(release))) struct watch w = { .options = options };
	struct error next;
	int r = 0;

	w.item = calloc(options->n + 1, sizeof *w.item);
	w.polls = calloc(2 * options->n + 1, sizeof *w.polls);
	if (!w.item || !w.polls)
		return error_errno(err, ENOMEM, "events");
	for (; w.n < options->n; w.n++) {
		struct watched *c = &w.item[w.n];

		*c = (struct watched){ .pidfd = -1, .cgroup_fd = -1, .memory_fd = -1 };
		if (open_one(l, options->ids[w.n], c, &next) == 0) {
			w.n_left++;
			continue;
		}
		if (r == 0)
			*err = next;
		r = -err->code;
	}
	if (r < 0 && options->interval_ms)
		return r;
	if (options->interval_ms)
		return watch(&w, err);
	return emit_round(&w, r < 0 ? &next : err) < 0 && r == 0 ? -err->code : r;
}
