/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A mount namespace in which a container's root and its binds are mounted where CRIU is
 * told to find them. The host's mount table never has them, and they are gone when the
 * last process in it ends.
 */
#pragma once

#include "criu/request.h"

/* Enter a new mount namespace and mount the request's trees below its place. */
int criu_yard_enter(const struct criu_request *request, struct error *err);
