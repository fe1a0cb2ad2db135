/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "lifecycle/foreground.h"
#include "lifecycle/lifecycle.h"

/* Leave nothing after a failure, and keep its words: they are the ones to print. */
static void discard(struct lifecycle *l, const char *id)
{
	struct error second;

	if (delete_container(l, id, true, &second) < 0)
		log_warning("%s", second.text);
}

/* The status, from the descriptors that create left for us. */
static int stay(struct create_result *result, int *ret_status, struct error *err)
{
	struct foreground foreground = {
		.pidfd = result->pidfd,
		.console_fd = steal_fd(&result->console_fd),
		.stdio = { steal_fd(&result->stdio[0]), steal_fd(&result->stdio[1]),
			   steal_fd(&result->stdio[2]) },
	};

	return foreground_wait(&foreground, ret_status, err);
}

int run_with(struct lifecycle *l, const char *id, const struct create_options *options,
	     struct create_how how, bool keep, struct error *err)
{
	__attribute__((__cleanup__(
		create_result_release))) struct create_result result = { -1, -1, { -1, -1, -1 } };
	cleanup_signals struct foreground_signals signals = { 0 };
	int status = 0;

	if (how.foreground)
		TRY(foreground_prepare(&signals, err));
	TRY(create_container(l, id, options, how, &result, err));
	if (how.foreground && stay(&result, &status, err) < 0) {
		discard(l, id);
		return -err->code;
	}
	/* ENOENT: someone has deleted it from outside, which ended it too. */
	if (how.foreground && !keep && delete_container(l, id, false, err) < 0 && err->code != ENOENT)
		return error_prefix(err, "the container ended with status %d, but: ", status);
	return status;
}

int run_container(struct lifecycle *l, const char *id, const struct create_options *options,
		  bool detach, bool keep, struct error *err)
{
	return run_with(l, id, options,
			(struct create_how){ .foreground = !detach, .start = true }, keep, err);
}
