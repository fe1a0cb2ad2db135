/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One direction of a conversation: bytes from one descriptor to another, a piece at a
 * time, for a poll(2) loop. It never waits: it says what it waits for.
 */
#pragma once

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>

/* A piece that a pipe takes without blocking once poll(2) calls it writable (PIPE_BUF). */
#define RELAY_SIZE 4096

struct relay {
	int from, to; /* -1: ended; `to` alone -1: what comes is thrown away */
	int *owned;   /* whichever of the two is a pipe's end of ours: closed at the end, so that
			 the other side learns of it; NULL: a terminal, which stays */
	bool end_is_typed; /* to a terminal, whose reader knows no other end than ^D */
	size_t start, len;
	char buffer[RELAY_SIZE];
};

/* What poll(2) should wait for; an fd of -1 when the relay has ended. */
struct pollfd relay_wants(const struct relay *relay);

/* Take one step when poll(2) says so. Bytes moved; 0: not now; -1: the relay has ended. */
int relay_step(struct relay *relay);

void relay_end(struct relay *relay);
