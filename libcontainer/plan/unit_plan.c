/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/unit_plan.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/list.h"
#include "base/str.h"
#include "plan/cgroup_plan.h"
#include "systemd/value.h"

#define ANNOTATION "org.systemd.property."

enum { UNIT_NAME_MAX = 255 };

static bool ends_with(const char *text, const char *end)
{
	size_t n = strlen(text), m = strlen(end);

	return n >= m && !strcmp(text + n - m, end);
}

bool unit_plan_is_form(const char *path)
{
	const char *colon = strchr(path, ':');

	colon = colon ? strchr(colon + 1, ':') : NULL;
	return colon && !strchr(colon + 1, ':') && !strchr(path, '/');
}

bool unit_plan_is_slice(const char *name)
{
	return ends_with(name, ".slice");
}

static struct systemd_property *find(const struct unit_plan *unit, const char *name)
{
	for (size_t i = 0; i < unit->properties.n; i++)
		if (!strcmp(unit->properties.item[i].name, name))
			return &unit->properties.item[i];
	return NULL;
}

/* Takes `value`. */
static int put(struct unit_plan *unit, const char *name, unsigned since, char *value,
	       struct error *err)
{
	struct systemd_property *property = find(unit, name);
	cleanup_free char *own = value;

	if (!property) {
		cleanup_free char *copy = NULL;

		TRY(str_printf(&copy, err, "%s", name));
		property = list_add(&unit->properties);
		if (!property)
			return error_errno(err, ENOMEM, "plan the unit");
		property->name = steal_ptr(&copy);
	}
	free(property->value);
	property->value = steal_ptr(&own);
	property->since = (struct optional_int){ since != 0, since };
	return 0;
}

int unit_plan_set(struct unit_plan *unit, const char *name, unsigned since, struct error *err,
		  const char *fmt, ...)
{
	char *value = NULL;
	va_list args;
	int n;

	va_start(args, fmt);
	n = vasprintf(&value, fmt, args);
	va_end(args);
	return n < 0 ? error_errno(err, ENOMEM, "plan the unit") :
		       put(unit, name, since, value, err);
}

int unit_plan_append(struct unit_plan *unit, const char *name, const char *item, struct error *err)
{
	struct systemd_property *property = find(unit, name);

	if (!property)
		return unit_plan_set(unit, name, 0, err, "[%s]", item);
	return unit_plan_set(unit, name, 0, err, "%.*s, %s]", (int)strlen(property->value) - 1,
			     property->value, item);
}

/* systemd's alphabet of unit names; what else an id may have is escaped as systemd does. */
static int escape(const char *text, char **ret, struct error *err)
{
	cleanup_str struct str out = {};

	for (const unsigned char *c = (const unsigned char *)text; *c; c++) {
		if (isalnum(*c) || strchr(":_.-\\", *c))
			str_add_n(&out, (const char *)c, 1);
		else
			str_addf(&out, "\\x%02x", *c);
	}
	return str_steal(&out, ret, err);
}

/* Every part between the dashes is a slice of its own. */
static int check_slice(const char *slice, struct error *err)
{
	size_t n = strlen(slice) - strlen(".slice");

	if (!strcmp(slice, "-.slice"))
		return 0;
	for (size_t i = 0; i < n; i++)
		if (!isalnum((unsigned char)slice[i]) && !strchr(":_.-\\", slice[i]))
			n = 0;
	if (!n || *slice == '-' || slice[n - 1] == '-' || strstr(slice, "--") ||
	    strlen(slice) > UNIT_NAME_MAX)
		return error_set(err, EINVAL,
				 "linux.cgroupsPath: '%.200s' is not the name of a slice", slice);
	return 0;
}

