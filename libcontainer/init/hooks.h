/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Hooks (config.md#posix-platform-hooks): programs run in order with the state
 * document on standard input.
 */
#pragma once

#include <stddef.h>

#include "kernel/process.h"
#include "spec/config.h"
#include "spec/state.h"

struct hooks_call {
	const char *name;		   /* the list's, "createRuntime", for errors */
	const struct spec_state *state;	   /* the document on standard input */
	const char *cwd;		   /* NULL: stay */
	const struct process_watch *watch; /* who ends one early; NULL: nobody */
};

/*
 * Run them; the first that fails ends it. Errors: ECANCELED with the hook's status and its last
 * words, or when the watched process has ended, EINTR, ETIMEDOUT, as execve(2).
 */
int hooks_run(const struct hooks_call *call, const struct spec_hook *hooks, size_t n,
	      struct error *err);

/*
 * Run every one, whatever the others do: for poststop, where a failure is only worth a
 * warning (runtime.md#lifecycle). A cwd that is gone by now is "/".
 */
void hooks_run_all(const struct hooks_call *call, const struct spec_hook *hooks, size_t n);
