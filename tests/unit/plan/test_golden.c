/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Golden plans: every folder of tests/data/plan is a config (and, in host.txt, what is
 * special about its host, in rootfs.json the layers of its root), and the plan or the error that
 * must come of it; with an update.json what `update` makes of it. With
 * UPDATE_PLANS=1 in the environment the expectations are written instead; review the
 * difference like code.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "golden_case.h"

/* Write the expectation, or remove it when text is NULL. */
static void write_text(const char *folder, const char *name, const char *text)
{
	char path[4096];
	FILE *file;

	snprintf(path, sizeof path, "%s/%s", folder, name);
	if (!text) {
		remove(path);
		return;
	}
	file = fopen(path, "we");
	cr_assert_not_null(file, "%s", path);
	fputs(text, file);
	fclose(file);
}

static void compare(const char *folder, const char *name, const char *got)
{
	cleanup_free char *wanted = golden_case_text(folder, name);

	if (getenv("UPDATE_PLANS"))
		write_text(folder, name, got);
	else if (got)
		cr_expect_str_eq(got, wanted ? wanted : "(no such file)",
				 "%s/%s: got\n%swanted\n%s", folder, name, got,
				 wanted ? wanted : "(no such file)\n");
	else
		cr_expect_null(wanted, "%s: gives no %s any more", folder, name);
}

static void check_case(const char *folder, const char *name, void *argument)
{
	struct golden_case s = golden_case_read(folder);
	cleanup_free char *json = golden_case_text(folder, "config.json");
	cleanup_free char *text = NULL;
	char failure[sizeof((struct error *)0)->text + 1] = "";
	struct spec_config config = {};
	struct error err = {};

	(void)name;
	(void)argument;
	cr_assert_not_null(json, "%s/config.json", folder);
	if (json_decode(&spec_config_schema, json, strlen(json), &config, &err) == 0 &&
	    golden_case_read_layers(&s, folder, &err) == 0)
		golden_case_plan(&config, &s, &text, &err);
	if (err.code)
		snprintf(failure, sizeof failure, "%.499s\n", err.text);
	compare(folder, "expected.plan", text);
	compare(folder, "expected.error", err.code ? failure : NULL);
	json_release(&spec_config_schema, &config);
	golden_case_release(&s);
}

Test(golden, every_config_gives_its_plan_or_its_error)
{
	int n = golden_case_each(check_case, NULL);

	cr_assert_geq(n, 40, "only %d cases", n);
}