static int take_slice(const char *wanted, size_t n, bool user, char **ret, struct error *err)
{
	cleanup_free char *slice = NULL;

	if (!n)
		return str_printf(ret, err, "%s", user ? "user.slice" : "system.slice");
	if (n == 1 && *wanted == '-')
		return str_printf(ret, err, "-.slice");
	TRY(str_printf(&slice, err, "%.*s", (int)n, wanted));
	if (!ends_with(slice, ".slice"))
		return error_set(err, EINVAL,
				 "linux.cgroupsPath: slice '%.200s' does not end in .slice", slice);
	TRY(check_slice(slice, err));
	*ret = steal_ptr(&slice);
	return 0;
}

static int take_name(const char *prefix, size_t n, const char *name, char **ret, struct error *err)
{
	cleanup_free char *whole = NULL, *unit = NULL;

	if (!*name)
		return error_set(err, EINVAL, "linux.cgroupsPath: the name is empty");
	if (unit_plan_is_slice(name)) {
		TRY(check_slice(name, err));
		return str_printf(ret, err, "%s", name);
	}
	TRY(str_printf(&whole, err, "%.*s%s%s.scope", (int)n, prefix, n ? "-" : "", name));
	TRY(escape(whole, &unit, err));
	if (strlen(unit) > UNIT_NAME_MAX)
		return error_set(err, EINVAL, "linux.cgroupsPath: the unit's name is over %d bytes",
				 UNIT_NAME_MAX);
	*ret = steal_ptr(&unit);
	return 0;
}

static int split_form(const char *path, bool user, struct unit_plan *ret, struct error *err)
{
	const char *prefix, *name;

	if (!unit_plan_is_form(path))
		return error_set(err, EINVAL,
				 "linux.cgroupsPath: expected cgroupsPath to be of format "
				 "\"slice:prefix:name\" for systemd cgroups, got '%.200s' instead",
				 path);
	prefix = strchr(path, ':') + 1;
	name = strchr(prefix, ':') + 1;
	TRY(take_slice(path, (size_t)(prefix - 1 - path), user, &ret->slice, err));
	return take_name(prefix, (size_t)(name - 1 - prefix), name, &ret->name, err);
}

/* "a-b.slice" is /a.slice/a-b.slice. */
static void add_slice(const char *slice, struct str *out)
{
	if (!strcmp(slice, "-.slice"))
		return;
	for (const char *dash = strchr(slice, '-'); dash; dash = strchr(dash + 1, '-'))
		str_addf(out, "/%.*s.slice", (int)(dash - slice), slice);
	str_addf(out, "/%s", slice);
}

/*
 * Where the user's manager is: it is ours to ask and its unit says it, but by then the
 * unit is there. This is what it will say where systemd's login manager has started it.
 */
static void add_user_manager(const struct host *host, struct str *out)
{
	const char *own = host->cgroup_parent ? host->cgroup_parent : "";
	const char *user = strstr(own, "/user-");
	unsigned long uid = user ? strtoul(user + strlen("/user-"), NULL, 10) : host->euid;

	str_addf(out, "/user.slice/user-%lu.slice/user@%lu.service", uid, uid);
}

int unit_plan_name(const char *cgroups_path, const struct host *host, const char *id,
		   struct unit_plan *ret, char **ret_path, struct error *err)
{
	cleanup_str struct str path = {};
	cleanup_free char *own = NULL;

	ret->user = host->user_manager;
	TRY(str_printf(&own, err, ":ctr:%s", id));
	TRY(split_form(cgroups_path && *cgroups_path ? cgroups_path : own, ret->user, ret, err));
	if (ret->user)
		add_user_manager(host, &path);
	if (unit_plan_is_slice(ret->name)) {
		add_slice(ret->name, &path);
	} else {
		add_slice(ret->slice, &path);
		str_addf(&path, "/%s", ret->name);
	}
	return str_steal(&path, ret_path, err);
}

