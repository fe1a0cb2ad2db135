/* SPDX-License-Identifier: Apache-2.0 */
#include "systemd_unit.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/list.h"
#include "base/str.h"
#include "systemd_message.h"

#define DESTINATION "org.freedesktop.systemd1"
#define MANAGER	    "/org/freedesktop/systemd1", "org.freedesktop.systemd1.Manager"
#define TIMEOUT	    30000000 /* microseconds, for everything together */
#define PATIENCE    2000000  /* microseconds, for a unit that is going to be gone */
#define PAUSE	    20000    /* microseconds between two looks at it */

static void release_message(sd_bus_message **message)
{
	sd_bus_message_unref(*message);
}
#define cleanup_message	  __attribute__((__cleanup__(release_message)))
#define cleanup_bus_error __attribute__((__cleanup__(sd_bus_error_free)))

static uint64_t now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_nsec / 1000;
}

/* Never 0, which would mean the library's own timeout. */
static uint64_t time_left(const struct systemd_manager *manager)
{
	uint64_t t = now();

	return t < manager->deadline ? manager->deadline - t : 1;
}

/* systemd's own errors, which the library has no number for. */
static int code_of(int r, const sd_bus_error *e)
{
	static const struct {
		const char *name;
		int code;
	} names[] = {
		{ "org.freedesktop.systemd1.UnitExists", EEXIST },
		{ "org.freedesktop.systemd1.NoSuchUnit", ENOENT },
		{ "org.freedesktop.DBus.Error.InteractiveAuthorizationRequired", EACCES },
	};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (sd_bus_error_has_name(e, names[i].name))
			return names[i].code;
	return -r;
}

static int bus_failure(int r, const sd_bus_error *e, const char *what, struct error *err)
{
	if (e->message)
		return error_set(err, code_of(r, e), "%s: %s", what, e->message);
	return error_errno(err, code_of(r, e), "%s", what);
}

/* connecting --------------------------------------------------------------------------- */

/* The manager's own socket; a failure is no error, there is the bus. */
static int open_private(bool user, sd_bus **ret)
{
	const char *run = user ? getenv("XDG_RUNTIME_DIR") : "/run";
	cleanup_free char *address = NULL;
	struct error ignored;
	sd_bus *bus = NULL;
	int r;

	if (!run || strpbrk(run, ",;%="))
		return -ENOENT;
	TRY(str_printf(&address, &ignored, "unix:path=%s/systemd/private", run));
	TRY(sd_bus_new(&bus));
	r = sd_bus_set_address(bus, address);
	if (r >= 0)
		r = sd_bus_start(bus);
	/* The connection is made when the first message is sent. */
	if (r >= 0)
		r = sd_bus_get_property_trivial(bus, DESTINATION, MANAGER, "NNames", NULL, 'u',
						&(uint32_t){ 0 });
	if (r < 0) {
		sd_bus_close_unref(bus);
		return r;
	}
	*ret = bus;
	return 0;
}

/* "252 (252.39-1~deb12u1)", "v250-rc1" */
static int read_version(sd_bus *bus, int *ret, struct error *err)
{
	cleanup_bus_error sd_bus_error e = SD_BUS_ERROR_NULL;
	cleanup_free char *text = NULL;
	int r = sd_bus_get_property_string(bus, DESTINATION, MANAGER, "Version", &e, &text);

	if (r < 0)
		return bus_failure(r, &e, "ask systemd for its version", err);
	*ret = atoi(text + strcspn(text, "0123456789"));
	return 0;
}

int systemd_unit_connect(bool user, struct systemd_manager *ret, struct error *err)
{
	int r = open_private(user, &ret->bus);

	ret->deadline = now() + TIMEOUT;
	if (r < 0)
		r = user ? sd_bus_open_user(&ret->bus) : sd_bus_open_system(&ret->bus);
	if (r < 0)
		return error_set(
			err, -r, "connect to the %s: %s%s",
			user ? "user's manager" : "system's manager", strerror(-r),
			user ? " (is there a login session, or \"loginctl enable-linger\", "
			       "and XDG_RUNTIME_DIR?)" :
			       " (is systemd running?)");
	sd_bus_set_method_call_timeout(ret->bus, TIMEOUT);
	return read_version(ret->bus, &ret->version, err);
}

void systemd_unit_disconnect(struct systemd_manager *manager)
{
	sd_bus_flush_close_unref(manager->bus);
	manager->bus = NULL;
}

/* jobs --------------------------------------------------------------------------------- */

/* A job ends with a signal that names it, which may come before we know its name. */
struct ended_job {
	char *path, *result;
};

struct jobs {
	LIST_OF(struct ended_job) ended;
	sd_bus_slot *slot;
	bool failed; /* no memory */
};

