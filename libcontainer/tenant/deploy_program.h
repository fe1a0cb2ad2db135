/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a tenant runs when nobody says otherwise, and how it wants to be stopped: from what the
 * template says of itself. Pure.
 */
#pragma once

#include <stdbool.h>

#include "spec/template.h"
#include "tenant/tenant.h"

/*
 * Fill command, env, cwd, init and stop_signal of `ret`, whose settings are set. `busybox` says
 * that /sbin/init is busybox's. Errors: ENOMEM.
 */
int deploy_program(const struct spec_template *template, bool busybox, struct tenant *ret,
		   struct error *err);
