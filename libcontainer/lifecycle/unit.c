/* SPDX-License-Identifier: Apache-2.0 */
#include "lifecycle/unit.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/str.h"
#include "kernel/helper.h"

enum { UNIT_TIMEOUT_MS = 60000 }; /* ctr-systemd's own patience is half of it */

/* What it takes to find the user's bus; the program has no other environment. */
static int build_environment(bool user, struct strv *ret, struct error *err)
{
	static const char *const names[] = { "XDG_RUNTIME_DIR", "DBUS_SESSION_BUS_ADDRESS" };

	for (size_t i = 0; user && i < sizeof names / sizeof *names; i++) {
		cleanup_free char *entry = NULL;
		const char *value = getenv(names[i]);

		if (!value)
			continue;
		TRY(str_printf(&entry, err, "%s=%s", names[i], value));
		TRY(strv_add(ret, entry, err));
	}
	return 0;
}

/* "0 <result>" or "<errno> <error>", as systemd/request.h has it. */
static int read_answer(const char *answer, const char **ret, struct error *err)
{
	char *end;
	long code = strtol(answer, &end, 10);

	if (end == answer || *end != ' ' || code < 0 || code > INT_MAX)
		return error_set(err, EPROTO, "ctr-systemd: %s",
				 *answer ? answer : "ended without an answer");
	if (code)
		return error_set(err, (int)code, "systemd: %s", end + 1);
	*ret = end + 1;
	return 0;
}

static int ask(const struct systemd_request *request, const struct process_watch *watch,
	       char **ret, struct error *err)
{
	cleanup_free char *path = NULL, *input = NULL;
	cleanup_strv struct strv environment = {};
	char answer[PATH_MAX + 16] = "";
	const char *result = NULL;
	int status;

	TRY(helper_find("ctr-systemd", &path, err));
	TRY(build_environment(request->user, &environment, err));
	TRY(json_encode(&systemd_request_schema, request, JSON_COMPACT, &input, err));
	TRY(process_run(&(struct process_command){ .path = path,
						   .argv = (char *[]){ path, NULL },
						   .envp = environment.item,
						   .cwd = "/",
						   .input = input,
						   .timeout_ms = UNIT_TIMEOUT_MS,
						   .watch = watch,
						   .ret_stderr = answer,
						   .stderr_room = sizeof answer },
			&status, err));
	TRY(read_answer(answer, &result, err));
	return ret ? str_printf(ret, err, "%s", result) : 0;
}

static struct systemd_request request_for(const struct unit_plan *unit, enum systemd_action action)
{
	struct systemd_request request = {
		.action = { true, action },
		.user = unit->user,
		.unit = unit->name,
	};

	request.properties.item = unit->properties.item;
	request.properties.n = unit->properties.n;
	return request;
}

int unit_start(const struct unit_plan *unit, pid_t pid, const struct process_watch *watch,
	       char **ret_cgroup, struct error *err)
{
	struct systemd_request request = request_for(unit, SYSTEMD_START);

	request.pid = (struct optional_int){ pid != 0, pid };
	return ask(&request, watch, ret_cgroup, err);
}

int unit_set(const struct unit_plan *unit, struct error *err)
{
	const struct systemd_request request = request_for(unit, SYSTEMD_SET);

	return unit->properties.n ? ask(&request, NULL, NULL, err) : 0;
}

static int end(const char *name, bool user, enum systemd_action action, struct error *err)
{
	const struct unit_plan unit = { .name = (char *)name, .user = user };
	const struct systemd_request request = request_for(&unit, action);

	return ask(&request, NULL, NULL, err);
}

int unit_stop(const char *name, bool user, struct error *err)
{
	return end(name, user, SYSTEMD_STOP, err);
}

int unit_forget(const char *name, bool user, struct error *err)
{
	return end(name, user, SYSTEMD_FORGET, err);
}
