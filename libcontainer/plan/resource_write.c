/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/resource_write.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/list.h"

int resource_write_refuse_v1(const char *from, struct error *err)
{
	return error_set(err, ENOTSUP, "%s is cgroup v1 only", from);
}

/* Is there a file to write to? */
static int check_available(const struct resource_context *x, const struct resource_wish *wish,
			   struct error *err)
{
	const struct host *host = x->host;
	const char *why = "not enabled in the kernel or by the parent";

	if (!x->plan->path)
		return error_set(err, ENOTSUP, "%s: needs a cgroup, and %s", wish->from,
				 x->plan->manager == CGROUP_MANAGER_DISABLED ?
					 "cgroups are disabled" :
					 "cgroup v2 is not mounted");
	if (!(wish->controller & ~host->controllers))
		return 0;
	if (host->controllers_v1 & wish->controller)
		why = "bound to cgroup v1";
	return error_set(err, ENOTSUP, "%s: the %s controller is not available in %s (%s)",
			 wish->from, host_controller_names[__builtin_ctz(wish->controller)],
			 host->cgroup_mount, why);
}

static int copy_text(const char *text, char **ret, struct error *err)
{
	*ret = strdup(text);
	return *ret ? 0 : error_errno(err, ENOMEM, "plan cgroup");
}

int resource_write_add(const struct resource_context *x, struct resource_wish wish,
		       struct error *err)
{
	struct cgroup_write *write;
	struct error ignored;

	if (wish.is_default && check_available(x, &wish, &ignored) < 0)
		return 0;
	TRY(check_available(x, &wish, err));
	write = list_add(&x->plan->writes);
	if (!write)
		return error_errno(err, ENOMEM, "plan cgroup");
	write->may_be_missing = wish.is_default || wish.may_be_missing;
	snprintf(write->from, sizeof write->from, "%.*s", (int)sizeof write->from - 1, wish.from);
	TRY(copy_text(wish.file, &write->file, err));
	TRY(copy_text(wish.value, &write->value, err));
	if (!wish.is_default)
		x->plan->controllers |= wish.controller;
	return 0;
}

int resource_write_add_limit(const struct resource_context *x, struct resource_wish wish,
			     int64_t limit, struct error *err)
{
	char text[24] = "max";

	if (limit < -1)
		return error_set(err, EINVAL, "%s: wants a number from 0, or -1 for no limit",
				 wish.from);
	if (limit >= 0)
		snprintf(text, sizeof text, "%" PRId64, limit);
	else
		wish.is_default = true;
	wish.value = text;
	return resource_write_add(x, wish, err);
}
