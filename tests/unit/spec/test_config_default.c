/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>

#include "spec/config.h"
#include "tests/unit/spec/data.h"

static struct spec_config config;
static struct error err;

static void release(void)
{
	json_release(&spec_config_schema, &config);
}

TestSuite(config_default, .fini = release);

static void expect_equal(const struct spec_default_options *options, const char *path)
{
	cleanup_free char *text = data_read(path);
	cleanup_free char *expected = NULL, *made = NULL;
	struct spec_config file = {};

	cr_assert_eq(spec_config_default(options, &config, &err), 0, "%s", err.text);
	data_decode(&spec_config_schema, text, &file);
	expected = data_round_trip(&spec_config_schema, &file);
	made = data_round_trip(&spec_config_schema, &config);
	cr_expect_str_eq(made, expected);
	json_release(&spec_config_schema, &file);
}

Test(config_default, it_has_the_content_that_engines_know)
{
	expect_equal(&(struct spec_default_options){}, "config/default/spec.json");
}

Test(config_default, rootless_maps_root_to_the_caller)
{
	expect_equal(&(struct spec_default_options){ .rootless = true, .uid = 1000, .gid = 1001 },
		     "config/default/spec-rootless.json");
}

Test(config_default, it_is_valid)
{
	cr_assert_eq(spec_config_default(&(struct spec_default_options){}, &config, &err), 0);
	cr_expect_eq(spec_config_validate(&config, &err), 0, "%s", err.text);
}

Test(config_default, rootless_is_valid)
{
	cr_assert_eq(spec_config_default(&(struct spec_default_options){ .rootless = true },
					 &config, &err),
		     0);
	cr_expect_eq(spec_config_validate(&config, &err), 0, "%s", err.text);
}
