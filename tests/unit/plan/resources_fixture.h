/* SPDX-License-Identifier: Apache-2.0 */
/* What linux.resources becomes on a host with every controller, for the tests of its parts. */
#pragma once

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "plan/resource_plan.h"

static const struct host host = { .privileged = true,
				  .cgroup_mount = "/sys/fs/cgroup",
				  .controllers = 0xff };

/* The writes that `resources` makes, "file=value;" each, with "?" before files that may be missing. */
static inline char *writes_on(const struct host *on, const char *resources, struct error *err)
{
	struct spec_resources document = {};
	struct cgroup_plan plan = {};
	struct str text = {};
	char *ret;

	cr_assert_eq(
		json_decode(&spec_resources_schema, resources, strlen(resources), &document, err),
		0, "%s", err->text);
	plan.path = strdup("/ctr/x");
	if (resource_plan_build(&document, on, &plan, err) < 0)
		str_add(&text, "error");
	for (size_t i = 0; i < plan.writes.n && !err->code; i++)
		str_addf(&text, "%s%s=%s;", plan.writes.item[i].may_be_missing ? "?" : "",
			 plan.writes.item[i].file, plan.writes.item[i].value);
	str_add(&text, "");
	cgroup_plan_release(&plan);
	json_release(&spec_resources_schema, &document);
	cr_assert_eq(str_steal(&text, &ret, err), 0);
	return ret;
}

static inline void expect(const char *resources, const char *writes)
{
	struct error err = {};
	char *text = writes_on(&host, resources, &err);

	cr_assert_str_eq(text, writes, "%s: %s instead of %s %s", resources, text, writes,
			 err.text);
	free(text);
}

static inline void expect_error(const char *resources, int code, const char *message)
{
	struct error err = {};

	free(writes_on(&host, resources, &err));
	cr_assert_eq(err.code, code, "%s: %d %s", resources, err.code, err.text);
	cr_assert_str_eq(err.text, message);
}
