/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A request of ctr's as CRIU's protocol buffers, and CRIU's responses as ours. Packing and
 * unpacking only: nothing is sent here.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "criu/request.h"

struct criu_rpc_bytes { /* the caller frees `data` */
	uint8_t *data;
	size_t len;
};

/* Errors: ENOMEM, EINVAL (nothing CRIU could do). */
int criu_rpc_pack(const struct criu_request *request, struct criu_rpc_bytes *ret, struct error *err);

/* What a notification is answered with. */
int criu_rpc_pack_answer(bool success, struct criu_rpc_bytes *ret, struct error *err);

/*
 * CRIU's response as the event that ctr is told; CRIU_EVENT_FAILED with its own words.
 * Errors: EPROTO, ENOMEM.
 */
int criu_rpc_unpack(const uint8_t *data, size_t len, struct criu_event *ret, struct error *err);
