/* SPDX-License-Identifier: Apache-2.0 */
#include "lifecycle/foreground.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "kernel/process.h"
#include "kernel/pty.h"
#include "lifecycle/relay.h"

/* More than a pipe or a terminal holds: a survivor that goes on writing cannot keep us. */
#define DRAIN_MAX_BYTES (1 << 20)

enum { INPUT, OUTPUT, ERRORS, N_RELAYS };

struct session {
	struct foreground *foreground;
	int signal_fd;
	bool raw; /* our terminal is, and `saved` is how it was */
	struct pty_saved saved;
	bool background; /* our terminal is someone else's now: leave its input alone */
	struct relay relays[N_RELAYS];
};

/* Those that a fault of our own raises must end us; the others can wait in the signalfd. */
static void signals_to_take(sigset_t *ret)
{
	static const int faults[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGSYS, SIGABRT };

	sigfillset(ret);
	sigdelset(ret, SIGCHLD);
	for (size_t i = 0; i < sizeof faults / sizeof *faults; i++)
		sigdelset(ret, faults[i]);
}

int foreground_prepare(struct foreground_signals *ret, struct error *err)
{
	sigset_t set;

	signals_to_take(&set);
	if (sigprocmask(SIG_BLOCK, &set, &ret->mask) < 0)
		return error_errno(err, errno, "block signals");
	process_keep_children(&ret->child);
	ret->taken = true;
	return 0;
}

void foreground_restore(struct foreground_signals *before)
{
	static const struct timespec now = { 0 };
	sigset_t own;

	if (!before->taken)
		return;
	/* Of our writes, which have said so already. */
	sigemptyset(&own);
	sigaddset(&own, SIGPIPE);
	sigtimedwait(&own, NULL, &now);
	process_restore_sigchld(&before->child);
	sigprocmask(SIG_SETMASK, &before->mask, NULL);
	before->taken = false;
}

/* Ours by meaning: SIGPIPE comes from our writes, the terminal's from what we do with it. */
static bool is_forwarded(int signal)
{
	static const int own[] = { SIGWINCH, SIGURG, SIGPIPE, SIGTTIN, SIGTTOU, SIGCHLD };

	for (size_t i = 0; i < sizeof own / sizeof *own; i++)
		if (signal == own[i])
			return false;
	return true;
}

void foreground_pass_size(int console_fd)
{
	struct winsize size;
	struct error ignored;

	for (int fd = 0; fd < 3; fd++)
		if (ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_row && size.ws_col) {
			pty_set_size(console_fd, size.ws_row, size.ws_col, &ignored);
			return;
		}
}

/*
 * A job in the background may neither read its terminal nor change it; its shell uses it.
 * Called again when we are continued, which is how a job comes to the front.
 */
static int take_terminal(struct session *s, struct error *err)
{
	if (!isatty(0))
		return 0;
	s->background = tcgetpgrp(0) != getpgrp();
	if (s->background || s->raw || s->foreground->console_fd < 0)
		return 0;
	TRY(pty_set_raw(0, &s->saved, err));
	s->raw = true;
	return 0;
}

/* 1: a signal for the process was among them. */
static int take_signals(struct session *s)
{
	struct signalfd_siginfo info;
	struct error ignored;
	int forwarded = 0;

	while (read(s->signal_fd, &info, sizeof info) == sizeof info) {
		int signal = (int)info.ssi_signo;

		if (signal == SIGWINCH && s->foreground->console_fd >= 0)
			foreground_pass_size(s->foreground->console_fd);
		if (signal == SIGCONT)
			take_terminal(s, &ignored);
		if (!is_forwarded(signal))
			continue;
		process_signal(s->foreground->pidfd, signal, &ignored);
		forwarded = 1;
	}
	return forwarded;
}

static void set_nonblocking(int fd)
{
	int flags = fd < 0 ? -1 : fcntl(fd, F_GETFL);

	if (flags >= 0)
		fcntl(fd, F_SETFL, flags | O_NONBLOCK);
}

/*
 * Our own ends do not block. 0, 1 and 2 are shared with the caller, so they are left as
 * they are: poll(2) and pieces of PIPE_BUF keep us from blocking there.
 */
