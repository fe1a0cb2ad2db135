/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Hooks (config.md#posix-platform-hooks): programs run in order with the state
 * document on standard input.
 */
#pragma once

#include <stddef.h>

#include "spec/config.h"

/*
 * Run them; the first that fails ends it. `name` is the list's ("createRuntime"), cwd NULL
 * stays. Errors: ECANCELED with the hook's status and its last words, ETIMEDOUT, as execve(2).
 */
int hooks_run(const char *name, const struct spec_hook *hooks, size_t n, const char *state,
	      const char *cwd, struct error *err);

/*
 * Run every one, whatever the others do: for poststop, where a failure is only worth a
 * warning (runtime.md#lifecycle). A cwd that is gone by now is "/".
 */
void hooks_run_all(const char *name, const struct spec_hook *hooks, size_t n, const char *state,
		   const char *cwd);