static void release_jobs(struct jobs *jobs)
{
	for (size_t i = 0; i < jobs->ended.n; i++) {
		free(jobs->ended.item[i].path);
		free(jobs->ended.item[i].result);
	}
	free(jobs->ended.item);
	sd_bus_slot_unref(jobs->slot);
}
#define cleanup_jobs __attribute__((__cleanup__(release_jobs)))

static int job_removed(sd_bus_message *message, void *data, sd_bus_error *e)
{
	struct jobs *jobs = data;
	const char *path, *unit, *result;
	struct ended_job *job;
	uint32_t id;

	(void)e;
	if (sd_bus_message_read(message, "uoss", &id, &path, &unit, &result) < 0)
		return 0;
	job = list_add(&jobs->ended);
	if (job) {
		job->path = strdup(path);
		job->result = strdup(result);
	}
	jobs->failed = jobs->failed || !job || !job->path || !job->result;
	return 0;
}

static int watch_jobs(struct systemd_manager *manager, struct jobs *jobs, struct error *err)
{
	int r = sd_bus_match_signal(manager->bus, &jobs->slot, NULL, "/org/freedesktop/systemd1",
				    "org.freedesktop.systemd1.Manager", "JobRemoved", job_removed,
				    jobs);

	/* Over a message bus signals come to those alone who ask for them. */
	if (r >= 0)
		r = sd_bus_call_method(manager->bus, DESTINATION, MANAGER, "Subscribe", NULL, NULL,
				       NULL);
	return r < 0 ? error_errno(err, -r, "watch systemd's jobs") : 0;
}

static const char *find_result(const struct jobs *jobs, const char *path)
{
	for (size_t i = 0; i < jobs->ended.n; i++)
		if (!strcmp(jobs->ended.item[i].path, path))
			return jobs->ended.item[i].result;
	return NULL;
}

static int wait_for_job(struct systemd_manager *manager, struct jobs *jobs, const char *path,
			const char *unit, struct error *err)
{
	for (;;) {
		int r = sd_bus_process(manager->bus, NULL);
		const char *result;

		if (r < 0 || jobs->failed)
			return error_errno(err, r < 0 ? -r : ENOMEM, "wait for systemd's job");
		result = find_result(jobs, path);
		if (result && !strcmp(result, "done"))
			return 0;
		if (result)
			return error_set(err, EIO, "the job for %s has ended with '%s'", unit,
					 result);
		if (now() >= manager->deadline)
			return error_set(err, ETIMEDOUT, "the job for %s did not end within %d s",
					 unit, TIMEOUT / 1000000);
		if (r == 0 && sd_bus_wait(manager->bus, time_left(manager)) < 0)
			return error_errno(err, errno, "wait for systemd's job");
	}
}

/* Send a call that answers with a job, and wait for it. */
static int run_job(struct systemd_manager *manager, sd_bus_message *message, const char *what,
		   const char *unit, struct error *err)
{
	cleanup_bus_error sd_bus_error e = SD_BUS_ERROR_NULL;
	cleanup_message sd_bus_message *reply = NULL;
	cleanup_jobs struct jobs jobs = {};
	const char *path;
	int r;

	TRY(watch_jobs(manager, &jobs, err));
	r = sd_bus_call(manager->bus, message, time_left(manager), &e, &reply);
	if (r >= 0)
		r = sd_bus_message_read(reply, "o", &path);
	if (r < 0)
		return bus_failure(r, &e, what, err);
	return wait_for_job(manager, &jobs, path, unit, err);
}

static int new_call(struct systemd_manager *manager, const char *method, sd_bus_message **ret,
		    struct error *err)
{
	int r = sd_bus_message_new_method_call(manager->bus, ret, DESTINATION, MANAGER, method);

	return r < 0 ? error_errno(err, -r, "make a message") : 0;
}

/* units -------------------------------------------------------------------------------- */

/* The type's own interface has the cgroup; both kinds spell it alike. */
static int read_cgroup(struct systemd_manager *manager, const char *unit, char **ret,
		       struct error *err)
{
	const char *interface = strstr(unit, ".slice") ? "org.freedesktop.systemd1.Slice" :
							 "org.freedesktop.systemd1.Scope";
	cleanup_bus_error sd_bus_error e = SD_BUS_ERROR_NULL;
	cleanup_free char *path = NULL, *cgroup = NULL;
	int r = sd_bus_path_encode("/org/freedesktop/systemd1/unit", unit, &path);

	if (r >= 0)
		r = sd_bus_get_property_string(manager->bus, DESTINATION, path, interface,
					       "ControlGroup", &e, &cgroup);
	if (r < 0)
		return bus_failure(r, &e, "ask for the unit's cgroup", err);
	if (*cgroup != '/' || !cgroup[1])
		return error_set(err, EIO, "%s has no cgroup of its own (any more)", unit);
	*ret = steal_ptr(&cgroup);
	return 0;
}

static void reset_failed(struct systemd_manager *manager, const char *unit)
{
	/* Refused where it is not loaded, which is as good. */
	sd_bus_call_method(manager->bus, DESTINATION, MANAGER, "ResetFailedUnit", NULL, NULL, "s",
			   unit);
}