static int add_general(const char *id, struct unit_plan *ret, struct error *err)
{
	bool is_slice = unit_plan_is_slice(ret->name);

	TRY(unit_plan_set(ret, "Description", 0, err, "'container %s'", id));
	if (!is_slice) {
		TRY(unit_plan_set(ret, "Slice", 0, err, "'%s'", ret->slice));
		TRY(unit_plan_set(ret, "Delegate", 0, err, "true"));
	}
	TRY(unit_plan_set(ret, "DefaultDependencies", 0, err, "false"));
	/* One that has failed would keep its name, and delete does not ask the bus. */
	TRY(unit_plan_set(ret, "CollectMode", 236, err, "'inactive-or-failed'"));
	TRY(unit_plan_set(ret, "CPUAccounting", 0, err, "true"));
	TRY(unit_plan_set(ret, "MemoryAccounting", 0, err, "true"));
	TRY(unit_plan_set(ret, "IOAccounting", 0, err, "true"));
	return unit_plan_set(ret, "TasksAccounting", 0, err, "true");
}

/* What would put the unit, or another process, elsewhere than the config says. */
static bool is_ours(const char *name)
{
	static const char *const ours[] = { "PIDs", "PIDFDs", "Slice", "Delegate", "Controller" };

	for (size_t i = 0; i < sizeof ours / sizeof *ours; i++)
		if (!strcmp(ours[i], name))
			return true;
	return false;
}

static int check_name(const char *name, struct error *err)
{
	size_t n = strlen(name);

	for (size_t i = 0; i < n; i++)
		if (!isalpha((unsigned char)name[i]))
			n = 0;
	if (n < 3 || n > 64)
		return error_set(err, EINVAL,
				 "annotations[" ANNOTATION "%.64s]: is not the name of a property",
				 name);
	if (is_ours(name))
		return error_set(err, EINVAL, "annotations[" ANNOTATION "%s]: is for ctr to set",
				 name);
	return 0;
}

/* Unit files have TimeoutStopSec in seconds, the bus TimeoutStopUSec in microseconds. */
static int set_seconds(struct unit_plan *ret, const char *name, const struct systemd_value *value,
		       struct error *err)
{
	double seconds = value->type == 'd' ? value->real : (double)value->number;
	char bus_name[80];

	if (!strchr("nqiuxtd", value->type) || seconds < 0 || seconds > 1e12)
		return error_set(err, EINVAL, "wants a number of seconds");
	snprintf(bus_name, sizeof bus_name, "%.*sUSec", (int)(strlen(name) - strlen("Sec")), name);
	return unit_plan_set(ret, bus_name, 0, err, "uint64 %" PRIu64, (uint64_t)(seconds * 1e6));
}

static int add_annotation(const struct json_pair *pair, struct unit_plan *ret, struct error *err)
{
	const char *name = pair->key + strlen(ANNOTATION);
	size_t n = strlen(name);
	cleanup_value struct systemd_value value = {};
	int r;

	TRY(check_name(name, err));
	r = systemd_value_parse(pair->value, &value, err);
	if (r == 0 && n > 3 && ends_with(name, "Sec") && islower((unsigned char)name[n - 4]))
		r = set_seconds(ret, name, &value, err);
	else if (r == 0)
		r = unit_plan_set(ret, name, 0, err, "%s", pair->value);
	return r < 0 ? error_prefix(err, "annotations[%s]: ", pair->key) : 0;
}

int unit_plan_build(const struct spec_config *config, const char *id,
		    const struct cgroup_plan *plan, struct unit_plan *ret, struct error *err)
{
	TRY(add_general(id, ret, err));
	TRY(unit_property_build(plan, ret, err));
	/* Last, so that they have the last word. */
	for (size_t i = 0; i < config->annotations.n; i++)
		if (!strncmp(config->annotations.item[i].key, ANNOTATION, strlen(ANNOTATION)))
			TRY(add_annotation(&config->annotations.item[i], ret, err));
	return 0;
}

void unit_plan_release(struct unit_plan *unit)
{
	for (size_t i = 0; i < unit->properties.n; i++) {
		free(unit->properties.item[i].name);
		free(unit->properties.item[i].value);
	}
	free(unit->properties.item);
	free(unit->slice);
	free(unit->name);
	*unit = (struct unit_plan){};
}
