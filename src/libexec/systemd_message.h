/* SPDX-License-Identifier: Apache-2.0 */
/* Properties, which a request has as text, in messages of the bus. */
#pragma once

#include <systemd/sd-bus.h>

#include "systemd/request.h"

/*
 * Append the request's properties that systemd of this version knows, and `PIDs` when the
 * request has a pid, as a(sv). Errors: EINVAL (a value cannot be read), ENOMEM.
 */
int systemd_message_append(sd_bus_message *message, const struct systemd_request *request,
			   int version, struct error *err);
