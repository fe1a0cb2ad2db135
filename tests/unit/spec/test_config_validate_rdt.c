/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <errno.h>
#include <stdio.h>

#include "spec/config_validate.h"
#include "tests/unit/spec/data.h"

static struct spec_config config;
static struct error err;

static void release(void)
{
	json_release(&spec_config_schema, &config);
}

TestSuite(config_validate_rdt, .fini = release);

static int validate(const char *rdt)
{
	char text[512];

	snprintf(text, sizeof text,
		 "{\"ociVersion\":\"1.3.0\",\"root\":{\"path\":\"a\"},\"linux\":{\"intelRdt\":%s}}",
		 rdt);
	release();
	data_decode(&spec_config_schema, text, &config);
	return spec_config_validate_rdt(&config, &err);
}

Test(config_validate_rdt, a_group_is_a_directory_or_the_root_of_the_tree)
{
	static const struct {
		const char *rdt;
		int r;
	} rows[] = {
		{ "{}", 0 },
		{ "{\"closID\":\"\"}", 0 },
		{ "{\"closID\":\"/\"}", 0 },
		{ "{\"closID\":\"a.b-c\"}", 0 },
		{ "{\"closID\":\"..\"}", -EINVAL },
		{ "{\"closID\":\"/a\"}", -EINVAL },
		{ "{\"closID\":\"mon_groups\"}", -EINVAL },
		{ "{\"closID\":\"a\\nb\"}", -EINVAL },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		cr_expect_eq(validate(rows[i].rdt), rows[i].r, "%s", rows[i].rdt);
}

Test(config_validate_rdt, schemata_are_single_lines)
{
	static const struct {
		const char *rdt;
		int r;
	} rows[] = {
		{ "{\"memBwSchema\":\"MB:0=20\",\"l3CacheSchema\":\"L3CODE:0=1\"}", 0 },
		{ "{\"schemata\":[\"L2:0=f\",\"L3:0=f\"]}", 0 },
		{ "{\"schemata\":[\"L2:0=f\",\"\"]}", -EINVAL },
		{ "{\"schemata\":[\"L2:0=f\\n\"]}", -EINVAL },
		{ "{\"memBwSchema\":\"mb:0=20\"}", -EINVAL },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		cr_expect_eq(validate(rows[i].rdt), rows[i].r, "%s", rows[i].rdt);
}