static void connect_relays(struct session *s)
{
	struct foreground *f = s->foreground;

	for (int i = 0; i < N_RELAYS; i++) {
		s->relays[i] = (struct relay){ .from = -1, .to = -1 };
		set_nonblocking(f->stdio[i]);
	}
	set_nonblocking(f->console_fd);
	if (f->console_fd >= 0) {
		s->relays[INPUT] = (struct relay){ .from = 0,
						     .to = f->console_fd,
						     .end_is_typed = true };
		s->relays[OUTPUT] = (struct relay){ .from = f->console_fd, .to = 1 };
	}
	if (f->stdio[0] >= 0)
		s->relays[INPUT] =
			(struct relay){ .from = 0, .to = f->stdio[0], .owned = &f->stdio[0] };
	if (f->stdio[1] >= 0)
		s->relays[OUTPUT] =
			(struct relay){ .from = f->stdio[1], .to = 1, .owned = &f->stdio[1] };
	if (f->stdio[2] >= 0)
		s->relays[ERRORS] =
			(struct relay){ .from = f->stdio[2], .to = 2, .owned = &f->stdio[2] };
}

static int open_session(struct foreground *foreground, struct session *s, struct error *err)
{
	sigset_t set;

	signals_to_take(&set);
	s->foreground = foreground;
	s->signal_fd = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
	if (s->signal_fd < 0)
		return error_errno(err, errno, "take signals");
	connect_relays(s);
	return take_terminal(s, err);
}

static void close_session(struct session *s)
{
	if (s->raw)
		pty_restore(0, &s->saved);
	if (s->signal_fd >= 0)
		close(s->signal_fd);
	for (int i = 0; i < 3; i++)
		if (s->foreground->stdio[i] >= 0)
			close(steal_fd(&s->foreground->stdio[i]));
	if (s->foreground->console_fd >= 0)
		close(steal_fd(&s->foreground->console_fd));
}

/* Until the process has ended. */
static int relay_all(struct session *s, struct error *err)
{
	for (;;) {
		struct pollfd p[N_RELAYS + 2];

		for (int i = 0; i < N_RELAYS; i++)
			p[i] = relay_wants(&s->relays[i]);
		if (s->background && p[INPUT].fd == 0)
			p[INPUT].fd = -1;
		p[N_RELAYS] = (struct pollfd){ .fd = s->signal_fd, .events = POLLIN };
		p[N_RELAYS + 1] = (struct pollfd){ .fd = s->foreground->pidfd, .events = POLLIN };
		if (poll(p, N_RELAYS + 2, -1) < 0) {
			if (errno == EINTR)
				continue;
			return error_errno(err, errno, "wait for the process");
		}
		if (p[N_RELAYS].revents)
			take_signals(s);
		for (int i = 0; i < N_RELAYS; i++)
			if (p[i].fd >= 0 && p[i].revents)
				relay_step(&s->relays[i]);
		if (p[N_RELAYS + 1].revents)
			return 0;
	}
}

/*
 * What the process has left in the pipe, and no more: a child of its may keep the other
 * end open for ever. Our own reader may be slow, so it is waited for, unless a signal asks
 * us to end.
 */
static void drain(struct session *s, struct relay *relay)
{
	int left = DRAIN_MAX_BYTES;

	while (relay->from >= 0 && (relay->len || left > 0)) {
		struct pollfd p[] = { relay_wants(relay),
				      { .fd = s->signal_fd, .events = POLLIN } };
		int n;

		if (relay->len) {
			if (poll(p, 2, -1) < 0 && errno != EINTR)
				return;
			if (p[1].revents && take_signals(s))
				return;
			if (p[0].revents)
				relay_step(relay);
			continue;
		}
		n = relay_step(relay);
		if (n <= 0)
			return;
		left -= n;
	}
}

int foreground_wait(struct foreground *foreground, int *ret_status, struct error *err)
{
	__attribute__((__cleanup__(close_session))) struct session s = { .foreground = foreground,
									 .signal_fd = -1 };

	TRY(open_session(foreground, &s, err));
	TRY(relay_all(&s, err));
	drain(&s, &s.relays[OUTPUT]);
	drain(&s, &s.relays[ERRORS]);
	return process_wait(foreground->pidfd, -1, ret_status, err);
}