/* 1: processes are in it; 0: none, or it is gone. */
static int is_populated(const char *cgroup)
{
	static const char *const mounts[] = { "/sys/fs/cgroup", "/sys/fs/cgroup/unified" };
	char text[256] = "";
	struct error ignored;

	for (size_t i = 0; i < sizeof mounts / sizeof *mounts; i++) {
		cleanup_free char *path = NULL;
		FILE *file = NULL;
		size_t n = 0;

		if (str_printf(&path, &ignored, "%s%s/cgroup.events", mounts[i], cgroup) == 0)
			file = fopen(path, "re");
		if (!file)
			continue;
		n = fread(text, 1, sizeof text - 1, file);
		text[n] = '\0';
		fclose(file);
	}
	return strstr(text, "populated 1") != NULL;
}

static int stop(struct systemd_manager *manager, const char *unit, struct error *err)
{
	cleanup_message sd_bus_message *message = NULL;
	int r;

	TRY(new_call(manager, "StopUnit", &message, err));
	r = sd_bus_message_append(message, "ss", unit, "replace");
	if (r < 0)
		return error_errno(err, -r, "make a message");
	TRY(run_job(manager, message, "stop the unit", unit, err));
	reset_failed(manager, unit);
	return 0;
}

/*
 * The unit is there: is it alive, or will systemd have forgotten it in a moment? A scope without
 * processes is nothing, and is stopped where systemd has not noticed.
 */
static int wait_for_name(struct systemd_manager *manager, const char *unit, uint64_t since,
			 struct error *err)
{
	cleanup_free char *cgroup = NULL;
	struct error ignored;

	reset_failed(manager, unit);
	if ((read_cgroup(manager, unit, &cgroup, &ignored) == 0 && is_populated(cgroup)) ||
	    strstr(unit, ".slice"))
		return error_set(err, EEXIST, "unit %s exists already, and is in use", unit);
	if (now() - since > 2 * PATIENCE)
		return error_set(err, EEXIST, "unit %s exists already, and does not go", unit);
	if (now() - since > PATIENCE)
		return stop(manager, unit, err);
	usleep(PAUSE);
	return 0;
}

/* 0: started; -EEXIST: the name is taken. */
static int start_once(struct systemd_manager *manager, const struct systemd_request *request,
		      struct error *err)
{
	cleanup_message sd_bus_message *message = NULL;
	int r;

	TRY(new_call(manager, "StartTransientUnit", &message, err));
	r = sd_bus_message_append(message, "ss", request->unit, "replace");
	if (r < 0)
		return error_errno(err, -r, "make a message");
	TRY(systemd_message_append(message, request, manager->version, err));
	/* Units that it is to bring along: none. */
	r = sd_bus_message_append(message, "a(sa(sv))", 0);
	if (r < 0)
		return error_errno(err, -r, "make a message");
	return run_job(manager, message, "start the transient unit", request->unit, err);
}

int systemd_unit_start(struct systemd_manager *manager, const struct systemd_request *request,
		       char **ret_cgroup, struct error *err)
{
	const uint64_t begin = now();
	int r;

	while ((r = start_once(manager, request, err)) == -EEXIST)
		TRY(wait_for_name(manager, request->unit, begin, err));
	TRY(r);
	return read_cgroup(manager, request->unit, ret_cgroup, err);
}

int systemd_unit_set(struct systemd_manager *manager, const struct systemd_request *request,
		     struct error *err)
{
	cleanup_bus_error sd_bus_error e = SD_BUS_ERROR_NULL;
	cleanup_message sd_bus_message *message = NULL;
	int r;

	TRY(new_call(manager, "SetUnitProperties", &message, err));
	r = sd_bus_message_append(message, "sb", request->unit, 1);
	if (r < 0)
		return error_errno(err, -r, "make a message");
	TRY(systemd_message_append(message, request, manager->version, err));
	r = sd_bus_call(manager->bus, message, time_left(manager), &e, NULL);
	return r < 0 ? bus_failure(r, &e, "set the unit's properties", err) : 0;
}

int systemd_unit_stop(struct systemd_manager *manager, const struct systemd_request *request,
		      struct error *err)
{
	cleanup_bus_error sd_bus_error e = SD_BUS_ERROR_NULL;
	cleanup_free char *cgroup = NULL;
	struct error ignored;
	int r = sd_bus_call_method(manager->bus, DESTINATION, MANAGER, "GetUnit", &e, NULL, "s",
				   request->unit);

	if (r < 0 && code_of(r, &e) == ENOENT)
		return 0;
	if (request->action.value == SYSTEMD_FORGET &&
	    read_cgroup(manager, request->unit, &cgroup, &ignored) == 0 && is_populated(cgroup))
		return 0;
	return stop(manager, request->unit, err);
}
