/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where a created container waits for start: a listening socket, start.sock, in its
 * directory, held open by init alone. That gives what a FIFO cannot: whether someone
 * is waiting is known without a race (connect is refused once init has gone or has
 * executed its program, because the descriptor is close-on-exec), and start learns
 * how the rest went: an error as a value, or the end of the connection when execve
 * has happened (or init has died in it, of its own filter: process_look_executed tells).
 */
#pragma once

#include "base/error.h"

/* Make the socket in the container's directory. Returns the listening descriptor (for init). */
int gate_create(int container_fd, struct error *err);

/* Init: wait until start comes; returns the connection. Goes on waiting after mere probes. */
int gate_wait(int listen_fd, struct error *err);

/*
 * Init: nothing but the filter and execve comes now. What start sees before this as the end of the
 * connection is init's death.
 */
void gate_release(int connection);

/* Init: tell start why it failed. */
void gate_fail(int connection, const struct error *failure);

/*
 * Is someone waiting? 1: yes; 0: no (started, or gone). Cheap when the socket's file
 * is already removed.
 */
int gate_is_waiting(int container_fd);

/* start: open the gate. Returns the connection. Errors: ECONNREFUSED (nobody waits). */
int gate_open(int container_fd, struct error *err);

/* start: wait for execve (0; or death in it), or init's failure, which becomes the error. */
int gate_wait_exec(int connection, struct error *err);

/* Remove the socket's file: the container has been started. */
void gate_remove(int container_fd);
