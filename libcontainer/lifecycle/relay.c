/* SPDX-License-Identifier: Apache-2.0 */
#include "lifecycle/relay.h"

#include <errno.h>
#include <unistd.h>

#include "base/cleanup.h"

/* VEOF of a new terminal (termios(3)). */
#define END_OF_TRANSMISSION 4

struct pollfd relay_wants(const struct relay *relay)
{
	if (relay->len)
		return (struct pollfd){ .fd = relay->to, .events = POLLOUT };
	return (struct pollfd){ .fd = relay->from, .events = POLLIN };
}

void relay_end(struct relay *relay)
{
	if (relay->owned && *relay->owned >= 0)
		close(steal_fd(relay->owned));
	relay->from = relay->to = -1;
	relay->len = 0;
}

static int step_read(struct relay *relay)
{
	ssize_t n = read(relay->from, relay->buffer, sizeof relay->buffer);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return 0;
	if (n == 0 && relay->end_is_typed) {
		relay->end_is_typed = false;
		relay->buffer[0] = END_OF_TRANSMISSION;
		n = 1;
	}
	/* A terminal whose other side has been closed by everyone answers EIO, not 0. */
	if (n <= 0) {
		relay_end(relay);
		return -1;
	}
	relay->start = 0;
	relay->len = relay->to < 0 ? 0 : (size_t)n;
	return (int)n;
}

/* Where nobody reads any more a pipe's writer should learn it; a terminal goes on in silence. */
static int step_write(struct relay *relay)
{
	ssize_t n = write(relay->to, relay->buffer + relay->start, relay->len);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return 0;
	if (n < 0 && relay->owned) {
		relay_end(relay);
		return -1;
	}
	if (n < 0) {
		relay->to = -1;
		relay->len = 0;
		return 0;
	}
	relay->start += (size_t)n;
	relay->len -= (size_t)n;
	return (int)n;
}

int relay_step(struct relay *relay)
{
	if (relay->from < 0)
		return -1;
	return relay->len ? step_write(relay) : step_read(relay);
}
